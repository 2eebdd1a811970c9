/** Which examples a gate was judged on. */
export interface JudgedRows {
  /** Of the evaluation set's bytes. */
  readonly sha256: string;
  /** Their row numbers in it, ascending [N]. */
  readonly rows: Uint32Array;
  /** Their ids, each of its own [N], where the set has them. */
  readonly ids?: readonly string[];
}

/**
 * Where the examples of `now` stand among those of `before` [N].
 *
 * @returns null where they are not the same examples, by their ids or else by their rows in the same file
 */
export function pairRows(now: JudgedRows, before: JudgedRows): Uint32Array | null {
  if (now.rows.length !== before.rows.length) return null;
  if (now.ids !== undefined && before.ids !== undefined) return pairIds(now.ids, before.ids);
  const isSame = now.sha256 === before.sha256 && now.rows.every((row, i) => row === before.rows[i]);
  return isSame ? now.rows.map((_, i) => i) : null;
}

function pairIds(now: readonly string[], before: readonly string[]): Uint32Array | null {
  const places = new Map(before.map((id, i) => [id, i]));
  const order = now.map((id) => places.get(id) ?? -1);
  return order.includes(-1) ? null : Uint32Array.from(order);
}
