import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';

import type { GateConfig } from './config/gate-config.ts';
import type { Suite } from './config/read-config.ts';
import type { JudgedRows } from './baseline/pair-rows.ts';
import { watchWorkspace } from './baseline/watch-workspace.ts';
import { planFor } from './diagnosis-plan.ts';
import type { Shard } from './diagnostic/shard.ts';
import { mostSlices, type Examples, type Truth } from './diagnostic/examples.ts';
import type { Measurements } from './diagnostic/measurements.ts';
import {
  takeMeasurements,
  takeMore,
  type DiagnosisPlan,
  type DrawOptions,
} from './diagnostic/take-measurements.ts';
import { withDownloads } from './download/with-downloads.ts';
import { exchangeOf } from './gate-exchange.ts';
import { weightsOf, type GateWeights } from './gate-weights.ts';
import type { EvaluatedRows } from './evaluation-set/evaluated-rows.ts';
import type { EvaluationSet } from './evaluation-set/evaluation-set.ts';
import { readLabelSets } from './evaluation-set/label-sets.ts';
import { readLabels } from './evaluation-set/labels.ts';
import { countPresence } from './evaluation-set/presence-counts.ts';
import { readSlices } from './evaluation-set/row-slices.ts';
import { readTrueValues } from './evaluation-set/true-values.ts';
import { ConfigurationError, enumerate } from './foundation/errors.ts';
import type { Logger } from './foundation/logger.ts';
import { sha256OfFiles, type Workspace } from './foundation/workspace.ts';
import { freezeGate, refuseManyCells, type FrozenGate, type Part } from './freeze-gate.ts';
import { lookForLeaks, lookForTrainIds } from './look-for-leaks.ts';
import type { FreezeOptions } from './model/freeze.ts';
import type { FrozenFusion } from './model/frozen-fusion.ts';
import { localServers } from './model/local-server/local-servers.ts';
import { openSet } from './open-rows.ts';
import { openDrawThreads } from './parallel/draw-threads.ts';
import type { BaseReport } from './report/base-report.ts';
import { withBase } from './report/compare-with-base.ts';
import { worst } from './report/conclusion.ts';
import type { GateReport, RunReport } from './report/gate-report.ts';
import { reportOn, wantsMoreDraws, type MeasuredGate } from './report/measured-gate.ts';
import { joinShards, refuseChanged, type FoundShard } from './shards/join-shards.ts';
import type { ShardFile } from './shards/shard-file.ts';
import { spell } from './shards/shard-number.ts';

export interface RunOptions {
  readonly workspace: Workspace;
  /** Threads for the engines and for the draws of cached experts. Default: one per core. */
  readonly threads?: number;
  readonly logger: Logger;
  /** Version of this program, for the report. */
  readonly version: string;
}

/**
 * Runs every gate, one after the other, and reports on all of them.
 *
 * @throws ConfigurationError when the user has something to mend; a gate that merely fails is in the report
 */
export async function runGates(gates: readonly GateConfig[], options: RunOptions): Promise<RunReport> {
  const taken = await measureGates(gates, options);
  return reportRun(
    taken.map(({ measured }) => measured),
    options.version,
  );
}

/**
 * Measures every gate on a part of the draws, and judges nothing.
 *
 * @param suite the gates, and the identity of the comment on the report that all shards make
 * @throws ConfigurationError when the user has something to mend
 */
export async function measureShard(suite: Suite, shard: Shard, options: RunOptions): Promise<ShardFile> {
  const sequential = suite.gates.find(({ permutations }) => permutations.stopping !== undefined);
  if (sequential !== undefined) {
    throw new ConfigurationError(
      `Gate "${sequential.name}" has permutations.sequential, which stops by what all draws so far gave; a shard has but some of them. Measure it in one run, or leave "sequential" out.`,
    );
  }
  options.logger.info(
    `Shard ${spell(shard)}: a part of the shuffles is measured here, and nothing is judged before all ${shard.of} shards are merged.`,
  );
  const taken = await measureGates(suite.gates, options, (_, fusion, examples, plan, logger, draws) =>
    takeMeasurements(fusion, examples, plan, logger, { ...draws, shard }),
  );
  const gates = taken.map(({ measured }) => measured);
  return { kind: 'fusion-gate-shard', version: 1, tool: toolOf(options), name: suite.name, shard, gates };
}

/**
 * The report that one run would give, but for `seconds`; where one run would have drawn more than shards do, as p lies near
 * alpha, it warns.
 *
 * @param shards all of one run, in any order
 * @throws ConfigurationError where they are not
 */
export function mergeShards(shards: readonly FoundShard[], version: string): RunReport {
  return reportMerged(joinShards(shards, version), version);
}

/**
 * The report that one run would give, but for `seconds`: what it would have drawn more is drawn here.
 *
 * @param shards all of one run, in any order
 * @param gates as the shards measured them
 * @throws ConfigurationError where they are not, or the user has something to mend
 */
export async function finishShards(
  shards: readonly FoundShard[],
  gates: readonly GateConfig[],
  options: RunOptions,
): Promise<RunReport> {
  const joined = joinShards(shards, options.version);
  const open = new Map(joined.filter(wantsMoreDraws).map((gate) => [gate.name, gate]));
  const taken = await measureGates(
    [...open.keys()].map((name) => gateNamed(name, gates)),
    options,
    ({ name }, ...known) => takeMore(open.get(name)!.measurements, ...known),
  );
  for (const { measured } of taken) {
    const { seconds, ...before } = open.get(measured.name)!;
    refuseChanged(before, measured);
    open.set(measured.name, { ...measured, seconds: rounded(seconds + measured.seconds) });
  }
  return reportMerged(
    joined.map((gate) => open.get(gate.name) ?? gate),
    options.version,
  );
}

function gateNamed(name: string, gates: readonly GateConfig[]): GateConfig {
  const gate = gates.find((it) => it.name === name);
  if (gate !== undefined) return gate;
  const names = enumerate(gates.map((it) => `"${it.name}"`));
  throw new ConfigurationError(
    `The shards have measured the gate "${name}", and the gates here are ${names}. Give the step that merges what the steps that measure have.`,
  );
}

function reportMerged(joined: readonly MeasuredGate[], version: string): RunReport {
  return reportRun(joined, version, (_, i) =>
    joined[i].plan.failOnRegression ? { missing: NOT_IN_SHARDS } : undefined,
  );
}

const NOT_IN_SHARDS =
  'Shards measure what is checked out, and not the base. Compare in a run that is not divided.';
const NOT_ASKED_FOR = 'None was named. Say what to compare with by "base".';

function toolOf({ version }: { readonly version: string }): RunReport['tool'] {
  return { name: 'fusion-gate', version };
}

/** What a gate was at the base, in the light of the report on it here; undefined where nobody asked. */
export type BaseOf = (report: GateReport, gate: number) => BaseReport | undefined;

/** Judges gates that were measured. */
export function reportRun(measured: readonly MeasuredGate[], version: string, baseOf?: BaseOf): RunReport {
  const gates = measured.map((gate, i) => {
    const report = reportGate(gate);
    // A gate that would fail says that it cannot, and does not pass in silence.
    const isNeeded = gate.plan.failOnRegression === true;
    return withBase(report, baseOf?.(report, i) ?? (isNeeded ? { missing: NOT_ASKED_FOR } : undefined));
  });
  return {
    version: 1,
    tool: toolOf({ version }),
    conclusion: worst(gates.map(({ conclusion }) => conclusion)),
    gates,
  };
}

/** To conclude takes time as well. */
function reportGate(measured: MeasuredGate): GateReport {
  const started = performance.now();
  const report = reportOn(measured);
  return { ...report, seconds: rounded(measured.seconds + (performance.now() - started) / 1000) };
}

/** A gate that was measured, and what a comparison with the same gate elsewhere asks for. */
export interface TakenGate {
  readonly measured: MeasuredGate;
  readonly rows: JudgedRows;
  /** Every file that it read of the workspace, as it called them. */
  readonly files: ReadonlySet<string>;
}

/**
 * Measures gates, one after the other, and judges none.
 *
 * @throws ConfigurationError when the user has something to mend
 */
export async function measureGates(
  gates: readonly GateConfig[],
  options: RunOptions,
  take: Take = (_, ...known) => takeMeasurements(...known),
): Promise<TakenGate[]> {
  const sets = new Map<string, Promise<EvaluationSet>>();
  const open: OpenSet = (gate, workspace) => {
    const pinned = gate.downloads?.find(({ name }) => name === gate.evaluationSet);
    const key = JSON.stringify([gate.evaluationSet, gate.contract, pinned?.sha256]);
    const set = sets.get(key) ?? openSet(gate, workspace);
    sets.set(key, set);
    return set;
  };
  const threads = openDrawThreads(options.threads ?? availableParallelism());
  const servers = localServers(options);
  const taken: TakenGate[] = [];
  try {
    for (const gate of gates) {
      taken.push(
        await named(gate, gates, () =>
          measureGate(gate, open, { ...options, servers }, (...known) =>
            take(gate, ...known, { tally: threads.tally }),
          ),
        ),
      );
    }
  } finally {
    await Promise.all([threads.close(), servers.stop()]);
  }
  return taken;
}

/** Says which of several gates a mistake is in. */
async function named<T>(
  { name }: GateConfig,
  { length }: readonly GateConfig[],
  work: () => Promise<T>,
): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (length === 1 || !(error instanceof ConfigurationError)) throw error;
    throw new ConfigurationError(`Gate "${name}": ${error.message}`);
  }
}

/** What measurements are taken of. */
type Known = [fusion: FrozenFusion, examples: Examples, plan: DiagnosisPlan, logger: Logger];

/** How the measurements of a gate are taken. */
type Take = (gate: GateConfig, ...known: [...Known, draws: DrawOptions]) => Promise<Measurements>;

/** The evaluation set of a gate; gates of the same set share it. */
type OpenSet = (gate: GateConfig, workspace: Workspace) => Promise<EvaluationSet>;

/** One gate from config to measurements. */
async function measureGate(
  gate: GateConfig,
  open: OpenSet,
  options: FreezeOptions,
  take: (...known: Known) => Promise<Measurements>,
): Promise<TakenGate> {
  const started = performance.now();
  const { logger } = options;
  logger.info(`Gate "${gate.name}": ${gate.evaluationSet}`);
  const watched = watchWorkspace(options.workspace);
  const workspace = await withDownloads(gate, watched.workspace, options);
  const whole = await freezeGate(gate, open, { ...options, workspace });
  const { data, frozen, examples, parts } = whole;
  try {
    const { fusion } = frozen;
    const truth = await truthOf(gate, data, fusion);
    const trainedOn = await lookForTrainIds(gate, data, workspace);
    refuseManyCells(examples, fusion.classes);
    const { warnings, ...exchange } = await exchangeOf(gate, data, fusion, examples);
    const { weights, ...weighted } = await weightsOf(gate, data, exchange);
    const plan = await planFor(gate, data, fusion, exchange, workspace, parts);
    const slices = await readSlices(data, gate.slices, mostSlices(fusion.classes, examples.folds));
    const config = await fingerprint(gate, parts, workspace);
    const leakage = [...trainedOn, ...(await lookForLeaks(gate, fusion, { ...truth, ...exchange }))];
    for (const { sentence } of leakage) logger.warning(`Gate "${gate.name}": ${sentence}`);
    const known = { ...truth, ...exchange, ...(weights && { weights }), ...(slices && { slices }) };
    const measurements = await take(fusion, known, plan, logger);
    const measured = {
      ...describeGate(gate, whole, weighted.said),
      warnings: [...(fusion.warnings ?? []), ...whole.warnings, ...warnings, ...weighted.warnings],
      config,
      leakage,
      measurements,
      seconds: rounded((performance.now() - started) / 1000),
    };
    const downloaded = new Set(gate.downloads?.map(({ name }) => name));
    // Another gate may have opened a set before.
    const sets = parts.map((part) => part.gate.evaluationSet).filter((set) => !downloaded.has(set));
    return { measured, rows: judgedRows(whole), files: new Set([...watched.located, ...sets]) };
  } finally {
    await frozen.fusion.close();
  }
}

/** What is true of the examples, as the label column has it. */
async function truthOf(
  { columns, output }: GateConfig,
  data: EvaluatedRows,
  { classes, decision }: FrozenFusion,
): Promise<Truth> {
  const read = await Promise.all([columns.label].flat().map((name) => data.read(name)));
  if (decision.kind === 'labels') return readLabelSets(read, decision.thresholds.length, data.nameRow);
  const [column] = read;
  return output.kind === 'value'
    ? { values: readTrueValues(column, data.nameRow) }
    : { labels: readLabels(column, classes, output.classes, data.nameRow) };
}

/** An example that comes again in other folds is told from itself by the fold. */
function judgedRows({ data, examples: { folds } }: FrozenGate): JudgedRows {
  const { set, rows, ids } = data;
  const inFold = (id: string, i: number): string => (folds === undefined ? id : `${folds.of[i]} ${id}`);
  return { sha256: set.sha256, rows, ...(ids && { ids: ids.map(inFold) }) };
}

/** To the millisecond. */
function rounded(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}

/** Changes with whatever of the config may change a number, and with the files that no other hash is of. */
async function fingerprint(gate: GateConfig, parts: readonly Part[], workspace: Workspace): Promise<string> {
  const files: string[] = [];
  for (const { candidate, permutations, trainIds } of parts.map((part) => part.gate)) {
    const weights = candidate.kind === 'fusion' ? candidate.rule.weights : undefined;
    for (const path of [weights, permutations.bank?.path, trainIds?.path]) {
      if (path !== undefined) files.push(await workspace.locate(path, 'file'));
    }
  }
  return createHash('sha256')
    .update(JSON.stringify(gate))
    .update(await sha256OfFiles(files))
    .digest('hex');
}

function describeGate(
  gate: GateConfig,
  { data, total, frozen: { path, sha256, fusion } }: FrozenGate,
  weights: GateWeights['said'],
): Omit<MeasuredGate, 'config' | 'leakage' | 'measurements' | 'seconds' | 'warnings'> {
  const { metric, metrics, threshold, alpha, permutations, interval, control, failOnInconclusive } = gate;
  return {
    name: gate.name,
    model: { path, sha256, engine: fusion.engine },
    evaluationSet: {
      path: data.set.path,
      sha256: data.set.sha256,
      rows: total,
      evaluated: data.rows.length,
      ...(data.presence && { presence: countPresence(fusion.modalities, data.presence, fusion.rows) }),
      ...(weights && { weights }),
    },
    classes: gate.output.classes ?? null,
    plan: {
      metric,
      metrics,
      threshold,
      alpha,
      permutations: {
        seed: permutations.seed,
        most: permutations.most,
        ...(permutations.stopping && { stopping: permutations.stopping }),
      },
      interval,
      control: { threshold: control.threshold },
      failOnInconclusive,
      ...(gate.regression?.fails && { failOnRegression: true }),
    },
  };
}
