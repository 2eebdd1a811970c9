import { createHash } from 'node:crypto';

/** What files of the layout carry as `union_ids_hash`: SHA-256 of the ids, each with a line feed behind it; hexadecimal. */
export function idsHash(ids: readonly string[]): string {
  const hash = createHash('sha256');
  for (const id of ids) hash.update(`${id}\n`);
  return hash.digest('hex');
}
