import { rmSync } from 'node:fs';

import { afterAll, describe, expect, it } from 'vitest';

import packageFile from '../package.json' with { type: 'json' };
import * as library from '../src/library.ts';
import { createWorkspace } from './e2e/workspace.ts';

const folder = createWorkspace();
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the library', () => {
  it('goes from a config to a report, and prints nothing', async () => {
    const workspace = library.openWorkspace(folder);
    const { gates } = await library.readConfig({ config: 'truthful.yml', inputs: { seed: '5' } }, workspace);
    const report = await library.runGates(gates, { workspace });

    expect(report.tool).toEqual({ name: 'fusion-gate', version: packageFile.version });
    expect(report.gates[0]).toMatchObject({ verdict: 'quality-aware', broken: { seed: 5 } });
    expect(library.exitStatus(report.conclusion)).toBe(0);
    expect(library.renderText(report, { colour: false })).toContain('PASS stress');
    expect(library.renderMarkdown(report, { limit: 10_000 })).toContain('<code>stress</code>');
    expect(JSON.parse(library.renderJson(report))).toMatchObject({ conclusion: 'success' });
  });

  it('throws what the user can mend as a ConfigurationError, in plain words', async () => {
    const workspace = library.openWorkspace(folder);
    const reading = library.readConfig({ config: 'truthful.yml', inputs: { alpha: 'x' } }, workspace);
    await expect(reading).rejects.toThrow(
      new library.ConfigurationError('"alpha" must be a number, but is "x".'),
    );
  });
});
