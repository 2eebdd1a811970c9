import { LostRace } from './git-data.ts';
import { GaveUp, MAX_TRIES, withRetries } from './retry.ts';

/** How a writer waits; tests bring a clock and dice of their own. */
export interface Pacing {
  readonly pause: (milliseconds: number) => Promise<void>;
  /** At least 0 and below 1. */
  readonly random: () => number;
}

/** Two hundred writers at once are done before any of them has lost so many. */
const MOST_RACES = 100;
/** Of failures, three tries each. */
const MOST_ROWS = 4;
const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 30_000;

const patience: Pacing = {
  pause: (milliseconds) =>
    new Promise((resolve) => {
      setTimeout(resolve, milliseconds);
    }),
  random: Math.random,
};

/**
 * Does `work` again, from its first look on, where somebody else was faster. Pauses grow and are drawn at random, so that
 * writers that met once do not meet again ("full jitter"). Failures that may pass are tried again as ever; a write has many
 * requests, so that a row of failures may start anew a few times.
 *
 * @throws GaveUp, or the last LostRace
 */
export async function withRaces<T>(work: () => Promise<T>, { pause, random } = patience): Promise<T> {
  let rows = 0;
  for (let races = 1; ; races++) {
    try {
      const outcome = await withRetries(() => work().catch(lost), pause);
      if (!(outcome instanceof LostRace)) return outcome;
      if (races === MOST_RACES) throw outcome;
    } catch (error) {
      // Given up on at once is what will not pass.
      if (!(error instanceof GaveUp) || error.tries < MAX_TRIES || ++rows === MOST_ROWS) throw error;
    }
    await pause(random() * Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** races));
  }
}

/** To lose a race is no failure of GitHub's. */
function lost(error: unknown): LostRace {
  if (error instanceof LostRace) return error;
  throw error;
}
