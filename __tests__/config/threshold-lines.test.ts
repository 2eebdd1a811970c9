import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { expect, it } from 'vitest';

import { thresholdLines } from '../../src/config/threshold-lines.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';

async function linesOf(text: string): Promise<object> {
  const folder = mkdtempSync(join(tmpdir(), 'lines-'));
  try {
    writeFileSync(join(folder, 'gates.yml'), text);
    return Object.fromEntries(await thresholdLines('gates.yml', openWorkspace(folder)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('finds the line that sets the threshold, or that on which the gate begins', async () => {
  const text = `# two gates
gates:
  - name: audio
    threshold: 0.01

  - name: video
    metric: accuracy
  - { name: text, threshold: 0.02 }
`;
  expect(await linesOf(text)).toEqual({ audio: 4, video: 6, text: 8 });
});

it.each(['[]', 'gates: 7', 'gates: []', ''])('finds none in %j', async (text) => {
  expect(await linesOf(text)).toEqual({});
});

it('refuses a text that is no plain config before it is read a second time', async () => {
  await expect(linesOf(`gates: ${'['.repeat(60)}`)).rejects.toThrow('nests more than 50 deep');
});
