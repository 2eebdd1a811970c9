import { LostRace } from './git-data.ts';
import { withRetries } from './retry.ts';

/** How a writer waits; tests bring a clock and dice of their own. */
export interface Pacing {
  readonly pause: (milliseconds: number) => Promise<void>;
  /** At least 0 and below 1. */
  readonly random: () => number;
}

/** With the longest pauses, some seven minutes among two hundred writers. */
const MOST_RACES = 100;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 8000;

const patience: Pacing = {
  pause: (milliseconds) =>
    new Promise((resolve) => {
      setTimeout(resolve, milliseconds);
    }),
  random: Math.random,
};

/**
 * Does `work` again, from its first look on, where somebody else was faster. Pauses grow and are drawn at random, so that
 * writers that met once do not meet again ("full jitter"); failures that may pass are tried again as ever.
 *
 * @throws GaveUp, or the last LostRace
 */
export async function withRaces<T>(work: () => Promise<T>, { pause, random } = patience): Promise<T> {
  for (let races = 1; ; races++) {
    const outcome = await withRetries(() => work().catch(lost), pause);
    if (!(outcome instanceof LostRace)) return outcome;
    if (races === MOST_RACES) throw outcome;
    await pause(random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** races));
  }
}

/** To lose a race is no failure of GitHub's. */
function lost(error: unknown): LostRace {
  if (error instanceof LostRace) return error;
  throw error;
}
