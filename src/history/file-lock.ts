import { closeSync, openSync, rmSync, statSync } from 'node:fs';

import { ConfigurationError } from '../foundation/errors.ts';

/** A writer holds the lock for milliseconds: one that is older was left behind by a process that was killed. */
const STALE_MS = 60_000;
const PAUSE_MS = 20;
const PATIENCE_MS = 90_000;

/**
 * Does `work` while no other process does work under this lock.
 *
 * @param path of the lock: a file that is there while somebody works
 * @param spelling the input whose file is locked, for the error
 * @throws ConfigurationError where the lock cannot be had
 */
export async function withLock<T>(path: string, spelling: string, work: () => T): Promise<T> {
  const givesUpAt = Date.now() + PATIENCE_MS;
  while (!taken(path, spelling)) {
    if (Date.now() > givesUpAt) {
      throw new ConfigurationError(
        `${spelling} is locked by another process. Delete "${path}" if there is none.`,
      );
    }
    if (ageOf(path) > STALE_MS) rmSync(path, { force: true });
    else await sleep(PAUSE_MS);
  }
  try {
    return work();
  } finally {
    rmSync(path, { force: true });
  }
}

function taken(path: string, spelling: string): boolean {
  try {
    closeSync(openSync(path, 'wx'));
    return true;
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') return false;
    throw new ConfigurationError(`${spelling} could not be written: ${message}.`);
  }
}

/** Milliseconds; 0 where it is gone by now. */
function ageOf(path: string): number {
  const lock = statSync(path, { throwIfNoEntry: false });
  return lock === undefined ? 0 : Date.now() - lock.mtimeMs;
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}
