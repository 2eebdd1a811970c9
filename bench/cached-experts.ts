import type { GateConfig } from '../src/config/gate-config.ts';
import { shuffledScores } from '../src/diagnostic/broken-scores.ts';
import { cellsOf } from '../src/diagnostic/cells.ts';
import { measure, type Examined } from '../src/diagnostic/examined.ts';
import { yardstickFor } from '../src/diagnostic/yardstick.ts';
import { randomFor } from '../src/diagnostic/random.ts';
import { drawsOf } from '../src/diagnostic/shard.ts';
import { tallyDraws } from '../src/diagnostic/tally-draws.ts';
import { evaluateRows } from '../src/evaluation-set/evaluated-rows.ts';
import type { EvaluationSet, NumberColumn } from '../src/evaluation-set/evaluation-set.ts';
import { silentLogger } from '../src/foundation/logger.ts';
import { freezeFusion } from '../src/model/cached-experts/freeze-fusion.ts';
import { NO_PEER, runPython } from './python.ts';
import { type Measured, median, seconds, times } from './table.ts';

const ROWS = 10_000;
const MODALITIES = ['audio', 'video', 'text'];
const CLASSES = [2, 7];
const SHUFFLES = 1_000;
/** Ours and NumPy's turn by turn, so that a slow spell of the machine falls on both. */
const REPETITIONS = 5;
/** A loop in Python is slow enough to be timed by few. */
const LOOP_SHUFFLES = 10;

/** Columns of random numbers: the time does not depend on what they say. */
function columnsFor(classes: number): Map<string, NumberColumn> {
  const random = randomFor(0, 'bench');
  const columns = new Map<string, NumberColumn>();
  const add = (name: string, values: Float64Array, shape: readonly number[]): void => {
    columns.set(name, { kind: 'numbers', name, dtype: 'float64', shape, values });
  };
  for (const name of MODALITIES) {
    const posteriors = new Float64Array(ROWS * classes).map(random);
    for (let start = 0; start < posteriors.length; start += classes) {
      const row = posteriors.subarray(start, start + classes);
      const sum = row.reduce((total, value) => total + value, 0);
      row.forEach((value, c) => (row[c] = value / sum));
    }
    add(`p_${name}`, posteriors, [ROWS, classes]);
    add(
      `Q_${name}`,
      new Float64Array(ROWS).map(() => 0.05 + 0.95 * random()),
      [ROWS],
    );
  }
  return columns;
}

function gateFor(): GateConfig {
  return {
    name: 'bench',
    candidate: { kind: 'fusion', rule: { rule: 'weighted-mean', temperature: 1, epsilon: 1e-6 } },
    evaluationSet: 'memory',
    columns: { label: 'y' },
    modalities: MODALITIES.map((name) => ({
      name,
      inputs: [],
      reliability: { tensor: `Q_${name}`, column: `Q_${name}` },
      expert: `p_${name}`,
      reliableWhen: 'high',
    })),
    inputs: [],
    output: { kind: 'probabilities' },
    metric: 'accuracy',
    metrics: [],
    threshold: 0.01,
    alpha: 0.05,
    permutations: {
      count: SHUFFLES,
      most: SHUFFLES,
      secondaryCount: SHUFFLES,
      scheme: 'independent',
      seed: 0,
    },
    uniformScore: 'mean',
    interval: { method: 'bca', confidence: 0.95, resamples: 2000 },
    control: { threshold: 0.05, quantiles: [0.05, 0.95] },
    failOnInconclusive: true,
  };
}

async function examinedFor(classes: number): Promise<Examined> {
  const columns = columnsFor(classes);
  const set: EvaluationSet = {
    path: 'memory',
    sha256: '',
    columns: [...columns.values()],
    read: (name) => Promise.resolve(columns.get(name)!),
  };
  const rows = Uint32Array.from({ length: ROWS }, (_, i) => i);
  const fusion = await freezeFusion(gateFor(), evaluateRows(set, rows), { temperature: 1 });
  const random = randomFor(0, 'labels');
  const labels = new Int32Array(ROWS).map(() => Math.floor(random() * classes));
  const cells = cellsOf(labels, classes);
  const yardstick = yardstickFor('accuracy', cells);
  const progress = silentLogger.progress('bench', SHUFFLES);
  return { fusion, cells, yardstick, gauges: [], progress, tally: tallyDraws };
}

/** Seconds for `count` shuffles as a gate runs them: draw, fuse, decide, count hits and flips. */
async function secondsOfOurs(examined: Examined, count: number): Promise<number> {
  const { modalities, reliability } = examined.fusion;
  const clean = await measure(examined, reliability);
  const start = performance.now();
  const broken = shuffledScores(reliability, modalities, {
    scheme: 'independent',
    count,
    seed: 0,
    stream: 'shuffle',
  });
  await tallyDraws(examined, clean.predicted, { broken, range: drawsOf(count) });
  return (performance.now() - start) / 1000;
}

/** Seconds that the loop takes which authors publish: of a few shuffles, for as many as ours are. */
function secondsOfLoop(classes: number): number | undefined {
  const sizes = [ROWS, MODALITIES.length, classes, LOOP_SHUFFLES];
  const found = runPython('published_loop.py', sizes) as { seconds: number } | undefined;
  return found && (found.seconds * SHUFFLES) / LOOP_SHUFFLES;
}

/** `0.512 s (19.5 M/s)`: million examples a second, over all shuffles. */
function speed(value: number): string {
  return `${value.toFixed(3)} s (${((ROWS * SHUFFLES) / value / 1e6).toFixed(1)} M/s)`;
}

async function compare(classes: number): Promise<{ row: string[]; numpy?: string }> {
  const examined = await examinedFor(classes);
  await secondsOfOurs(examined, SHUFFLES / 10);
  const ours: number[] = [];
  const theirs: number[] = [];
  const sizes = [ROWS, MODALITIES.length, classes, SHUFFLES];
  let numpy: string | undefined;
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    ours.push(await secondsOfOurs(examined, SHUFFLES));
    const peer = runPython('numpy_einsum.py', sizes) as { seconds: number; numpy: string } | undefined;
    if (peer === undefined) continue;
    theirs.push(peer.seconds);
    numpy = peer.numpy;
  }
  const own = median(ours);
  const row = [String(classes), speed(own)];
  if (theirs.length > 0) row.push(speed(median(theirs)), times(median(theirs), own));
  const loop = numpy && secondsOfLoop(classes);
  if (loop) row.push(seconds(loop), times(loop, own));
  return { row, numpy };
}

/** The permutation test of cached experts, beside NumPy and beside a loop as published. */
export async function cachedExperts(): Promise<Measured> {
  const results = [];
  for (const classes of CLASSES) results.push(await compare(classes));
  const { numpy } = results[0];
  const peers = [`NumPy ${numpy}`, 'speed ratio', 'a loop as published', 'speed ratio'];
  return {
    title: `Weighted mean of cached experts: ${ROWS} examples, ${MODALITIES.length} modalities, ${SHUFFLES} shuffles, median of ${REPETITIONS}, Node ${process.versions.node}.`,
    header: ['classes', 'fusion-gate', ...(numpy === undefined ? [] : peers)],
    rows: results.map(({ row }) => row),
    notes: [
      numpy === undefined
        ? `NumPy was not measured: ${NO_PEER}`
        : `The loop as published ran for ${LOOP_SHUFFLES} shuffles; its time is that, times ${SHUFFLES / LOOP_SHUFFLES}.`,
    ],
  };
}
