/**
 * fusion-gate as a library: does shuffling a multimodal model's reliability scores change its accuracy?
 *
 * @example
 * import { openWorkspace, readConfig, renderText, runGates } from 'fusion-gate';
 *
 * const workspace = openWorkspace(process.cwd());
 * const { gates } = await readConfig({ config: 'fusion-gate.yml', inputs: { seed: '7' } }, workspace);
 * const report = await runGates(gates, { workspace });
 * console.log(renderText(report, { colour: false }), report.gates[0].gap.value);
 *
 * A mistake that the user can mend (in the config, the data or the model) is thrown as a `ConfigurationError`, whose
 * message is all that needs to be shown; anything else that is thrown is a bug. A gate that fails is in the report.
 *
 * Science: J. Moon, P. Pillai, A. Campbell, "When Does Quality-Aware Multimodal Fusion Matter? A Leakage-Safe Diagnostic
 * for Decision-Level Dependence", INTERSPEECH 2026, arXiv:2606.26473.
 */
import { createRequire } from 'node:module';

import { runAgainstBase } from './against-base.ts';
import type { GateConfig } from './config/gate-config.ts';
import type { Suite, Wishes } from './config/read-config.ts';
import type { Logger } from './foundation/logger.ts';
import { silentLogger } from './foundation/logger.ts';
import type { Workspace } from './foundation/workspace.ts';
import * as gate from './gate.ts';
import { inspectModel, type InspectWishes } from './inspection/inspect-model.ts';
import type { Inspection } from './inspection/inspection-schema.ts';
import { type Split, splitModel, type SplitWish } from './inspection/split-model.ts';
import type { RunReport } from './report/gate-report.ts';
import type { FoundShard } from './shards/join-shards.ts';
import type { ShardFile } from './shards/shard-file.ts';
import type { Shard } from './shards/shard-number.ts';

export type { InputName } from './config/inputs.ts';
export type {
  Binding,
  Candidate,
  FusionRule,
  GateConfig,
  ModalityConfig,
  OutputConfig,
  ReliabilityMatrix,
  ScoreBank,
} from './config/gate-config.ts';
export type { Speaker, Suite, Wishes } from './config/read-config.ts';
export { readConfig } from './config/read-config.ts';
export type {
  Accuracies,
  Alignment,
  Conclusion,
  ControlResult,
  CorruptionResult,
  Diagnosis,
  DosePoint,
  MetricName,
  Scheme,
  Verdict,
  VerdictName,
} from './diagnostic/diagnosis.ts';
export { ConfigurationError } from './foundation/errors.ts';
export type { Inspection } from './inspection/inspection-schema.ts';
export type { InspectWishes } from './inspection/inspect-model.ts';
export type { Split, SplitPart, SplitWish } from './inspection/split-model.ts';
export type { Logger, Progress } from './foundation/logger.ts';
export type { Workspace } from './foundation/workspace.ts';
export { openWorkspace } from './foundation/workspace.ts';
export { exitStatus, worst } from './report/conclusion.ts';
export type { GateReport, RunReport } from './report/gate-report.ts';
export { renderHtml } from './report/html/page.ts';
export { renderPlots } from './report/html/plot-files.ts';
export { renderJson } from './report/json.ts';
export { renderJUnit } from './report/junit.ts';
export { renderLatex } from './report/latex.ts';
export type { MarkdownOptions, ReportLinks } from './report/markdown.ts';
export { renderMarkdown } from './report/markdown.ts';
export { renderText } from './report/text.ts';
export type { FoundShard } from './shards/join-shards.ts';
export { readShards } from './shards/read-shards.ts';
export type { ShardFile } from './shards/shard-file.ts';
export { renderShard } from './shards/shard-file.ts';
export type { Shard } from './shards/shard-number.ts';

/** How to run gates. */
export interface RunOptions {
  /** The folder that may be read, and what the paths of the gates are relative to. */
  readonly workspace: Workspace;
  /** Threads for the engines. Default: one for each core. */
  readonly threads?: number;
  /** Who is told of progress. Default: nobody. */
  readonly logger?: Logger;
}

/** How to run gates that are compared with what they were at another commit. */
export interface CompareOptions extends RunOptions {
  /** Default: they are compared with nothing. */
  readonly base?: {
    /** A branch, a tag or a commit of the workspace's Git repository: the comparison is with where this commit branched off from it. */
    readonly rev: string;
    /** How the gates were read here: those of the base are read in the same way. */
    readonly wishes: Wishes;
  };
}

/**
 * Runs every gate, one after the other, and reports on all of them.
 *
 * @param gates as `readConfig` gives them; at least one
 * @returns the report, its gates in the order given; `exitStatus(report.conclusion)` is what the command would exit with
 * @throws ConfigurationError when the user has something to mend; a gate that merely fails is in the report
 */
export function runGates(
  gates: readonly GateConfig[],
  { workspace, threads, logger = silentLogger, base }: CompareOptions,
): Promise<RunReport> {
  const options = { workspace, threads, logger, version: ownVersion() };
  return base === undefined
    ? gate.runGates(gates, options)
    : runAgainstBase(
        gates,
        { wish: { rev: base.rev, spelling: '"base.rev"' }, wishes: base.wishes },
        options,
      );
}

/**
 * Measures every gate on a part of the shuffles, and judges nothing: `renderShard` makes a file of it for `readShards`.
 *
 * @param suite as `readConfig` gives it
 * @param shard which part, counted from 1, of how many
 * @throws ConfigurationError when the user has something to mend
 */
export function measureShard(
  suite: Suite,
  shard: Shard,
  { workspace, threads, logger = silentLogger }: RunOptions,
): Promise<ShardFile> {
  return gate.measureShard(suite, shard, { workspace, threads, logger, version: ownVersion() });
}

/**
 * The report that one run would give, but for `seconds`; where one run would have drawn more than shards do, as p lies near
 * alpha, it warns.
 *
 * @param shards all of one run, in any order, as `readShards` gives them
 * @throws ConfigurationError where they are not all of one run, or were measured by another version
 */
export function mergeShards(shards: readonly FoundShard[]): RunReport {
  return gate.mergeShards(shards, ownVersion());
}

/**
 * The report that one run would give, but for `seconds`: what it would have drawn more is drawn here.
 *
 * @param shards all of one run, in any order, as `readShards` gives them
 * @param gates as the shards measured them
 * @throws ConfigurationError where they are not all of one run or of these gates, or the user has something to mend
 */
export function finishShards(
  shards: readonly FoundShard[],
  gates: readonly GateConfig[],
  { workspace, threads, logger = silentLogger }: RunOptions,
): Promise<RunReport> {
  return gate.finishShards(shards, gates, { workspace, threads, logger, version: ownVersion() });
}

function ownVersion(): string {
  const { version } = createRequire(import.meta.url)('../package.json') as { readonly version: string };
  return version;
}

/**
 * Looks into a model for what a gate could judge: modalities, experts, and candidates for reliability, the likeliest first.
 *
 * @returns what `fusion-gate inspect --json` prints
 * @throws ConfigurationError when model or evaluation set cannot be read, or do not go together
 */
export async function inspect(
  wishes: InspectWishes,
  { workspace, threads, logger = silentLogger }: RunOptions,
): Promise<Inspection> {
  return (await inspectModel(wishes, { workspace, threads, logger })).inspection;
}

/**
 * Splits an ONNX model at its scores into two that are the one when run behind each other, as is tried on made-up rows.
 *
 * @returns the bytes of both, and what they take and give; nothing is written
 * @throws ConfigurationError when it cannot be split there, or the parts are not the model
 */
export function split(
  wish: SplitWish,
  { workspace, threads, logger = silentLogger }: RunOptions,
): Promise<Split> {
  return splitModel(wish, { workspace, threads, logger });
}
