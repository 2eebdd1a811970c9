import { describe, expect, it } from 'vitest';

import { GaveUp, withRetries } from '../../src/github/retry.ts';

function refused(status: number, headers: Record<string, string> = {}): Error {
  return Object.assign(new Error('HttpError'), { status, response: { headers, data: { message: 'No' } } });
}

/** Does the work with these failures before it succeeds; says what came of it and which pauses were made. */
async function tryThrough(...failures: Error[]): Promise<{ outcome: string; pauses: number[] }> {
  const pauses: number[] = [];
  const work = () => {
    const failure = failures.shift();
    return failure === undefined ? Promise.resolve('done') : Promise.reject(failure);
  };
  const pause = (milliseconds: number) => Promise.resolve(void pauses.push(milliseconds));
  const outcome = await withRetries(work, pause).catch((error: unknown) => {
    if (!(error instanceof GaveUp)) throw error;
    return `gave up on ${error.failure.status ?? 'no status'} after ${error.tries}`;
  });
  return { outcome, pauses };
}

describe('withRetries', () => {
  it('pauses 1 s, then 3 s, for what may pass', async () => {
    expect(await tryThrough(refused(500), refused(503))).toEqual({ outcome: 'done', pauses: [1000, 3000] });
    const unreachable = Object.assign(new Error('ECONNRESET'), { status: 500 });
    expect(await tryThrough(unreachable)).toEqual({ outcome: 'done', pauses: [1000] });
  });

  it.each([408, 409])('asks again after a %i', async (status) => {
    expect(await tryThrough(refused(status))).toEqual({ outcome: 'done', pauses: [1000] });
  });

  it('gives up after the third try', async () => {
    const { outcome, pauses } = await tryThrough(refused(502), refused(502), refused(502));
    expect(outcome).toBe('gave up on 502 after 3');
    expect(pauses).toHaveLength(2);
  });

  it.each([401, 403, 404, 410, 422])('does not ask again after a %i', async (status) => {
    expect(await tryThrough(refused(status))).toEqual({
      outcome: `gave up on ${status} after 1`,
      pauses: [],
    });
  });

  it.each([403, 429])('waits as long as a rate limit of status %i asks', async (status) => {
    expect(await tryThrough(refused(status, { 'retry-after': '7' }))).toEqual({
      outcome: 'done',
      pauses: [7000],
    });
  });

  it('does not wait for more than a minute', async () => {
    expect(await tryThrough(refused(429, { 'retry-after': '61' }))).toEqual({
      outcome: 'gave up on 429 after 1',
      pauses: [],
    });
  });

  it('does not repeat a bug', async () => {
    expect(await tryThrough(new TypeError('undefined is not a function'))).toEqual({
      outcome: 'gave up on no status after 1',
      pauses: [],
    });
  });
});
