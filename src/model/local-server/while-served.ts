import { setTimeout as sleep } from 'node:timers/promises';

import type { LoadedModel } from '../loaded-model.ts';

/** A connection breaks a moment before we hear that its server is gone, and that is the better news. */
const NEWS_MS = 300;

/** What comes of the work, unless the server goes first: then the reason for it, at once. */
export async function whileServed<T>(work: Promise<T>, gone: AbortSignal): Promise<T> {
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

/** The same model, whose calls end when its server does. */
export function servedModel(loaded: LoadedModel, gone: AbortSignal): LoadedModel {
  const served: LoadedModel = {
    ...loaded,
    run: (feeds, fetch) => whileServed(loaded.run(feeds, fetch), gone),
  };
  if (loaded.cut === undefined) return served;
  return {
    ...served,
    cut: async (wish) => {
      const parts = await whileServed(loaded.cut!(wish), gone);
      const { whole, prefix, suffix } = parts;
      return {
        ...parts,
        whole: servedModel(whole, gone),
        prefix: prefix && servedModel(prefix, gone),
        suffix: servedModel(suffix, gone),
      };
    },
  };
}
