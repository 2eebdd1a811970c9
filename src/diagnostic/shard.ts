/** One of several machines that share the draws of a gate. */
export interface Shard {
  /** 1 for the first. */
  readonly index: number;
  /** How many there are. */
  readonly of: number;
}

/** Draws `from` to `until - 1`. */
export interface DrawRange {
  readonly from: number;
  readonly until: number;
}

/**
 * Which of `count` draws are a shard's: all of them without one. The shards' draws, one behind the other, are all draws;
 * sizes differ by one at most, so that a shard has none where there are fewer draws than shards.
 */
export function drawsOf(count: number, shard: Shard = { index: 1, of: 1 }): DrawRange {
  const { index, of } = shard;
  return { from: Math.floor((count * (index - 1)) / of), until: Math.floor((count * index) / of) };
}

export function sizeOf({ from, until }: DrawRange): number {
  return until - from;
}
