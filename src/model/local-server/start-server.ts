import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';

import { splitCommand } from '../../config/command-words.ts';
import type { ServerUrl } from '../../config/server-url.ts';
import { ConfigurationError } from '../../foundation/errors.ts';
import type { Logger } from '../../foundation/logger.ts';
import { childEnvironment } from './child-environment.ts';
import { keepLastLines } from './last-lines.ts';
import { refuseOccupied } from './occupied.ts';
import { type ProcessGroup, spawnGroup } from './process-group.ts';

/** How long a server that was asked to end may take for it. */
const GRACE_MS = 5000;
/** How long what a process printed last may be under way after its end. */
const LAST_WORDS_MS = 500;

export interface StartRequest {
  /** One line: a program and its arguments. No shell reads it. */
  readonly command: string;
  /** Working directory of the program. */
  readonly cwd: string;
  /** The models that it is to serve, on this machine. */
  readonly urls: readonly ServerUrl[];
  /** Aborted when the whole run is to stop. */
  readonly interrupted: AbortSignal;
  readonly logger: Logger;
}

/** A server that we started. Whether it is ready, its models are asked. */
export interface LocalServer {
  /** Aborted when it is gone though nobody stopped it, or the run is to stop; the reason is a ConfigurationError. */
  readonly gone: AbortSignal;
  /** Puts the end of what it printed into the log: at most 20 lines. */
  showLastLines(): void;
  /** Ends it and all that it started: asks first, and insists after 5 seconds. */
  stop(): Promise<void>;
}

/**
 * Starts a server. It sees no token and no input of this job.
 *
 * @throws ConfigurationError when something listens at its addresses already; that it cannot be started, or ends, is the
 * reason of its `gone`
 */
export async function startServer(request: StartRequest): Promise<LocalServer> {
  const { command, cwd, urls, interrupted, logger } = request;
  interrupted.throwIfAborted();
  for (const url of urls) await refuseOccupied(url, command);
  logger.info(`Starting "${command}"`);
  const words = wordsOf(command);
  const group = spawnGroup(words, { cwd, env: childEnvironment(process.env) });
  const { leader } = group;
  const lastLines = keepLastLines([leader.stdout, leader.stderr], (line) => {
    logger.debug(`[server] ${line}`);
  });
  const showLastLines = (): void => {
    if (leader.pid !== undefined) logger.error(lastWords(command, lastLines()));
  };
  const stopped = new AbortController();
  let stopping: Promise<void> | undefined;
  return {
    gone: signalOfEnd(lifeOf(group, words[0]), request, stopped.signal, showLastLines),
    showLastLines,
    stop: () => {
      stopped.abort();
      return (stopping ??= stopGroup(group));
    },
  };
}

function wordsOf(command: string): readonly string[] {
  const split = splitCommand(command);
  if ('words' in split) return split.words;
  throw new ConfigurationError(`The command "${command}" ${split.mistake}`);
}

/** Aborted when the server ends or the run is interrupted, unless it was stopped before. */
function signalOfEnd(
  life: Promise<string>,
  { command, interrupted }: StartRequest,
  stopped: AbortSignal,
  showLastLines: () => void,
): AbortSignal {
  const end = new AbortController();
  const interrupt = (): void => {
    end.abort(interrupted.reason);
  };
  interrupted.addEventListener('abort', interrupt, { once: true, signal: stopped });
  void life.then((words) => {
    if (stopped.aborted) return;
    showLastLines();
    end.abort(new ConfigurationError(`The server "${command}" ${words}`));
  });
  return end.signal;
}

/** Waits for the end of a server that nobody stopped. @returns the rest of the sentence that begins with it */
async function lifeOf(group: ProcessGroup, program: string): Promise<string> {
  const { leader } = group;
  try {
    const closed = once(leader, 'close').catch(() => undefined);
    const [status, signal] = (await once(leader, 'exit')) as [number | null, string | null];
    // What it started is of no use without it, and would keep its pipes open.
    group.kill();
    await Promise.race([closed, sleep(LAST_WORDS_MS, undefined, { ref: false })]);
    const how = signal === null ? `ended with exit status ${status}` : `was ended by ${signal}`;
    return `${how} before the gate was judged. Its last lines are in the log.`;
  } catch (error) {
    return `could not be started: ${whyNot(program, error as NodeJS.ErrnoException)}`;
  }
}

function whyNot(program: string, { code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case 'ENOENT':
      return `there is no program "${program}" here or on the PATH.`;
    case 'EACCES':
      return `"${program}" may not be executed. Start it by its interpreter, such as "python ${program}", or make it executable.`;
    default:
      return `${message}.`;
  }
}

/** For the log alone, where the runner masks secrets: the words of an error may end in a comment. */
function lastWords(command: string, lines: readonly string[]): string {
  const shown = lines.length === 0 ? ['(it printed nothing)'] : lines;
  return [`The last lines of "${command}":`, ...shown.map((line) => `  ${line}`)].join('\n');
}

async function stopGroup(group: ProcessGroup): Promise<void> {
  const { leader } = group;
  const isRunning = (): boolean =>
    leader.pid !== undefined && leader.exitCode === null && leader.signalCode === null;
  const exited = isRunning() ? once(leader, 'exit') : Promise.resolve();
  if (isRunning()) {
    group.terminate();
    await Promise.race([exited, sleep(GRACE_MS, undefined, { ref: false })]);
  }
  group.kill();
  if (isRunning()) await Promise.race([exited, sleep(GRACE_MS, undefined, { ref: false })]);
  group.release();
}
