import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { silentLogger } from '../src/foundation/logger.ts';
import { measureShard, mergeShards, runGates as run } from '../src/gate.ts';
import * as library from '../src/library.ts';
import { reportSchema } from '../src/report/report-schema.ts';
import { parseShard, renderShard } from '../src/shards/shard-file.ts';
import expected from './fixtures/values-gate/expected.json' with { type: 'json' };

type MetricName = keyof typeof expected.metrics;
const NAMES = Object.keys(expected.metrics) as MetricName[];

const folder = mkdtempSync(join(tmpdir(), 'fusion-gate-values-'));
beforeAll(() => {
  for (const file of ['eval.npz', 'bank.npz', 'values.onnx']) {
    copyFileSync(
      fileURLToPath(new URL(`./fixtures/values-gate/${file}`, import.meta.url)),
      join(folder, file),
    );
  }
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const options = () => ({
  workspace: library.openWorkspace(folder),
  threads: 1,
  logger: silentLogger,
  version: '1',
});

const BANK =
  'permutations: { bank: { path: bank.npz, scores: { audio: audio, text: text } }, secondary-count: 39 }';
const CACHED = ['fusion: weighted-mean', 'output: { kind: value }'];
const MODEL = ['model: values.onnx', 'engine: onnxruntime-web', 'output: { tensor: sentiment, kind: value }'];

interface Wish {
  readonly metric?: string;
  readonly metrics?: readonly string[];
  readonly candidate?: readonly string[];
  readonly inputs?: boolean;
  readonly lines?: readonly string[];
  readonly data?: string;
  readonly block?: string;
}

function suiteOf({
  metric,
  metrics = [],
  candidate = CACHED,
  lines = [BANK],
  data = 'eval.npz',
  block,
}: Wish = {}) {
  const isModel = candidate === MODEL;
  const evidence = (name: string) => (isModel ? `inputs: [E_${name}], ` : '');
  const unit = metric === undefined || metric === 'mae' || metric === 'rmse';
  const text = [
    'gates:',
    '  - name: sentiment',
    `    evaluation-set: ${data}`,
    `    columns: { label: sentiment${block === undefined ? '' : `, block: ${block}`} }`,
    '    modalities:',
    `      audio: { ${evidence('audio')}reliability: Q_audio, expert: v_audio }`,
    `      text: { ${evidence('text')}reliability: Q_text, expert: v_text }`,
    `    metrics: [${metrics.join(', ')}]`,
    ...(metric === undefined ? [] : [`    metric: ${metric}`]),
    ...(unit && !lines.some((line) => line.startsWith('threshold')) ? ['    threshold: 0.02'] : []),
    ...[...candidate, ...lines].map((line) => `    ${line}`),
  ];
  writeFileSync(join(folder, 'gate.yml'), text.join('\n'));
  return library.readConfig({ config: 'gate.yml', inputs: {} }, library.openWorkspace(folder));
}

async function judge(wish: Wish = {}): Promise<library.GateReport> {
  const { gates } = await suiteOf(wish);
  return (await run(gates, options())).gates[0];
}

describe('a gate on values gives what scikit-learn and SciPy do', () => {
  it.each(NAMES)('metrics, gaps and p-values, where %s gates', async (metric) => {
    const report = await judge({ metric, metrics: NAMES.filter((name) => name !== metric) });
    expect(report.metrics.map(({ name }) => name).sort()).toEqual(NAMES.toSorted());
    for (const { name, clean, uniform, broken, gap, p } of report.metrics) {
      const wanted = expected.metrics[name as MetricName];
      const found = { clean, uniform, mean: broken.mean, std: broken.std, gap: gap.value };
      for (const [key, value] of Object.entries(found)) {
        const other = wanted[key as keyof typeof found];
        expect([name, key, Math.abs(value - other) < 1e-12, value, other]).toEqual([
          name,
          key,
          true,
          value,
          other,
        ]);
      }
      expect([name, p]).toEqual([name, wanted.p]);
    }
    expect(report.gap.value).toBeCloseTo(expected.metrics[metric].gap, 12);
    expect(report.p.oneSided).toBe(expected.metrics[metric].p);
    const { oracle, metric: alone } = expected.experts;
    expect(report.expertMetric!.audio).toBeCloseTo(alone.audio[metric], 12);
    expect(report.expertMetric!.text).toBeCloseTo(alone.text[metric], 12);
    if (metric in oracle) {
      const [best, byChance] = oracle[metric as keyof typeof oracle];
      const sign = metric === 'mae' || metric === 'rmse' ? -1 : 1;
      const { clean } = expected.metrics[metric];
      expect(report.headroom!.oracle).toBeCloseTo(best, 12);
      expect(report.headroom!.value).toBeCloseTo(sign * (best - clean), 12);
      expect(report.headroom!.chanceMatched).toBeCloseTo(sign * (byChance - clean), 12);
    } else {
      expect(report.headroom).toBeNull();
    }
  });

  it('errors of the gap, by every metric', async () => {
    const report = await judge({ metric: NAMES[0], metrics: NAMES.slice(1) });
    for (const { name, gap } of report.metrics) {
      const { error } = expected.metrics[name as MetricName];
      // Half of the width of a 95 % interval is 1.96 errors, to a tenth in 400 resamples and a fifth in 50 groups.
      const found = (gap.upper - gap.lower) / 2 / 1.96;
      expect([name, gap.lower < gap.value && gap.value < gap.upper]).toEqual([name, true]);
      expect([name, Math.abs(Math.log(found / error)) < 0.35, found, error]).toEqual([
        name,
        true,
        found,
        error,
      ]);
    }
  });

  it('alignment with the error of the expert, flips and movement', async () => {
    const { alignment, flipRate, movement } = await judge();
    for (const name of ['audio', 'text'] as const) {
      for (const key of ['pearson', 'spearman', 'auroc'] as const) {
        expect(alignment![name][key]).toBeCloseTo(expected.experts.alignment[name][key], 12);
      }
    }
    expect(flipRate).toEqual(expected.flips);
    expect(movement!.mean).toBeCloseTo(expected.movement.mean, 12);
    expect(movement!.max).toBeCloseTo(expected.movement.max, 12);
  });
});

describe('a gate on values', () => {
  it('has no number of classes, gates by MAE, and passes where the scores tell', async () => {
    const report = await judge({ lines: ['threshold: 0.02', 'permutations: { count: 199, most: 199 }'] });
    expect(report).toMatchObject({ task: 'regression', metric: 'mae', verdict: 'quality-aware' });
    expect(report).toMatchObject({ clean: null, uniform: null, experts: null, competitiveness: null });
    expect(report.broken).toMatchObject({ mean: null, std: null });
    expect(report.reason).toMatch(/^Shuffling the reliability scores raises MAE by 0\.1\d+ /);
    expect(report.controls.correctness).toMatchObject({ passed: true });
    // What the nearest expert of each example would add to shuffled truths: a mixture may add more.
    expect(report.controls.correctness!.headroom).toBeGreaterThan(report.headroom!.value);
    expect(report.controls.corruption!.passed).toBe(true);
    expect(() =>
      reportSchema.parse({
        version: 1,
        tool: { name: 'fusion-gate', version: '1' },
        conclusion: 'success',
        gates: [report],
      }),
    ).not.toThrow();
  });

  it('is the same of an ONNX model as of its experts, but for float32', async () => {
    const [model, cached] = [await judge({ candidate: MODEL }), await judge()];
    expect(model.verdict).toBe(cached.verdict);
    expect(model.p).toEqual(cached.p);
    expect(model.gap.value).toBeCloseTo(cached.gap.value, 6);
    expect(model.gap.lower).toBeCloseTo(cached.gap.lower, 6);
    expect(model.headroom!.oracle).toBeCloseTo(cached.headroom!.oracle, 6);
    expect(model.controls.correctness!.gap).toBeCloseTo(cached.controls.correctness!.gap, 6);
    expect(model.controls.corruption!.gap).toBeCloseTo(cached.controls.corruption!.gap, 6);
    expect(model.movement!.mean).toBeCloseTo(cached.movement!.mean, 6);
  });

  it('does not depend on the unit of the label', async () => {
    const rows = (unit: number) =>
      Array.from({ length: 60 }, (_, i) => {
        const wave = (turn: number) => Math.sin(turn * (i + 1));
        const [y, q] = [wave(1), 0.5 + wave(7) / 2.5];
        return [y * unit, q, 1 - q, (y + (1 - q) * wave(3)) * unit, (y + q * wave(5)) * unit].join();
      });
    const reports = [];
    for (const unit of [1, 2 ** -20, 2 ** 20]) {
      const name = `unit-${String(unit)}.csv`;
      writeFileSync(
        join(folder, name),
        ['sentiment,Q_audio,Q_text,v_audio,v_text', ...rows(unit)].join('\n'),
      );
      reports.push(
        await judge({
          data: name,
          lines: [`threshold: ${0.02 * unit}`, 'permutations: { count: 99, most: 99 }'],
        }),
      );
    }
    const scaled = (report: library.GateReport, unit: number) => ({
      p: report.p,
      verdict: report.verdict,
      gap: [report.gap.value, report.gap.lower, report.gap.upper].map((value) => value / unit),
      oracle: report.headroom!.oracle / unit,
      control: report.controls.corruption!.gap / unit,
      flips: report.flipRate,
      moved: report.movement!.mean / unit,
    });
    expect(scaled(reports[1], 2 ** -20)).toEqual(scaled(reports[0], 1));
    expect(scaled(reports[2], 2 ** 20)).toEqual(scaled(reports[0], 1));
    // A gap of 1e-7 is no row of zeros.
    expect(reports[1].reason).toMatch(/MAE by 0\.0+[1-9]/);
  });

  it.each([
    ['mae', ['pearson', 'acc-2-without-zero']],
    ['spearman', []],
    ['acc-2-without-zero', ['rmse']],
  ])('is merged from shards byte for byte: %s with %j', async (metric, metrics) => {
    const suite = await suiteOf({
      metric,
      metrics,
      lines: ['permutations: { count: 99, most: 99, secondary-count: 99 }'],
    });
    const shards = [];
    for (const index of [1, 2, 3]) {
      const path = `${index}.json`;
      const text = renderShard(await measureShard(suite, { index, of: 3 }, options()));
      shards.push({ path, file: parseShard(text, path) });
    }
    const text = (report: library.RunReport) => library.renderJson(report).replace(/"seconds": [\d.]+/, '');
    expect(text(mergeShards(shards, '1'))).toBe(text(await run(suite.gates, options())));
  });

  it('counts blocks, and no blocks of which no example counts', async () => {
    // Each sentiment four times; those of the last five blocks are 0, which acc-2-without-zero leaves out.
    const rows = Array.from({ length: 100 }, (_, i) => {
      const block = i >> 2;
      const y = block < 20 ? Math.sin(block + 1) : 0;
      const q = 0.5 + Math.sin(7 * (i + 1)) / 2.5;
      return [y, q, 1 - q, y + (1 - q) * Math.sin(3 * i), y + q * Math.sin(5 * i), `s${block}`].join();
    });
    writeFileSync(
      join(folder, 'blocks.csv'),
      ['sentiment,Q_audio,Q_text,v_audio,v_text,subject', ...rows].join('\n'),
    );
    const lines = ['permutations: { count: 99, most: 99 }'];
    const of = (metric: string, block?: string) => judge({ metric, data: 'blocks.csv', lines, block });
    const [blocks, alone] = [await of('acc-2-without-zero', 'subject'), await of('acc-2-without-zero')];
    expect(blocks.exchange).toMatchObject({ within: ['block "subject"'], moved: 'rows', groups: 25 });
    expect(blocks.power).toMatchObject({ examples: 100, clusters: 25 });
    // 0.05^(1/20) of the 20 blocks that count, and 0.05^(1/80) of their examples.
    expect(blocks.equivalence.unseen).toBeCloseTo(1 - 0.05 ** (1 / 20), 12);
    expect(alone.equivalence.unseen).toBeCloseTo(1 - 0.05 ** (1 / 80), 12);
    const mae = await of('mae', 'subject');
    expect(mae.gap.lower).toBeLessThan(mae.gap.value);
    expect(mae.gap.upper).toBeGreaterThan(mae.gap.value);
    expect((await of('ccc', 'subject')).power.clusters).toBe(25);
  });

  it('stops early like any other', async () => {
    const whole = await judge({ lines: ['permutations: { count: 199, most: 199 }'] });
    const early = await judge({ lines: ['permutations: { count: 199, sequential: true }'] });
    expect(early.verdict).toBe(whole.verdict);
    expect(early.metrics[0].clean).toBe(whole.metrics[0].clean);
  });

  it('reads naturally in every form of the report', async () => {
    const { gates } = await suiteOf({ metrics: ['pearson'] });
    const report = await run(gates, options());
    const markdown = library.renderMarkdown(report, { limit: 60_000 });
    expect(markdown).toContain('| Scores | MAE (lower is better) |');
    expect(markdown).toContain('Correctness: the score names the expert that is nearest to the truth');
    expect(markdown).toContain('How far a shuffle moves a value, mean over shuffles');
    expect(markdown).not.toContain('Balanced accuracy');
    const text = library.renderText(report, { colour: false });
    expect(text).toMatch(/MAE +0\.4512 as given, 0\.5605 over 39 shuffles/);
    expect(library.renderLatex(report)).toContain('Metric: MAE.');
    for (const shown of [markdown, text]) expect(shown).not.toMatch(/NaN|undefined|Infinity|null/);
  });
});
