import * as core from '@actions/core';
import { realpathSync } from 'node:fs';

import { INPUTS } from '../config/inputs.ts';
import { parseBoolean } from '../config/parse-input.ts';
import type { Speaker, Wishes } from '../config/read-config.ts';
import { parseThreadCount } from '../config/thread-count.ts';
import type { Shard } from '../diagnostic/shard.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import { openWorkspace, type Workspace } from '../foundation/workspace.ts';
import { parseShardNumber } from '../shards/shard-number.ts';

/** Events whose workflow has a token that may write, and secrets, although the files may be those of a stranger. */
const PRIVILEGED_EVENTS = new Set(['pull_request_target', 'workflow_run', 'issue_comment']);

/** How the user of a workflow writes things. */
export const SPEAKER: Speaker = { document: 'The step', spell: (input) => `with: ${input}` };

/** An input as text, or undefined where it is left out: to the runner the two are one. */
export function given(name: string): string | undefined {
  return core.getInput(name) || undefined;
}

/**
 * An input that is true or false.
 *
 * @throws ConfigurationError for anything else
 */
export function givenBoolean(name: string): boolean {
  const text = given(name);
  return text !== undefined && parseBoolean(text, SPEAKER.spell(name));
}

/** What the gates are to be. */
export function readWishes(): Wishes {
  const gate = given('gate');
  const event = process.env.GITHUB_EVENT_NAME ?? '';
  return {
    config: given('config'),
    gates: gate === undefined ? [] : [gate],
    inputs: Object.fromEntries(INPUTS.map(({ name }) => [name, given(name)])),
    allowHosts: given('allow-hosts'),
    allowCommand: given('allow-command'),
    ...(PRIVILEGED_EVENTS.has(event) && { privilegedEvent: event }),
    speaker: SPEAKER,
  };
}

/** Threads to compute with; undefined: one for each core. */
export function readThreads(): number | undefined {
  const threads = given('threads');
  return threads === undefined ? undefined : parseThreadCount(threads, SPEAKER.spell('threads'));
}

/** The part of the shuffles that this step measures; undefined where it judges. */
export function readShardNumber(): Shard | undefined {
  const text = given('shard');
  if (text === undefined) return undefined;
  if (given('html') !== undefined) {
    throw new ConfigurationError(
      `${SPEAKER.spell('html')} shows a report, and a shard has none yet. Leave it out here, and give it to the step that merges.`,
    );
  }
  if (given('merge') === undefined) return parseShardNumber(text, SPEAKER.spell('shard'));
  throw new ConfigurationError(
    `${SPEAKER.spell('shard')} measures and ${SPEAKER.spell('merge')} judges. Give each a step of its own.`,
  );
}

/** The workspace that the runner has checked out, based at `working-directory`. */
export async function openStepWorkspace(): Promise<Workspace> {
  const workspace = openWorkspace(realpathSync(process.env.GITHUB_WORKSPACE ?? process.cwd()));
  const folder = given('working-directory');
  if (folder === undefined) return workspace;
  return workspace.at(await workspace.locate(folder, 'working-directory', 'folder'));
}
