import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';

import type { GateConfig } from './config/gate-config.ts';
import type { Suite } from './config/read-config.ts';
import { planFor } from './diagnosis-plan.ts';
import type { Shard } from './diagnostic/shard.ts';
import { takeMeasurements, type DrawOptions } from './diagnostic/take-measurements.ts';
import { withDownloads } from './download/with-downloads.ts';
import type { EvaluationSet } from './evaluation-set/evaluation-set.ts';
import { readLabels } from './evaluation-set/labels.ts';
import { ConfigurationError } from './foundation/errors.ts';
import type { Logger } from './foundation/logger.ts';
import { sha256OfFiles, type Workspace } from './foundation/workspace.ts';
import { freezeGate, refuseManyCells, type FrozenGate, type Part } from './freeze-gate.ts';
import { lookForLeaks, lookForTrainIds } from './look-for-leaks.ts';
import type { FreezeOptions } from './model/freeze.ts';
import { localServers } from './model/local-server/local-servers.ts';
import { openSet } from './open-rows.ts';
import { openDrawThreads } from './parallel/draw-threads.ts';
import { worst } from './report/conclusion.ts';
import type { GateReport, RunReport } from './report/gate-report.ts';
import { reportOn, type MeasuredGate } from './report/measured-gate.ts';
import { joinShards, type FoundShard } from './shards/join-shards.ts';
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
  return reportRun(await measureGates(gates, options), options.version);
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
  const gates = await measureGates(suite.gates, options, shard);
  return { kind: 'fusion-gate-shard', version: 1, tool: toolOf(options), name: suite.name, shard, gates };
}

/**
 * The report that one run would give, but for `seconds`.
 *
 * @param shards all of one run, in any order
 * @throws ConfigurationError where they are not
 */
export function mergeShards(shards: readonly FoundShard[], version: string): RunReport {
  return reportRun(joinShards(shards, version), version);
}

function toolOf({ version }: { readonly version: string }): RunReport['tool'] {
  return { name: 'fusion-gate', version };
}

function reportRun(measured: readonly MeasuredGate[], version: string): RunReport {
  const gates = measured.map(reportGate);
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

async function measureGates(
  gates: readonly GateConfig[],
  options: RunOptions,
  shard?: Shard,
): Promise<MeasuredGate[]> {
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
  const measured: MeasuredGate[] = [];
  try {
    for (const gate of gates) {
      measured.push(
        await named(gate, gates, () =>
          measureGate(gate, open, { ...options, servers }, { shard, tally: threads.tally }),
        ),
      );
    }
  } finally {
    await Promise.all([threads.close(), servers.stop()]);
  }
  return measured;
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

/** The evaluation set of a gate; gates of the same set share it. */
type OpenSet = (gate: GateConfig, workspace: Workspace) => Promise<EvaluationSet>;

/** One gate from config to measurements. */
async function measureGate(
  gate: GateConfig,
  open: OpenSet,
  options: FreezeOptions,
  draws: DrawOptions,
): Promise<MeasuredGate> {
  const started = performance.now();
  const { logger } = options;
  logger.info(`Gate "${gate.name}": ${gate.evaluationSet}`);
  const workspace = await withDownloads(gate, options.workspace, options);
  const whole = await freezeGate(gate, open, { ...options, workspace });
  const { data, frozen, examples, parts } = whole;
  try {
    const { fusion } = frozen;
    const labels = readLabels(
      await data.read(gate.columns.label),
      fusion.classes,
      gate.output.classes,
      data.nameRow,
    );
    const trainedOn = await lookForTrainIds(gate, data, workspace);
    refuseManyCells(examples, fusion.classes);
    const plan = await planFor(gate, data, fusion, examples, workspace, parts);
    const config = await fingerprint(gate, parts, workspace);
    const leakage = [...trainedOn, ...(await lookForLeaks(gate, fusion, labels))];
    for (const { sentence } of leakage) logger.warning(`Gate "${gate.name}": ${sentence}`);
    const measurements = await takeMeasurements(fusion, { labels, ...examples }, plan, logger, draws);
    return {
      ...describeGate(gate, whole),
      config,
      leakage,
      measurements,
      seconds: rounded((performance.now() - started) / 1000),
    };
  } finally {
    await frozen.fusion.close();
  }
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
  { data, total, frozen: { path, sha256, fusion }, warnings }: FrozenGate,
): Omit<MeasuredGate, 'config' | 'leakage' | 'measurements' | 'seconds'> {
  const { metric, metrics, threshold, alpha, permutations, interval, control, failOnInconclusive } = gate;
  return {
    name: gate.name,
    model: { path, sha256, engine: fusion.engine },
    evaluationSet: {
      path: data.set.path,
      sha256: data.set.sha256,
      rows: total,
      evaluated: data.rows.length,
    },
    classes: gate.output.classes ?? null,
    warnings: [...(fusion.warnings ?? []), ...warnings],
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
    },
  };
}
