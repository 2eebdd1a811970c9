import { copyFileSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { silentLogger } from '../src/foundation/logger.ts';
import { measureShard, mergeShards, runGates } from '../src/gate.ts';
import * as library from '../src/library.ts';
import { reportSchema } from '../src/report/report-schema.ts';
import { parseShard, renderShard } from '../src/shards/shard-file.ts';
import expected from './fixtures/values-folds/expected.json' with { type: 'json' };

interface Numbers {
  readonly clean: number;
  readonly uniform: number;
  readonly mean: number;
  readonly std: number;
  readonly gap: number;
  readonly p: number;
}
interface Wanted {
  readonly all: Numbers;
  readonly folds: readonly Numbers[];
  readonly slices: Readonly<Record<string, Numbers>>;
}

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fusion-gate-folds-of-values-')));
beforeAll(() => {
  for (const [from, name] of [
    ['values-folds', 'eval.npz'],
    ['values-gate', 'bank.npz'],
  ]) {
    copyFileSync(fileURLToPath(new URL(`./fixtures/${from}/${name}`, import.meta.url)), join(folder, name));
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
const OWN = 'permutations: { count: 79, most: 79, secondary-count: 79 }';
const ONCE = ', fold: fold';
const SEEDS = ', id: id, fold: fold, seed: seed';

interface Wish {
  readonly metric: string;
  readonly columns: string;
  readonly lines?: readonly string[];
  readonly data?: string;
}

const isOfClasses = (metric: string): boolean => metric in expected.classes;

function suiteOf({ metric, columns, lines = [BANK, 'slices: [site]'], data = 'eval.npz' }: Wish) {
  const ofClasses = isOfClasses(metric);
  const expert = ofClasses ? 'p' : 'v';
  const text = [
    'gates:',
    '  - name: sentiment',
    '    fusion: weighted-mean',
    `    evaluation-set: ${data}`,
    `    columns: { label: ${ofClasses ? 'y' : 'sentiment'}${columns} }`,
    `    output: ${ofClasses ? '{ kind: probabilities, decision-threshold: 0.5 }' : '{ kind: value }'}`,
    '    modalities:',
    `      audio: { reliability: Q_audio, expert: ${expert}_audio }`,
    `      text: { reliability: Q_text, expert: ${expert}_text }`,
    `    metric: ${metric}`,
    ...(['mae', 'rmse'].includes(metric) ? ['    threshold: 0.02'] : []),
    '    interval: { resamples: 100 }',
    ...lines.map((line) => `    ${line}`),
  ];
  writeFileSync(join(folder, 'gate.yml'), text.join('\n'));
  return library.readConfig({ config: 'gate.yml', inputs: {} }, library.openWorkspace(folder));
}

async function judge(wish: Wish): Promise<library.GateReport> {
  return (await runGates((await suiteOf(wish)).gates, options())).gates[0];
}

function expectNumbers(found: Omit<Numbers, 'mean' | 'std'> & { broken: object }, wanted: Numbers): void {
  const { clean, uniform, broken, gap, p } = found;
  const rounded = (value: number): number => Math.round(value * 1e11) / 1e11 + 0;
  const all = Object.entries({ clean, uniform, ...broken, gap, p }).map(([key, value]) => [
    key,
    rounded(value),
  ]);
  expect(Object.fromEntries(all)).toEqual(
    Object.fromEntries(Object.entries(wanted).map(([key, value]) => [key, rounded(value as number)])),
  );
}

describe.each([
  ['folds', ONCE, { ...expected.values, ...expected.classes }],
  ['folds of seeds', SEEDS, { ...expected.valuesOfSeeds, ...expected.classesOfSeeds }],
] as const)('scikit-learn and SciPy give the same of %s,', (_, columns, wanted) => {
  it.each(Object.keys(wanted))('all, each and slices of them, by %s', async (metric) => {
    const { all, folds, slices } = (wanted as Readonly<Record<string, Wanted>>)[metric];
    const report = await judge({ metric, columns });
    const [gating] = report.metrics;
    expectNumbers({ ...gating, gap: gating.gap.value }, all);
    expect(report.gap.value).toBeCloseTo(all.gap, 12);
    expect(report.p.oneSided).toBeCloseTo(all.p, 12);
    expect(report.folds).toHaveLength(folds.length);
    folds.forEach((fold, f) => {
      expectNumbers(report.folds![f], fold);
    });
    expect(report.slices!.map(({ value, examples }) => [value, examples])).toEqual([
      ['east', 40],
      ['north', 72],
      ['south', 48],
    ]);
    for (const { value, found } of report.slices!) {
      expectNumbers({ ...found!, gap: found!.gap.value }, slices[value]);
    }
    expect(() => reportSchema.shape.gates.element.parse(report)).not.toThrow();
  });
});

describe('experts on values, in folds,', () => {
  it.each(Object.keys(expected.experts))('are worth by %s what scikit-learn and SciPy say', async (name) => {
    const metric = name as keyof typeof expected.experts;
    const report = await judge({ metric, columns: ONCE, lines: [BANK] });
    const { metric: alone, oracle } = expected.experts[metric];
    expect(report.expertMetric!.audio).toBeCloseTo(alone[0], 12);
    expect(report.expertMetric!.text).toBeCloseTo(alone[1], 12);
    const sign = ['mae', 'rmse'].includes(metric) ? -1 : 1;
    const of = (which: number) => oracle.map((fold) => fold?.[which] ?? NaN);
    const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
    if (oracle.includes(null as never)) {
      expect(report.headroom).toBeNull();
      expect(report.acrossFolds!.headroom).toBeNull();
    } else {
      expect(report.headroom!.oracle).toBeCloseTo(mean(of(0)), 12);
      const { clean } = report.metrics[0];
      expect(report.headroom!.value).toBeCloseTo(sign * (mean(of(0)) - clean), 12);
      expect(report.headroom!.chanceMatched).toBeCloseTo(sign * (mean(of(1)) - clean), 12);
      report.folds!.forEach((fold, f) => {
        expect(fold.headroom!.oracle).toBeCloseTo(of(0)[f], 12);
        expect(fold.headroom!.chanceMatched).toBeCloseTo(sign * (of(1)[f] - fold.clean), 12);
      });
      expect(report.acrossFolds!.headroom!.mean).toBeCloseTo(report.headroom!.value, 12);
      expect(report.controls.correctness!.headroom).not.toBeNull();
    }
    expect(report.competitiveness).toBeNull();
  });

  it('are aligned with their scores as SciPy says', async () => {
    const { folds, alignment } = await judge({ metric: 'ccc', columns: ONCE, lines: [BANK] });
    ['audio', 'text'].forEach((name, m) => {
      (['pearson', 'spearman', 'auroc'] as const).forEach((key, k) => {
        folds!.forEach((fold, f) => {
          expect(fold.alignment![name][key]).toBeCloseTo(expected.alignment[f][m][k], 12);
        });
        const mean = expected.alignment.reduce((sum, fold) => sum + fold[m][k] / 4, 0);
        expect(alignment![name][key]).toBeCloseTo(mean, 12);
      });
    });
  });
});

describe('a slice of folds', () => {
  it.each(['mae', 'rmse', 'spearman', 'acc-2-without-zero', 'accuracy', 'auroc'])(
    'is by %s the gate on its rows alone, without folds and with the same draws',
    async (metric) => {
      const { slices } = await judge({ metric, columns: ONCE });
      for (const { value, found } of slices!) {
        const alone = await judge({ metric, columns: `, subset: in_${value}`, lines: [BANK] });
        const [{ clean, gap, p }] = alone.metrics;
        expect(found!.clean).toBeCloseTo(clean, 12);
        expect(found!.p).toBe(p);
        // To a few grains, which are in the unit of the largest value of all rows, or of those alone.
        expect(found!.gap.lower).toBeCloseTo(gap.lower, 5);
        expect(found!.gap.upper).toBeCloseTo(gap.upper, 5);
      }
    },
  );

  it('is corrected for their number, and needs enough examples in each repeat', async () => {
    const { slices } = await judge({ metric: 'mae', columns: SEEDS });
    const sorted = slices!.map(({ found }) => found!).toSorted((a, b) => a.p - b.p);
    let largest = 0;
    sorted.forEach(({ p, adjustedP }, i) => {
      largest = Math.min(1, Math.max(largest, p * (3 - i)));
      expect(adjustedP).toBeCloseTo(largest, 12);
    });
    // The folds have 21, 21, 20 and 18 rows in one seed, and 21, 19, 19 and 21 in the other.
    const folds = await judge({ metric: 'mae', columns: SEEDS, lines: [BANK, 'slices: [fold]'] });
    const few = 'too few examples';
    expect(folds.slices!.map(({ leftOut }) => leftOut)).toEqual([null, few, few, few]);
  });

  it('stands in every form of the report', async () => {
    const { gates } = await suiteOf({ metric: 'mae', columns: ONCE, lines: [OWN, 'slices: [site]'] });
    const report = await runGates(gates, options());
    const markdown = library.renderMarkdown(report, { limit: 60_000 });
    expect(markdown).toContain('within each fold');
    expect(markdown).toContain('A slice is measured over all folds at once.');
    expect(markdown).toContain('Pearson: of score and nearness of the expert');
    const text = library.renderText(report, { colour: false });
    expect(text).toMatch(/folds +4, gap/);
    expect(text).toMatch(/slices +of 3 the smallest gap/);
    expect(library.renderHtml(report)).toContain('A slice is measured over all folds at once.');
    for (const shown of [markdown, text]) expect(shown).not.toMatch(/NaN|undefined|Infinity|null/);
  });
});

describe('folds and slices of values', () => {
  it.each([
    ['mae', ONCE],
    ['ccc', ONCE],
    ['acc-2-without-zero', SEEDS],
    ['rmse', SEEDS],
    ['auroc', ONCE],
    ['balanced-accuracy', SEEDS],
  ])('are merged from shards byte for byte: %s, %s', async (metric, columns) => {
    const suite = await suiteOf({ metric, columns, lines: [OWN, 'slices: [site, fold]'] });
    const shards = [];
    for (const index of [1, 2, 3]) {
      const path = `${index}.json`;
      const text = renderShard(await measureShard(suite, { index, of: 3 }, options()));
      shards.push({ path, file: parseShard(text, path) });
    }
    const text = (report: library.RunReport) => library.renderJson(report).replace(/"seconds": [\d.]+/, '');
    expect(text(mergeShards(shards, '1'))).toBe(text(await runGates(suite.gates, options())));
  });

  it('are those of models of their own', async () => {
    const lines = [OWN, 'folds: [{ name: a, subset: in_north }, { name: b, subset: in_south }]'];
    const report = await judge({ metric: 'mae', columns: '', lines });
    expect(report.folds!.map(({ name, examples }) => [name, examples])).toEqual([
      ['a', 72],
      ['b', 48],
    ]);
    for (const [f, site] of ['north', 'south'].entries()) {
      const alone = await judge({ metric: 'mae', columns: `, subset: in_${site}`, lines: [OWN] });
      expect(report.folds![f].clean).toBeCloseTo(alone.metrics[0].clean, 12);
      expect(report.folds![f].headroom!.oracle).toBeCloseTo(alone.headroom!.oracle, 12);
    }
  });

  it('say in which fold a metric is not defined', async () => {
    const head = 'sentiment,Q_audio,Q_text,v_audio,v_text,fold';
    const rows = Array.from({ length: 60 }, (_, i) => {
      const wave = (turn: number) => Math.sin(turn * (i + 1));
      return [
        i < 30 ? 0 : wave(1),
        0.5 + wave(7) / 2.5,
        0.5 - wave(7) / 2.5,
        wave(3),
        wave(5),
        i < 30 ? 0 : 1,
      ];
    });
    writeFileSync(join(folder, 'still.csv'), [head, ...rows.map((row) => row.join())].join('\n'));
    const of = (metric: string, lines: readonly string[] = [OWN]) =>
      judge({ metric, columns: ONCE, data: 'still.csv', lines });
    await expect(of('pearson')).rejects.toThrow(/The metric pearson is not defined in fold 0, because/);
    await expect(of('acc-2-without-zero')).rejects.toThrow(
      'The metric acc-2-without-zero is not defined in fold 0, because every true value is 0; evaluate on other rows, or choose another metric.',
    );
    // As scikit-learn has it: 0 where the truth is constant and the values are not.
    const { folds, headroom } = await of('r2');
    expect(folds![0]).toMatchObject({ clean: 0, gap: 0, headroom: null });
    expect(headroom).toBeNull();
    const { slices } = await judge({
      metric: 'pearson',
      columns: '',
      data: 'still.csv',
      lines: [OWN, 'slices: [fold]'],
    });
    expect(slices!.map(({ leftOut }) => leftOut)).toEqual(['metric not defined', null]);
  });
});
