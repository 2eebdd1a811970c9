import { setImmediate as turn } from 'node:timers/promises';

import { describe, expect, it } from 'vitest';

import { inFlight } from '../../../src/model/frozen-graph/in-flight.ts';

/** Takes so many turns of the event loop. */
async function after(turns: number): Promise<void> {
  for (let i = 0; i < turns; i++) await turn();
}

describe('inFlight', () => {
  it.each([1, 3, 100])('hands over results in the order of the work, %d at a time', async (most) => {
    let [now, highest] = [0, 0];
    const results = await inFlight(7, most, async (index) => {
      highest = Math.max(highest, ++now);
      await after(7 - index);
      now--;
      return index * index;
    });
    expect(results).toEqual([0, 1, 4, 9, 16, 25, 36]);
    expect(highest).toBe(Math.min(most, 7));
  });

  it('throws what the first piece by its place throws, and begins none after a failure', async () => {
    const begun: number[] = [];
    const work = async (index: number): Promise<void> => {
      begun.push(index);
      await after(index === 1 ? 9 : 1);
      if (index >= 1) throw new Error(`piece ${index}`);
    };
    await expect(inFlight(10, 3, work)).rejects.toThrow('piece 1');
    expect(begun.length).toBeLessThanOrEqual(4);
  });
});
