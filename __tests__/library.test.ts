import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, it } from 'vitest';

import packageFile from '../package.json' with { type: 'json' };
import * as library from '../src/library.ts';
import { newRepository } from './baseline/repository.ts';
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

  it('compares with another commit', async () => {
    const repository = newRepository(createWorkspace());
    const sha = repository.commit({});
    const workspace = library.openWorkspace(repository.folder);
    const wishes = { config: 'truthful.yml' };
    const { gates } = await library.readConfig(wishes, workspace);
    const report = await library.runGates(gates, { workspace, base: { rev: 'main', wishes } });
    expect(report.gates[0].base).toMatchObject({ sha, ref: 'main', source: 'same' });

    const unknown = library.runGates(gates, { workspace, base: { rev: 'mian', wishes } });
    await expect(unknown).rejects.toThrow(library.ConfigurationError);
    await expect(unknown).rejects.toThrow(/"base\.rev".*mian/);
    repository.remove();
  });

  it('measures shards and merges them', async () => {
    const workspace = library.openWorkspace(folder);
    const suite = await library.readConfig({ config: 'truthful.yml' }, workspace);
    for (const index of [1, 2]) {
      const measured = await library.measureShard(suite, { index, of: 2 }, { workspace });
      writeFileSync(join(folder, `part-${index}.json`), library.renderShard(measured));
    }
    const merged = library.mergeShards(await library.readShards(['part-*.json'], workspace));
    const whole = await library.runGates(suite.gates, { workspace });
    const withoutTime = (report: library.RunReport) =>
      library.renderJson(report).replace(/"seconds": .*/g, '');
    expect(withoutTime(merged)).toBe(withoutTime(whole));
  });

  it('splits a model in two, and writes nothing', async () => {
    const models = fileURLToPath(new URL('./fixtures/model/inside/', import.meta.url));
    const workspace = library.openWorkspace(models);
    const { prefix, suffix } = await library.split(
      { model: 'energy-script.onnx', at: ['/Div_output_0', '/Div_1_output_0'] },
      { workspace },
    );
    const names = (infos: readonly { readonly name: string }[]) => infos.map(({ name }) => name);
    expect(names(prefix.inputs)).toEqual(['audio', 'video']);
    expect(names(suffix.inputs)).toEqual(names(prefix.outputs));
    expect(names(suffix.outputs)).toEqual(['fused']);
  });

  it('throws what the user can mend as a ConfigurationError, in plain words', async () => {
    const workspace = library.openWorkspace(folder);
    const reading = library.readConfig({ config: 'truthful.yml', inputs: { alpha: 'x' } }, workspace);
    await expect(reading).rejects.toThrow(
      new library.ConfigurationError('"alpha" must be a number, but is "x".'),
    );
  });
});
