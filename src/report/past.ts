import type { VerdictName } from '../diagnostic/diagnosis.ts';

/** What an earlier run found of a gate. */
export interface PastRun {
  readonly sha: string;
  /** When it was made, as ISO 8601 in UTC. */
  readonly time: string;
  readonly metric: string;
  readonly threshold: number;
  readonly verdict: VerdictName;
  readonly gap: { readonly value: number; readonly lower: number; readonly upper: number };
}

/** Earlier runs by the name of the gate, oldest first, without the run that is reported. */
export interface Past {
  readonly runs: ReadonlyMap<string, readonly PastRun[]>;
  /** The commit to compare with; the newest where it is not among the runs. */
  readonly base?: string;
}
