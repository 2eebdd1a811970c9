import { randomUUID } from 'node:crypto';
import { lstatSync } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import type { Agent } from 'node:https';
import { join } from 'node:path';

import type { Download } from '../config/gate-config.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import type { Logger } from '../foundation/logger.ts';
import { withRetries } from '../foundation/retries.ts';
import { ServerFailure } from '../foundation/server-failure.ts';
import { sha256OfFiles } from '../foundation/workspace.ts';
import { CACHE_VARIABLE, cacheFolder } from './cache-folder.ts';
import { FETCH_LIMITS, fetchFile, type FetchLimits } from './fetch-file.ts';
import { sourceOf } from './source.ts';

export interface DownloadOptions {
  readonly logger: Logger;
  /** Default: that of the process. */
  readonly environment?: NodeJS.ProcessEnv;
  readonly limits?: FetchLimits;
  /** Makes the connections. Default: as the environment says. */
  readonly agent?: Agent;
}

/** What a stopped run left unfinished may go after this: no download takes so long. */
const DAY_MS = 86_400_000;
const PART = '.part';

/**
 * The file of a download in the cache, where it has its hash for a name; fetched if it is not there. Its bytes are checked
 * at every use, so it does not matter who else writes there.
 *
 * @returns its absolute path
 * @throws ConfigurationError when it cannot be had or kept, or is not the file that the config pins
 */
export async function cachedFile(download: Download, options: DownloadOptions): Promise<string> {
  const { logger, environment = process.env } = options;
  const folder = cacheFolder(environment);
  const file = join(folder, download.sha256);
  const disk = diskOf(download, folder);
  await disk(() => mkdir(folder, { recursive: true }));
  const found = await disk(() => look(file, download));
  if (found === 'sound') {
    logger.debug(`The ${download.role} "${download.name}" is in the cache: ${file}.`);
    return file;
  }
  if (found === 'other') {
    logger.warning(
      `The cache holds something else in place of the ${download.role} "${download.name}", which is downloaded again.`,
    );
  }
  await disk(() => sweep(folder));
  const part = `${file}.${randomUUID()}${PART}`;
  try {
    await fetchInto(part, download, options, disk);
    // A reader sees all of it or nothing; of several writers the last one wins, with the same bytes.
    await disk(() => rename(part, file));
  } finally {
    await rm(part, { force: true });
  }
  return file;
}

/** What the cache has under a hash. A link is not followed: this program makes none. */
async function look(file: string, { sha256 }: Download): Promise<'sound' | 'other' | 'nothing'> {
  const found = lstatSync(file, { throwIfNoEntry: false });
  if (found === undefined) return 'nothing';
  return found.isFile() && (await sha256OfFiles([file])) === sha256 ? 'sound' : 'other';
}

/** Does work on the disk; what goes wrong there is told as such. */
type Disk = <T>(work: () => Promise<T>) => Promise<T>;

async function fetchInto(
  part: string,
  download: Download,
  { logger, environment = process.env, limits = FETCH_LIMITS, agent }: DownloadOptions,
  disk: Disk,
): Promise<void> {
  const source = sourceOf(download.url, environment);
  const task = `Downloading ${download.name}`;
  const attempt = async (): Promise<string> => {
    const into = await disk(() => open(part, 'w'));
    try {
      const write = (piece: Buffer): Promise<void> => disk(() => into.appendFile(piece));
      return await fetchFile(source, { limits, logger, task, environment, agent, write });
    } finally {
      await into.close();
    }
  };
  const { role, name, sha256 } = download;
  const found = await withRetries(attempt).catch((error: unknown) => {
    if (!(error instanceof ServerFailure)) throw error;
    throw new ConfigurationError(`The ${role} "${name}" cannot be downloaded: ${error.message}.`);
  });
  if (found === sha256) return;
  throw new ConfigurationError(
    `The ${role} "${name}" has the SHA-256 ${found}, but the config pins ${sha256}. If it was meant to change, check the new file and pin its hash.`,
  );
}

function diskOf({ role, name }: Download, folder: string): Disk {
  return async (work) => {
    try {
      return await work();
    } catch (error) {
      throw new ConfigurationError(
        `The ${role} "${name}" cannot be kept in the cache folder "${folder}": ${(error as Error).message}. Name a folder with room for it in the environment variable ${CACHE_VARIABLE}.`,
      );
    }
  };
}

/** Removes what runs that were stopped have left. */
async function sweep(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.endsWith(PART)) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Infinity }));
    if (Date.now() - mtimeMs > DAY_MS) await rm(path, { force: true });
  }
}
