/**
 * Does pieces of work, several at a time, and hands over their results in their own order.
 *
 * @param most pieces under way at a time
 * @throws what the first piece (by its place, not by the clock) that fails throws; none is begun after a failure
 */
export async function inFlight<T>(
  count: number,
  most: number,
  work: (index: number) => Promise<T>,
): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const failures = new Map<number, unknown>();
  const lane = async (): Promise<void> => {
    while (next < count && failures.size === 0) {
      const index = next++;
      try {
        results[index] = await work(index);
      } catch (error) {
        failures.set(index, error);
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(most, count) }, lane));
  if (failures.size > 0) throw failures.get(Math.min(...failures.keys()));
  return results;
}
