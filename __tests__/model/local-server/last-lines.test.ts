import { PassThrough } from 'node:stream';

import { expect, it } from 'vitest';

import { keepLastLines } from '../../../src/model/local-server/last-lines.ts';

async function linesOf(...chunks: readonly (string | Buffer)[]): Promise<readonly string[]> {
  const stream = new PassThrough();
  const told: string[] = [];
  const last = keepLastLines([stream], (line) => told.push(line));
  for (const chunk of chunks) stream.write(chunk);
  stream.end();
  await new Promise((resolve) => stream.once('end', resolve));
  expect(told.slice(-20)).toEqual(last());
  return last();
}

it('joins lines that come in pieces, and ends the last one', async () => {
  expect(await linesOf('one\ntw', 'o\r\nthree\rfo', 'ur')).toEqual(['one', 'two', 'three', 'four']);
});

it('joins a letter that comes in pieces', async () => {
  const bytes = Buffer.from('naïve ✓\n');
  expect(await linesOf(bytes.subarray(0, 3), bytes.subarray(3, 8), bytes.subarray(8))).toEqual(['naïve ✓']);
});

it('takes out what would steer a terminal, and empty lines', async () => {
  expect(await linesOf('\u001b[31mred\u001b[0m\n\n \n', 'a\u0007b\u202ec\n')).toEqual(['red', 'a b c']);
});

it('keeps 20 lines of 300 characters, whatever is printed', async () => {
  const many = Array.from({ length: 50 }, (_, i) => `${i}\n`).join('');
  expect(await linesOf(many)).toEqual(Array.from({ length: 20 }, (_, i) => String(30 + i)));
  const [first, ...rest] = await linesOf('x'.repeat(1_000_000));
  expect(first).toBe(`${'x'.repeat(300)}…`);
  expect(rest.length).toBeLessThan(20);
});
