import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';

import { readConfig } from '../../src/config/read-config.ts';
import { METRICS, RULES } from '../../src/config/schema.ts';
import { VERDICTS } from '../../src/diagnostic/diagnosis.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';

const read = (path: string): string => readFileSync(new URL(`../../${path}`, import.meta.url), 'utf8');

const readme = read('README.md');
const [models, metrics, evaluation] = ['models-and-data', 'metrics', 'evaluation'].map((page) =>
  read(`docs/${page}.md`),
);
const action = parse(read('action.yml')) as Record<
  'inputs' | 'outputs',
  Record<string, { default?: string }>
>;
const yamlBlocks = [readme, models, metrics, evaluation].flatMap((page) =>
  [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, block]) => block),
);
const configs = yamlBlocks.filter((block) => /^gates:/m.test(block));
const steps = yamlBlocks.flatMap((block) => inputsIn(parse(block)));

/** What every use of the action in a workflow, or a part of one, says under `with:`. */
function inputsIn(node: unknown): object[] {
  if (typeof node !== 'object' || node === null) return [];
  if ('uses' in node && node.uses === 'OWNER/fusion-gate@v1' && 'with' in node) return [node.with as object];
  return Object.values(node).flatMap(inputsIn);
}

describe('the README and its pages', () => {
  it('has configs and steps to check', () => {
    expect(configs.length).toBeGreaterThanOrEqual(2);
    expect(steps.length).toBeGreaterThanOrEqual(4);
  });

  it.each(configs)('shows a config that is valid: %s', async (config) => {
    const folder = mkdtempSync(join(tmpdir(), 'readme-'));
    try {
      writeFileSync(join(folder, 'fusion-gate.yml'), config);
      const { gates } = await readConfig({}, openWorkspace(folder));
      expect(gates).toHaveLength(1);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(steps)('gives the action inputs that it has: %o', (inputs) => {
    expect(Object.keys(action.inputs)).toEqual(expect.arrayContaining(Object.keys(inputs)));
  });

  it.each(Object.keys(action.outputs))('names the output %s', (output) => {
    expect(readme).toContain(`\`${output}\``);
  });

  it.each(Object.entries(action.inputs).filter(([, input]) => input.default !== undefined))(
    'names the input %s with its default',
    (input, settings) => {
      const row = readme.split('\n').find((line) => line.startsWith(`| \`${input}\``));
      expect(row).toContain(settings.default);
    },
  );

  it('has links that lead somewhere', () => {
    const pages = {
      '': readme,
      'docs/': [models, metrics, evaluation, read('docs/method.md'), read('docs/speed.md')].join('\n'),
    };
    for (const [folder, text] of Object.entries(pages)) {
      for (const [, target] of text.matchAll(/\]\((?!https?:|#)([^)#]+)/g)) {
        expect(existsSync(new URL(`../../${folder}${target}`, import.meta.url)), target).toBe(true);
      }
    }
  });

  it.each(VERDICTS)('explains the verdict %s', (verdict) => {
    expect(readme).toMatch(new RegExp(`^\\| \`${verdict}\` `, 'm'));
  });

  it.each(METRICS)('explains the metric %s', (metric) => {
    expect(metrics).toMatch(new RegExp(`^\\| \`${metric}\` `, 'm'));
  });

  it.each(RULES)('explains the rule %s', (rule) => {
    expect(models).toMatch(new RegExp(`^\\| \`${rule}\` `, 'm'));
  });
});
