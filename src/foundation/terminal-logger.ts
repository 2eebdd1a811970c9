import { Presets, SingleBar } from 'cli-progress';

import type { Logger, Progress } from './logger.ts';

const MIN_PAUSE_MS = 5000;
const CLEAR_LINE = '\r\u001b[K';
const COLOURS = { yellow: 33, red: 31, grey: 90 } as const;

/** Where the logger speaks: standard error, or what stands in for it. */
export interface LogStream {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

export interface TerminalLoggerOptions {
  readonly stream: LogStream & NodeJS.WritableStream;
  /** Only warnings and errors. */
  readonly quiet?: boolean;
  readonly environment?: Readonly<Partial<Record<'NO_COLOR' | 'DEBUG', string>>>;
  /** Milliseconds. */
  readonly now?: () => number;
}

/** Whether a stream should get colours: a terminal whose user has not said otherwise (https://no-color.org). */
export function wantsColour(
  { isTTY }: { readonly isTTY?: boolean },
  environment: TerminalLoggerOptions['environment'] = process.env,
): boolean {
  return isTTY === true && (environment.NO_COLOR ?? '') === '';
}

/** Speaks on a terminal or into a log file: a progress bar on the one, now and then a line in the other. */
export function terminalLogger(options: TerminalLoggerOptions): Logger {
  const { stream, quiet = false, environment = process.env, now = Date.now } = options;
  const colour = wantsColour(stream, environment);
  const say = (text: string, paint?: keyof typeof COLOURS): void => {
    const safe = printable(text);
    const painted = colour && paint !== undefined ? `\u001b[${COLOURS[paint]}m${safe}\u001b[0m` : safe;
    // A bar may stand on this line; it draws itself again below.
    stream.write(`${stream.isTTY ? CLEAR_LINE : ''}${painted}\n`);
  };
  const info = (message: string): void => {
    if (!quiet) say(message);
  };
  return {
    debug: (message) => {
      if (environment.DEBUG) say(message, 'grey');
    },
    info,
    warning: (message) => {
      say(`warning: ${message}`, 'yellow');
    },
    error: (message) => {
      say(`error: ${message}`, 'red');
    },
    progress: (task, total) => {
      if (quiet) return { advance: () => undefined, done: () => undefined };
      return stream.isTTY ? bar(printable(task), total, stream) : lines(task, total, info, now);
    },
  };
}

function bar(task: string, total: number, stream: NodeJS.WritableStream): Progress {
  const progress = new SingleBar(
    {
      format: '{task} [{bar}] {percentage} %, {eta_formatted} to go',
      stream,
      clearOnComplete: true,
      // Left alone, the library swallows the first interrupt and forgets to switch line wrapping on again.
      gracefulExit: false,
      linewrap: true,
    },
    Presets.legacy,
  );
  progress.start(total, 0, { task });
  return {
    advance: (steps = 1) => {
      progress.increment(steps);
    },
    done: () => {
      progress.stop();
    },
  };
}

/** A line every few seconds, and one when all is done. */
function lines(task: string, total: number, print: (line: string) => void, now: () => number): Progress {
  let done = 0;
  let shownAt = now();
  let isOver = false;
  return {
    advance: (steps = 1) => {
      done += steps;
      const isComplete = done >= total && !isOver;
      if (!isComplete && (isOver || now() - shownAt < MIN_PAUSE_MS)) return;
      shownAt = now();
      isOver = isComplete;
      print(`${task}: ${isComplete ? 100 : Math.floor((100 * done) / total)} %`);
    },
    done: () => undefined,
  };
}

/** Names come from files: nothing in them may steer the terminal. */
function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}]/gu, (character) =>
    character === '\n' ? character : `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}
