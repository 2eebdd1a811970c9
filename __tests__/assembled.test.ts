import { readFile } from 'node:fs/promises';

import { expect, it } from 'vitest';

const SCRIPT = '../scripts/assemble.mjs';

it('every NAME.wasm.ts is what npm run assemble makes of its NAME.wat', async () => {
  const { assembled } = (await import(SCRIPT)) as { assembled: () => Promise<Map<string, string>> };
  const made = await assembled();
  expect(made.size).toBe(3);
  for (const [path, text] of made) expect(await readFile(path, 'utf8')).toBe(text);
});
