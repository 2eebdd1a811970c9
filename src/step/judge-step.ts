import { INPUTS } from '../config/inputs.ts';
import { parseList } from '../config/parse-input.ts';
import { guessName, readConfig, type Wishes } from '../config/read-config.ts';
import { errorSentence, errorStack } from '../foundation/error-sentence.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import { type BaseRequest, runAgainstBase } from '../against-base.ts';
import { finishShards, mergeShards, runGates, type RunOptions } from '../gate.ts';
import type { RunReport } from '../report/gate-report.ts';
import { renderJson } from '../report/json.ts';
import { readShards } from '../shards/read-shards.ts';
import { type NamedCommit, readBaseInput } from './base-input.ts';
import { given, readThreads, readWishes, SPEAKER } from './step-inputs.ts';

/** What a step judges with; its inputs say the rest. */
export interface StepOptions extends Omit<RunOptions, 'threads'> {
  /** Is told the name of the comment as soon as it is known, before the gates are run. */
  readonly named?: (name: string) => void;
  /** The commit that the event of the workflow is measured against. */
  readonly baseOfEvent: () => Promise<NamedCommit | undefined>;
  /** What the history has of a commit. */
  readonly recordsAt: NonNullable<BaseRequest['recordsAt']>;
}

/** What came of the gates: a report in any case, and the name of its comment where it could be told. */
export interface Outcome {
  readonly report: RunReport;
  readonly name?: string;
}

/** Never throws: what the user has to mend, and even a bug, is a report that says so. */
export async function judgeStep(options: StepOptions): Promise<Outcome> {
  const wishes = readWishes();
  const merge = given('merge');
  let name: string | undefined;
  const named = (found: string): void => {
    name = found;
    options.named?.(found);
  };
  try {
    const report = await (merge === undefined
      ? runAll(wishes, options, named)
      : mergeAll(merge, wishes, options, named));
    // A report that does not fit its own schema is a bug too.
    renderJson(report);
    return { report, name };
  } catch (error) {
    const stack = errorStack(error);
    if (stack !== undefined) options.logger.debug(stack);
    const tool = { name: 'fusion-gate', version: options.version } as const;
    const report: RunReport = {
      version: 1,
      tool,
      conclusion: 'error',
      error: errorSentence(error),
      gates: [],
    };
    return {
      report,
      name: name ?? (merge === undefined ? await guessName(wishes, options.workspace) : undefined),
    };
  }
}

/** @param named is told the name of the comment as soon as it is known */
async function runAll(
  wishes: Wishes,
  options: StepOptions,
  named: (name: string) => void,
): Promise<RunReport> {
  const suite = await readConfig(wishes, options.workspace);
  named(suite.name);
  const running = { ...options, threads: readThreads() };
  const wish = await readBaseInput(suite.gates, options.baseOfEvent);
  return wish === undefined
    ? runGates(suite.gates, running)
    : runAgainstBase(suite.gates, { wish, wishes, recordsAt: options.recordsAt }, running);
}

async function mergeAll(
  merge: string,
  wishes: Wishes,
  options: StepOptions,
  named: (name: string) => void,
): Promise<RunReport> {
  const { workspace, version } = options;
  refuseBesideMerge();
  const shards = await readShards(parseList(merge, SPEAKER.spell('merge')), workspace);
  named(shards[0].file.name);
  if (!saysGates()) return mergeShards(shards, version);
  const { gates } = await readConfig(wishes, workspace);
  return finishShards(shards, gates, { ...options, threads: readThreads() });
}

/** Whether the step says what the shards measured, so that it can be measured further. */
function saysGates(): boolean {
  return ['config', 'gate', ...INPUTS.map(({ name }) => name)].some((name) => given(name) !== undefined);
}

function refuseBesideMerge(): void {
  if (given('base') === undefined) return;
  throw new ConfigurationError(
    `${SPEAKER.spell('base')} compares with another commit, which shards do not measure. Leave it out, or do not divide the shuffles.`,
  );
}
