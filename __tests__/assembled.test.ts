import { readFile } from 'node:fs/promises';

import { expect, it } from 'vitest';

const SCRIPT = '../scripts/assemble.mjs';

it('every file that npm run assemble makes is what it makes of its sources', async () => {
  const { assembled } = (await import(SCRIPT)) as { assembled: () => Promise<Map<string, string>> };
  const made = await assembled();
  expect(made.size).toBe(4);
  for (const [path, text] of made) expect(await readFile(path, 'utf8')).toBe(text);
});
