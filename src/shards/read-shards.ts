import { ConfigurationError } from '../foundation/errors.ts';
import type { Workspace } from '../foundation/workspace.ts';
import type { FoundShard } from './join-shards.ts';
import { findFiles } from './find-files.ts';
import { MAX_SHARD_LENGTH, parseShard } from './shard-file.ts';
import { MAX_SHARDS } from './shard-number.ts';

/** Bytes of all shards together: all of them are held at once. */
const MAX_TOTAL_BYTES = 2 ** 30;

/**
 * Reads the shards of a run.
 *
 * @param patterns paths relative to the workspace's base; `*` stands for any part of a name
 * @throws ConfigurationError where a pattern finds nothing, or what it finds is no shard
 */
export async function readShards(patterns: readonly string[], workspace: Workspace): Promise<FoundShard[]> {
  const paths = await findFiles(patterns, 'shard', workspace);
  if (paths.length > MAX_SHARDS) {
    throw new ConfigurationError(
      `There are ${paths.length} files to merge; a run has at most ${MAX_SHARDS} shards.`,
    );
  }
  const shards: FoundShard[] = [];
  let total = 0;
  for (const path of paths) {
    const bytes = await workspace.read(path, 'shard', Math.min(MAX_SHARD_LENGTH, MAX_TOTAL_BYTES - total));
    total += bytes.length;
    shards.push({ path, file: parseShard(bytes.toString('utf8'), path) });
  }
  return shards;
}
