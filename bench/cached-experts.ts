import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { markdownTable } from 'markdown-table';

import type { GateConfig } from '../src/config/gate-config.ts';
import { shuffledScores } from '../src/diagnostic/broken-scores.ts';
import { measure, type Examined } from '../src/diagnostic/examined.ts';
import { metricFor } from '../src/diagnostic/metric.ts';
import { randomFor } from '../src/diagnostic/random.ts';
import { drawsOf } from '../src/diagnostic/shard.ts';
import { tallyDraws } from '../src/diagnostic/tally-draws.ts';
import { evaluateRows } from '../src/evaluation-set/evaluated-rows.ts';
import type { EvaluationSet, NumberColumn } from '../src/evaluation-set/evaluation-set.ts';
import { silentLogger } from '../src/foundation/logger.ts';
import { freezeFusion } from '../src/model/cached-experts/freeze-fusion.ts';

const ROWS = 10_000;
const MODALITIES = ['audio', 'video', 'text'];
const CLASSES = [2, 7];
const SHUFFLES = 1_000;
/** Ours and NumPy's turn by turn, so that a slow spell of the machine falls on both. */
const REPETITIONS = 5;

const python = process.env.PYTHON ?? 'python3';

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
    threshold: 0.01,
    alpha: 0.05,
    permutations: { count: SHUFFLES, secondaryCount: SHUFFLES, scheme: 'independent', seed: 0 },
    uniformScore: 'mean',
    interval: { confidence: 0.95, resamples: 2000 },
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
  const metric = metricFor('accuracy', labels, classes);
  return { fusion, labels, metric, progress: silentLogger.progress('bench', SHUFFLES), tally: tallyDraws };
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

/** Undefined where there is no Python with NumPy. */
function secondsOfNumpy(classes: number): { seconds: number; numpy: string } | undefined {
  const script = join(import.meta.dirname, 'numpy_einsum.py');
  const sizes = [ROWS, MODALITIES.length, classes, SHUFFLES].map(String);
  const { status, stdout } = spawnSync(python, [script, ...sizes], { encoding: 'utf8' });
  return status === 0 ? (JSON.parse(stdout) as { seconds: number; numpy: string }) : undefined;
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

/** `0.512 s (19.5 M rows/s)`: a row is one example under one shuffle. */
function speed(seconds: number): string {
  return `${seconds.toFixed(3)} s (${((ROWS * SHUFFLES) / seconds / 1e6).toFixed(1)} M/s)`;
}

async function compare(classes: number): Promise<{ row: string[]; numpy?: string }> {
  const examined = await examinedFor(classes);
  await secondsOfOurs(examined, SHUFFLES / 10);
  const ours: number[] = [];
  const theirs: number[] = [];
  let numpy: string | undefined;
  for (let repetition = 0; repetition < REPETITIONS; repetition++) {
    ours.push(await secondsOfOurs(examined, SHUFFLES));
    const peer = secondsOfNumpy(classes);
    if (peer === undefined) continue;
    theirs.push(peer.seconds);
    numpy = peer.numpy;
  }
  const row = [String(classes), speed(median(ours))];
  if (theirs.length > 0) row.push(speed(median(theirs)), `${(median(theirs) / median(ours)).toFixed(2)} x`);
  return { row, numpy };
}

const results = [];
for (const classes of CLASSES) results.push(await compare(classes));
const { numpy } = results[0];
const header = ['classes', 'fusion-gate', ...(numpy === undefined ? [] : [`NumPy ${numpy}`, 'speed ratio'])];
const lines = [
  `Weighted mean of cached experts: ${ROWS} examples, ${MODALITIES.length} modalities, ${SHUFFLES} shuffles, median of ${REPETITIONS}, Node ${process.versions.node}.`,
  '',
  markdownTable([header, ...results.map(({ row }) => row)], { align: header.map(() => 'r') }),
];
if (numpy === undefined) {
  lines.push(
    '',
    `NumPy was not measured: "${python}" is missing or has no NumPy; set PYTHON to one that has.`,
  );
}
process.stdout.write(`${lines.join('\n')}\n`);
