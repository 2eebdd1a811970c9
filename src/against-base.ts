import { isDeepStrictEqual } from 'node:util';

import { type BaseWish, type Baseline, openBaseline } from './baseline/open-baseline.ts';
import { NoBaseline } from './baseline/no-baseline.ts';
import { pairRows } from './baseline/pair-rows.ts';
import { areSame } from './baseline/same-files.ts';
import type { GateConfig } from './config/gate-config.ts';
import type { Wishes } from './config/read-config.ts';
import { ConfigurationError, enumerate } from './foundation/errors.ts';
import type { Logger } from './foundation/logger.ts';
import { measureGates, reportRun, type RunOptions, type TakenGate } from './gate.ts';
import type { BaseCommit, BaseRecord, MissingBase } from './report/base-report.ts';
import { baseSentence } from './report/base-words.ts';
import { type Compared, compareWithBase, recordedBase } from './report/compare-with-base.ts';
import type { RunReport } from './report/gate-report.ts';

/** What to compare with, and how the gates there are read. */
export interface BaseRequest {
  /** Or why there is nothing to compare with. */
  readonly wish: BaseWish | MissingBase;
  readonly wishes: Wishes;
  /** What a history has of a commit, where one is kept. */
  readonly recordsAt?: (sha: string) => Promise<readonly BaseRecord[]>;
}

/**
 * Runs every gate here, and those that are not what they were at the base there too, with the same seed; and reports on both.
 *
 * A base that cannot be had changes no verdict: the report says why.
 *
 * @throws ConfigurationError when the user has something to mend here
 */
export async function runAgainstBase(
  gates: readonly GateConfig[],
  { wish, wishes, recordsAt }: BaseRequest,
  options: RunOptions,
): Promise<RunReport> {
  const baseline = await openOrSay(wish, wishes, options);
  if ('missing' in baseline) {
    options.logger.warning(baseSentence(baseline));
    const taken = await measureGates(gates, options);
    return reportAll(
      gates,
      taken,
      gates.map(() => baseline),
      options,
      recordsAt,
    );
  }
  try {
    const taken = await measureGates(gates, options);
    const bases: TakenBase[] = [];
    for (const [i, gate] of gates.entries()) bases.push(await takeBase(gate, taken[i], baseline, options));
    return await reportAll(gates, taken, bases, options, recordsAt);
  } finally {
    await baseline.close();
  }
}

/** @param bases of each gate */
async function reportAll(
  gates: readonly GateConfig[],
  taken: readonly TakenGate[],
  bases: readonly TakenBase[],
  { version }: RunOptions,
  recordsAt: BaseRequest['recordsAt'],
): Promise<RunReport> {
  const sha = bases.find((base) => 'missing' in base)?.sha;
  const records = sha === undefined ? [] : ((await recordsAt?.(sha)) ?? []);
  const measured = taken.map((gate) => gate.measured);
  return reportRun(measured, version, (now, i) => {
    const base = bases[i];
    const rule = gates[i].regression ?? { threshold: gates[i].threshold, fails: false };
    if ('missing' in base) return recordedBase(now, base, records, rule);
    const { gate, ...rest } = base;
    const order = pairRows(taken[i].rows, gate.rows);
    return compareWithBase({ now, head: measured[i], base: gate.measured, order, rule, ...rest });
  });
}

async function openOrSay(
  wish: BaseRequest['wish'],
  wishes: Wishes,
  { workspace }: RunOptions,
): Promise<Baseline | MissingBase> {
  if ('missing' in wish) return wish;
  try {
    return await openBaseline(wish, wishes, workspace);
  } catch (error) {
    if (!(error instanceof NoBaseline)) throw error;
    const { rev, name = rev } = wish;
    return { missing: error.message, ...(SHA.test(rev) && { sha: rev, ref: name }) };
  }
}

/** A gate at the base, measured there or known to be as it is here. */
type TakenBase =
  | { readonly gate: TakenGate; readonly commit: BaseCommit; readonly source: Compared['source'] }
  | MissingBase;

async function takeBase(
  head: GateConfig,
  here: TakenGate,
  { sha, ref, workspace, gates }: Baseline,
  options: RunOptions,
): Promise<TakenBase> {
  const commit = { sha, ref };
  const missing = (why: string): MissingBase => {
    const base = { ...commit, missing: why };
    options.logger.warning(`Gate "${head.name}": ${baseSentence(base)}`);
    return base;
  };
  const named = gates.find(({ name }) => name === head.name);
  if (named === undefined) return missing(noSuchGate(head.name, gates));
  const gate = measuredAs(named, head);
  const elsewhere = whatIsElsewhere(gate, head);
  if (elsewhere !== undefined) return missing(elsewhere);
  if (isDeepStrictEqual(gate, head) && (await areSame(here.files, options.workspace, workspace))) {
    return { gate: here, commit, source: 'same' };
  }
  options.logger.info(`Gate "${head.name}" is judged at the base ${sha.slice(0, 7)} too.`);
  try {
    const [there] = await measureGates([gate], { ...options, workspace, logger: quiet(options.logger) });
    return { gate: there, commit, source: 'judged' };
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return missing(`The gate cannot be judged there. ${error.message}`);
  }
}

/** The gate of the base, by the rules of this one: only then are both gaps in one unit, and are the shuffles the same. */
function measuredAs(base: GateConfig, head: GateConfig): GateConfig {
  const { bank } = base.permutations;
  const { bank: _, ...permutations } = head.permutations;
  const { metric, metrics, threshold, alpha, uniformScore, interval, control, failOnInconclusive } = head;
  const { weight: ___, ...columns } = base.columns;
  const { weight } = head.columns;
  const { regression: __, ...rest } = base;
  return {
    ...rest,
    columns: { ...columns, ...(weight !== undefined && { weight }) },
    metric,
    metrics,
    threshold,
    alpha,
    uniformScore,
    interval,
    control,
    failOnInconclusive,
    permutations: { ...permutations, bank },
    ...(head.regression && { regression: head.regression }),
  };
}

const SHA = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

function noSuchGate(name: string, gates: readonly GateConfig[]): string {
  const names = enumerate(gates.map((gate) => gate.name));
  return `The base has no gate "${name}", but ${names}. A gate under another name is another gate.`;
}

/** A server has one model, and a command starts what is checked out. */
function whatIsElsewhere({ candidate }: GateConfig, { candidate: here }: GateConfig): string | undefined {
  if (candidate.kind !== 'model' || candidate.server === undefined) return undefined;
  if (candidate.server.command !== undefined) {
    return 'Its model is behind a command, which starts what is checked out and not what the base has.';
  }
  const isSame = here.kind === 'model' && here.path === candidate.path && here.head === candidate.head;
  return isSame
    ? `Its model is at the same address as that of the base ("${candidate.path}"), where only one of them can be.`
    : undefined;
}

/** What is said of the base for those who look closely, and not as if it were said of this commit. */
function quiet(logger: Logger): Logger {
  const debug = (message: string): void => {
    logger.debug(`Base: ${message}`);
  };
  return { ...logger, info: debug, warning: debug, debug };
}
