import type { BaseRequest } from '../against-base.ts';
import type { GateConfig } from '../config/gate-config.ts';
import { given, SPEAKER } from './step-inputs.ts';

/** Stands for the commit that the event of the workflow names. */
const AUTO = 'auto';

/** A commit, and what people call it. */
export interface NamedCommit {
  readonly rev: string;
  readonly name: string;
}

/**
 * What to compare with: as the input says, else the commit that the event names, where a gate is to fail on a regression.
 *
 * @param ofEvent undefined where an event is measured against no other commit
 * @returns undefined where no comparison was asked for
 */
export async function readBaseInput(
  gates: readonly GateConfig[],
  ofEvent: () => Promise<NamedCommit | undefined>,
): Promise<BaseRequest['wish'] | undefined> {
  const said = given('base');
  if (said === undefined && !gates.some(({ regression }) => regression?.fails)) return undefined;
  if (said !== undefined && said !== AUTO) return { rev: said, spelling: SPEAKER.spell('base') };
  const event = process.env.GITHUB_EVENT_NAME ?? '';
  const missing = `This run ("${event}") is measured against no other commit. Name one by the input "base".`;
  return (await ofEvent()) ?? { missing };
}
