import * as core from '@actions/core';

import type { Logger, Progress } from '../foundation/logger.ts';

const QUARTERS = 4;
const MIN_PAUSE_MS = 3000;
const TITLE = { title: 'fusion-gate' };

/** Speaks to the log of a workflow run; warnings and errors become annotations. */
export const actionsLogger: Logger = {
  debug: (message) => {
    core.debug(message);
  },
  info: (message) => {
    core.info(inert(message));
  },
  warning: (message) => {
    core.warning(message, TITLE);
  },
  error: (message) => {
    core.error(message, TITLE);
  },
  progress: (task, total) =>
    quarterlyProgress(task, total, (line) => {
      core.info(inert(line));
    }),
};

/**
 * A line for every quarter of the work that is done. The first and the last one always come; those between at most every
 * few seconds, so that quick work takes two lines.
 */
export function quarterlyProgress(
  task: string,
  total: number,
  print: (line: string) => void,
  now: () => number = Date.now,
): Progress {
  let done = 0;
  let shown = 0;
  let shownAt = now();
  const show = (quarter: number): void => {
    shown = quarter;
    shownAt = now();
    print(`${task}: ${(quarter * 100) / QUARTERS} %`);
  };
  show(0);
  return {
    advance(steps = 1) {
      done += steps;
      const quarter = total > 0 ? Math.min(QUARTERS, Math.floor((QUARTERS * done) / total)) : QUARTERS;
      if (quarter > shown && (quarter === QUARTERS || now() - shownAt >= MIN_PAUSE_MS)) show(quarter);
    },
    done: () => undefined,
  };
}

/**
 * A plain log line with nothing in it that the runner would obey. It takes orders from lines that start with `::` or hold
 * `##[`, and names in our lines come from files. Annotations need no such care: @actions/core escapes them.
 */
function inert(message: string): string {
  return message.replace(/^(\s*):(?=:)/gm, '$1: ').replaceAll('##[', '## [');
}
