import { setTimeout as sleep } from 'node:timers/promises';

import type { Candidate } from '../../config/gate-config.ts';
import { serversHere } from '../../config/server-command.ts';
import { servedParts } from '../../config/server-url.ts';
import type { ModelFile } from '../load-model.ts';
import type { LoadedModel } from '../loaded-model.ts';
import type { LocalServers } from './local-servers.ts';

/** A connection breaks a moment before we hear that its server is gone, and that is the better news. */
const NEWS_MS = 500;

/**
 * Loads a model; where its gate has a command, from the server that the command starts. From then on every call of the
 * model fails at once when that server goes.
 *
 * @throws ConfigurationError when the server cannot be started or goes, besides what `load` throws
 */
export async function loadWithCommand(
  candidate: Extract<Candidate, { kind: 'model' }>,
  servers: LocalServers | undefined,
  load: () => Promise<ModelFile>,
): Promise<ModelFile> {
  const { server: wishes } = candidate;
  if (wishes?.command === undefined) return load();
  if (servers === undefined) throw new Error('A gate with a command needs a place for its server.');
  const server = await servers.serve(wishes.command, serversHere(servedParts(candidate)));
  const { gone } = server;
  try {
    const file = await unlessGone(load(), gone);
    return { ...file, loaded: servedModel(file.loaded, gone) };
  } catch (error) {
    // Where it is gone, that has been told.
    if (!gone.aborted) server.showLastLines();
    throw error;
  }
}

function servedModel(loaded: LoadedModel, gone: AbortSignal): LoadedModel {
  const served: LoadedModel = {
    ...loaded,
    run: (feeds, fetch) => unlessGone(loaded.run(feeds, fetch), gone),
  };
  if (loaded.cut === undefined) return served;
  return {
    ...served,
    cut: async (wish) => {
      const parts = await unlessGone(loaded.cut!(wish), gone);
      const [whole, traced, suffix] = [parts.whole, parts.traced, parts.suffix].map((part) =>
        servedModel(part, gone),
      );
      return { ...parts, whole, traced, suffix };
    },
  };
}

/** What comes of the work, unless the server goes first: then the reason for it, at once. */
async function unlessGone<T>(work: Promise<T>, gone: AbortSignal): Promise<T> {
  let leave = (): void => undefined;
  const end = new Promise<never>((_, reject) => {
    leave = () => {
      reject(gone.reason as Error);
    };
    if (gone.aborted) leave();
    gone.addEventListener('abort', leave, { once: true });
  });
  try {
    return await Promise.race([work, end]);
  } catch (error) {
    await Promise.race([end, sleep(NEWS_MS)]);
    throw error;
  } finally {
    // A server outlives thousands of calls: none of them may stay behind in its signal.
    gone.removeEventListener('abort', leave);
  }
}
