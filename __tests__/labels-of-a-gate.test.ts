import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { runAgainstBase } from '../src/against-base.ts';
import { randomFor } from '../src/diagnostic/random.ts';
import { silentLogger } from '../src/foundation/logger.ts';
import { measureShard, mergeShards, runGates as run } from '../src/gate.ts';
import * as library from '../src/library.ts';
import { reportSchema } from '../src/report/report-schema.ts';
import { parseShard, renderShard } from '../src/shards/shard-file.ts';
import type { FoundBase } from '../src/report/base-report.ts';
import { newRepository, type TestRepository } from './baseline/repository.ts';
import expected from './fixtures/labels-gate/expected.json' with { type: 'json' };

type MetricName = keyof typeof expected.metrics;
const NAMES = Object.keys(expected.metrics) as MetricName[];

const folder = mkdtempSync(join(tmpdir(), 'fusion-gate-labels-'));
beforeAll(() => {
  for (const file of ['eval.npz', 'bank.npz', 'router.npz', 'labels.onnx']) {
    copyFileSync(
      fileURLToPath(new URL(`./fixtures/labels-gate/${file}`, import.meta.url)),
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
const CACHED = ['fusion: logit-sum', 'output: { kind: logits, multi-label: true }'];
const MODEL = [
  'model: labels.onnx',
  'engine: onnxruntime-web',
  'output: { tensor: tags, kind: logits, multi-label: true }',
];

interface Wish {
  readonly metric?: string;
  readonly metrics?: readonly string[];
  readonly candidate?: readonly string[];
  readonly lines?: readonly string[];
  readonly data?: string;
  readonly columns?: string;
  /** Columns of the experts begin so. */
  readonly expert?: string;
}

function suiteOf({
  metric,
  metrics = [],
  candidate = CACHED,
  lines = [BANK],
  data = 'eval.npz',
  columns = 'label: y',
  expert = 'l',
}: Wish = {}) {
  const evidence = (name: string) => (candidate[0].startsWith('model') ? `inputs: [E_${name}], ` : '');
  const text = [
    'gates:',
    '  - name: tags',
    `    evaluation-set: ${data}`,
    `    columns: { ${columns} }`,
    '    modalities:',
    `      audio: { ${evidence('audio')}reliability: Q_audio, expert: ${expert}_audio }`,
    `      text: { ${evidence('text')}reliability: Q_text, expert: ${expert}_text }`,
    `    metrics: [${metrics.join(', ')}]`,
    ...(metric === undefined ? [] : [`    metric: ${metric}`]),
    ...[...candidate, ...lines].map((line) => `    ${line}`),
  ];
  writeFileSync(join(folder, 'gate.yml'), text.join('\n'));
  return library.readConfig({ config: 'gate.yml', inputs: {} }, library.openWorkspace(folder));
}

async function judge(wish: Wish = {}): Promise<library.GateReport> {
  const { gates } = await suiteOf(wish);
  return (await run(gates, options())).gates[0];
}

/** What scikit-learn gave of one metric. */
interface Compared {
  readonly clean: number;
  readonly uniform: number;
  readonly mean: number;
  readonly std: number;
  readonly gap: number;
  readonly p: number;
}

function expectCompared(report: library.GateReport, wanted: Readonly<Record<string, Compared>>): void {
  expect(report.metrics.map(({ name }) => name).sort()).toEqual(Object.keys(wanted).sort());
  for (const { name, clean, uniform, broken, gap, p } of report.metrics) {
    const found = { clean, uniform, mean: broken.mean, std: broken.std, gap: gap.value, p };
    for (const key of Object.keys(found) as (keyof typeof found)[]) {
      const [value, other] = [found[key], wanted[name][key]];
      expect([name, key, Math.abs(value - other) < 1e-12, value, other]).toEqual([
        name,
        key,
        true,
        value,
        other,
      ]);
    }
  }
}

describe('a gate on label sets gives what scikit-learn and SciPy do', () => {
  it.each(['subset-accuracy', 'hamming-loss', 'multi-label-micro-f1', 'multi-label-samples-f1'] as const)(
    'metrics, gaps, p-values and oracles, where %s gates',
    async (metric) => {
      const report = await judge({ metric, metrics: NAMES.filter((name) => name !== metric) });
      expectCompared(report, expected.metrics);
      const { oracle, metric: alone } = expected.experts;
      expect(report.expertMetric!.audio).toBeCloseTo(alone.audio[metric], 12);
      expect(report.expertMetric!.text).toBeCloseTo(alone.text[metric], 12);
      if (!(metric in oracle)) {
        expect(report.headroom).toBeNull();
        return;
      }
      const [best, byChance] = oracle[metric as keyof typeof oracle];
      const sign = metric === 'hamming-loss' ? -1 : 1;
      const { clean } = expected.metrics[metric];
      expect(report.headroom!.oracle).toBeCloseTo(best, 12);
      expect(report.headroom!.value).toBeCloseTo(sign * (best - clean), 12);
      expect(report.headroom!.chanceMatched).toBeCloseTo(sign * (byChance - clean), 12);
    },
  );

  it.each(Object.keys(expected.rules) as (keyof typeof expected.rules)[])(
    'the rule %s, with a threshold for each label',
    async (rule) => {
      const [metric, ...metrics] = Object.keys(expected.rules[rule]);
      const thresholds = `[${expected.thresholds.join(', ')}]`;
      const output = `output: { kind: logits, multi-label: true, decision-threshold: ${thresholds} }`;
      const weights = rule === 'linear-router' ? ', weights: router.npz' : '';
      const fusion = `fusion: { rule: ${rule}${weights} }`;
      expectCompared(
        await judge({ metric, metrics, candidate: [fusion, output], lines: [BANK] }),
        expected.rules[rule],
      );
    },
  );

  it('errors of the gap', async () => {
    const [metric, ...metrics] = Object.keys(expected.errors);
    const report = await judge({ metric, metrics });
    for (const { name, gap } of report.metrics) {
      const error = expected.errors[name as keyof typeof expected.errors];
      // Half of the width of a 95 % interval is 1.96 errors, to a tenth in 200 resamples and a fifth in 50 groups.
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

  it('alignment with the wrong labels of the expert, flips and movement', async () => {
    const { alignment, flipRate, movement } = await judge();
    for (const name of ['audio', 'text'] as const) {
      for (const key of ['pearson', 'spearman', 'auroc'] as const) {
        expect(alignment![name][key]).toBeCloseTo(expected.experts.alignment[name][key], 12);
      }
    }
    expect(flipRate.mean).toBeCloseTo(expected.flips.mean, 12);
    expect(flipRate.max).toBeCloseTo(expected.flips.max, 12);
    expect(movement!.mean).toBeCloseTo(expected.movement.mean, 12);
    expect(movement!.max).toBeCloseTo(expected.movement.max, 12);
  });
});

describe('a gate on label sets', () => {
  it('gates by subset accuracy, and passes where the scores tell', async () => {
    const report = await judge({ lines: ['permutations: { count: 199, most: 199 }'] });
    expect(report).toMatchObject({
      task: 'multi-label',
      metric: 'subset-accuracy',
      verdict: 'quality-aware',
    });
    expect(report).toMatchObject({ clean: null, uniform: null, experts: null, competitiveness: null });
    expect(report.reason).toMatch(/^Shuffling the reliability scores lowers subset accuracy by 0\.1\d+ /);
    expect(report.controls.correctness).toMatchObject({ passed: true });
    expect(report.controls.corruption).toMatchObject({ passed: true });
    expect(report.equivalence.unseen).not.toBeNull();
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
    const metrics = ['multi-label-macro-auroc'];
    const [model, cached] = [await judge({ candidate: MODEL, metrics }), await judge({ metrics })];
    expect(model.verdict).toBe(cached.verdict);
    expect(model.p).toEqual(cached.p);
    expect(model.gap).toEqual(cached.gap);
    expect(model.flipRate).toEqual(cached.flipRate);
    expect(model.movement).toEqual(cached.movement);
    expect(model.headroom).toEqual(cached.headroom);
    expect(model.controls.correctness!.gap).toBeCloseTo(cached.controls.correctness!.gap, 2);
    expect(model.controls.corruption!.gap).toBeCloseTo(cached.controls.corruption!.gap, 1);
    expect(model.metrics[1].gap.value).toBeCloseTo(cached.metrics[1].gap.value, 3);
  });

  it('is the binary gate where both labels are the same one', async () => {
    const rows = Array.from({ length: 90 }, (_, i) => {
      const [y, q] = [i % 3 === 0 ? 1 : 0, 0.5 + Math.sin(7 * i) / 2.5];
      const logit = (trust: number, turn: number) =>
        Number((2 * y - 1 + 4 * (1 - trust) * Math.sin(turn * i)).toFixed(6));
      const [a, t] = [logit(q, 3), logit(1 - q, 5)];
      return {
        y,
        ys: [y, y],
        Q_audio: q,
        Q_text: 1 - q,
        l_audio: a,
        l_text: t,
        s_audio: [a, a],
        s_text: [t, t],
      };
    });
    writeFileSync(join(folder, 'twice.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
    const lines = ['permutations: { count: 199, most: 199 }'];
    const one = await judge({
      data: 'twice.jsonl',
      lines,
      metric: 'accuracy',
      metrics: ['auroc', 'average-precision'],
      candidate: ['fusion: logit-sum', 'output: { kind: logits }'],
    });
    const two = await judge({
      data: 'twice.jsonl',
      lines,
      columns: 'label: ys',
      expert: 's',
      metrics: ['multi-label-macro-auroc', 'multi-label-micro-average-precision', 'hamming-loss'],
    });
    expect(two.p).toEqual(one.p);
    expect(two.joint!.p).toBe(one.joint!.p);
    expect(two.flipRate).toEqual(one.flipRate);
    for (const key of ['mean', 'max'] as const) expect(two.movement![key]).toBeCloseTo(one.flipRate[key], 12);
    for (const key of ['value', 'lower', 'upper'] as const) {
      expect(two.gap[key]).toBeCloseTo(one.gap[key], 7);
      expect(two.metrics[1].gap[key]).toBeCloseTo(one.metrics[1].gap[key], 7);
    }
    expect(two.metrics[2].gap.value).toBeCloseTo(one.metrics[2].gap.value, 12);
    expect(two.metrics[3].clean).toBeCloseTo(1 - one.clean!.accuracy, 12);
    expect(two.headroom!.oracle).toBeCloseTo(one.headroom!.oracle, 12);
    expect(two.controls.corruption!.gap).toBeCloseTo(one.controls.corruption!.gap, 12);
  });

  it.each([
    ['subset-accuracy', ['multi-label-macro-f1', 'hamming-loss']],
    ['multi-label-micro-average-precision', ['multi-label-samples-jaccard']],
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

  it('reads labels from one column or several, and experts as probabilities', async () => {
    const base = await judge();
    const several = await judge({ columns: 'label: [y_0, y_1, y_2, y_3]' });
    const probabilities = await judge({
      expert: 'p',
      candidate: ['fusion: weighted-mean', 'output: { kind: probabilities, multi-label: true }'],
    });
    const logits = await judge({
      candidate: ['fusion: weighted-mean', 'output: { kind: logits, multi-label: true }'],
    });
    expect({ ...several, seconds: 0 }).toEqual({ ...base, seconds: 0 });
    expect(probabilities.p).toEqual(logits.p);
    expect(probabilities.gap.value).toBe(logits.gap.value);
  });

  it('stops early, draws in blocks, and reads an output column like any other', async () => {
    const whole = await judge({ lines: ['permutations: { count: 199, most: 199 }'] });
    const early = await judge({ lines: ['permutations: { count: 199, sequential: true }'] });
    expect(early.verdict).toBe(whole.verdict);
    expect(early.metrics[0].clean).toBe(whole.metrics[0].clean);
    const blocks = await judge({
      columns: 'label: y, block: y_0',
      lines: ['permutations: { count: 99, most: 99 }'],
    });
    expect(blocks.power).toMatchObject({ examples: 150, clusters: 2 });
  });

  it('reads naturally in every form of the report', async () => {
    const { gates } = await suiteOf({ metrics: ['multi-label-micro-f1', 'hamming-loss'] });
    const report = await run(gates, options());
    const markdown = library.renderMarkdown(report, { limit: 60_000 });
    expect(markdown).toContain('| Scores | Subset accuracy |');
    expect(markdown).toContain('Correctness: the score names the expert with the fewest wrong labels');
    expect(markdown).toContain('Share of all labels that a shuffle changes, mean over shuffles');
    expect(markdown).toContain('Hamming loss (lower is better)');
    expect(markdown).not.toContain('Balanced accuracy');
    const text = library.renderText(report, { colour: false });
    expect(text).toMatch(/subset accuracy +0\.4733 as given, 0\.3585 over 39 shuffles/);
    expect(library.renderLatex(report)).toContain('Metric: subset accuracy.');
    const page = library.renderHtml(report);
    expect(page).toContain('Share of all labels that a shuffle changes, mean over shuffles');
    expect(page.replace(/<script[^]*?<\/script>/g, '')).not.toMatch(/NaN|undefined/);
    for (const shown of [markdown, text]) expect(shown).not.toMatch(/NaN|undefined|Infinity|null/);
  });
});

describe('a gate on label sets against its base', () => {
  let repository: TestRepository;
  afterAll(() => {
    repository.remove();
  });

  it('changes by the difference of both gaps, over the same examples', async () => {
    const random = randomFor('labels against base');
    const bits = Array.from({ length: 120 }, () => Array.from({ length: 9 }, () => Number(random() < 0.4)));
    // The named expert is right on all three labels, the other on none; how often the score names it differs.
    const rows = (named: number) =>
      bits.map(([a, b, c, audioIsRight, ...noise], i) => {
        const logits = (isRight: boolean) => [a, b, c].map((y) => (isRight === (y === 1) ? 2 : -2));
        const namesAudio = (audioIsRight === 1) === (i % 10 < named || noise[0] === 1);
        return JSON.stringify({
          id: `clip ${i}`,
          ys: [a, b, c],
          l_a: logits(audioIsRight === 1),
          l_v: logits(audioIsRight === 0),
          Q_a: namesAudio ? 0.9 : 0.1,
          Q_v: namesAudio ? 0.1 : 0.9,
        });
      });
    const config = [
      'gates:',
      '  - name: tags',
      '    fusion: logit-sum',
      '    evaluation-set: eval.jsonl',
      '    columns: { label: ys, id: id }',
      '    modalities: { a: { expert: l_a, reliability: Q_a }, v: { expert: l_v, reliability: Q_v } }',
      '    output: { multi-label: true }',
      '    metric: hamming-loss',
      '    permutations: { count: 49, most: 49, secondary-count: 39 }',
    ].join('\n');
    repository = newRepository();
    const sha = repository.commit({ 'fusion-gate.yml': config, 'eval.jsonl': rows(9).join('\n') });
    const workspace = library.openWorkspace(repository.folder);
    const suite = await library.readConfig({ config: 'fusion-gate.yml' }, workspace);
    const gates = suite.gates;
    const before = (await run(gates, { ...options(), workspace })).gates[0];
    repository.commit({ 'eval.jsonl': rows(5).join('\n') });
    const asked = { config: 'fusion-gate.yml' };
    const report = await runAgainstBase(
      gates,
      { wish: { rev: sha }, wishes: asked },
      { ...options(), workspace },
    );
    const [now] = report.gates;
    // All three labels are right or wrong together, as the score names the right expert or the wrong one.
    const wrong = rows(5).filter((row) => {
      const { ys, l_a, Q_a } = JSON.parse(row) as { ys: number[]; l_a: number[]; Q_a: number };
      return (l_a[0] > 0 === (ys[0] === 1)) !== Q_a > 0.5;
    });
    expect(now.metrics[0].clean).toBeCloseTo(wrong.length / 120, 12);
    expect(now.base).toMatchObject({ gap: { value: before.gap.value }, change: { paired: true } });
    expect((now.base as FoundBase).change.value).toBeCloseTo(now.gap.value - before.gap.value, 12);
    expect((now.base as FoundBase).change.upper).toBeLessThan(0);
  });
});

describe('what does not go with label sets gets one sentence', () => {
  const output = (keys: string) => [`fusion: logit-sum`, `output: { ${keys} }`];
  const cases: readonly [what: string, wish: Wish, sentence: RegExp][] = [
    [
      'a single column',
      { columns: 'label: y_0' },
      /label column y_0 \[150\] bool needs 4 values a row.*MultiLabelBinarizer/,
    ],
    [
      'values other than 0 and 1',
      { columns: 'label: l_audio' },
      /"l_audio" holds .* in row 0 .*holds 1 for each that it has, and 0/,
    ],
    [
      'another number of labels',
      { columns: 'label: E_audio' },
      /E_audio \[150, 5\] float32 has 5 labels a row, but the output has 4/,
    ],
    [
      'too few columns',
      { columns: 'label: [y_0, y_1]' },
      /columns\.label lists 2 columns, but the output has 4 labels/,
    ],
    [
      'wide ones of several columns',
      { columns: 'label: [y_0, y_1, y_2, y]' },
      /label column y \[150, 4\] uint8 is one of several/,
    ],
    [
      'several columns of one class',
      { columns: 'label: [y_0, y_1]', candidate: output('kind: logits') },
      /lists 2 columns, and only an output with "multi-label: true"/,
    ],
    [
      'a list of thresholds for one class',
      { candidate: output('kind: logits, decision-threshold: [0.5, 0.5]') },
      /decision-threshold is a list, and only/,
    ],
    [
      'a threshold that is no probability',
      { candidate: output('multi-label: true, decision-threshold: [0.5, 1.5, 0.5, 0.5]') },
      /is the probability of a label, so it must lie between 0 and 1, but is 1\.5/,
    ],
    [
      'too few thresholds',
      { candidate: output('multi-label: true, decision-threshold: [0.5, 0.25]') },
      /output\.decision-threshold has 2 entries, but the output of fusion rule logit-sum has 4 columns/,
    ],
    [
      'too few names',
      { candidate: output('multi-label: true, classes: [a, b]') },
      /output\.classes has 2 entries, but the output of fusion rule logit-sum has 4 columns/,
    ],
    [
      'names and thresholds that disagree',
      { candidate: output('multi-label: true, classes: [a, b], decision-threshold: [0.5, 0.5, 0.5]') },
      /classes has 2 entries and .*decision-threshold has 3/,
    ],
    [
      'a value',
      { candidate: output('kind: value, multi-label: true') },
      /kind is "value", and with "multi-label: true" each number speaks of one label/,
    ],
    [
      'dempster',
      { candidate: ['fusion: dempster', 'output: { kind: probabilities, multi-label: true }'] },
      /is dempster, whose beliefs/,
    ],
    [
      'a metric of classes',
      { metric: 'accuracy' },
      /"accuracy", which does not fit an output with "multi-label: true".*subset-accuracy/,
    ],
    [
      'a metric of labels for classes',
      { metric: 'hamming-loss', candidate: output('kind: logits') },
      /"hamming-loss", which does not fit an output of kind "logits"/,
    ],
    ['folds', { columns: 'label: y, fold: y_0' }, /fold by fold, which is not done of several labels/],
    ['slices', { lines: ['slices: [y_0]'] }, /slice by slice, which is not done of several labels/],
    [
      'strata of the predicted class',
      { lines: ['permutations: { within: predicted-class }'] },
      /has no class but a set of labels/,
    ],
    [
      'matching on a label',
      { columns: 'label: [y_0, y_1, y_2, y_3]', lines: ['permutations: { within: { match: [y_2] } }'] },
      /the label "y_2", and no shuffle may look at a label/,
    ],
    [
      'logits as probabilities',
      { candidate: output('kind: probabilities, multi-label: true') },
      /"l_(audio|text)" is said to hold probabilities, but evaluated row 0/,
    ],
    [
      'probabilities as logits',
      { expert: 'p' },
      /"p_(audio|text)" is taken for logits, but every value lies between 0 and 1/,
    ],
    [
      'experts of one column',
      { expert: 'Q', candidate: output('kind: probabilities, multi-label: true') },
      /output of fusion rule logit-sum has 1 column, and multi-label: true means/,
    ],
    [
      'experts of a model with other labels',
      { candidate: MODEL, expert: 'E' },
      /expert column "E_audio" has 5 columns, but the fused output has 4 labels/,
    ],
    [
      'a threshold list of a model',
      {
        candidate: [...MODEL.slice(0, 2), 'output: { tensor: tags, multi-label: true, classes: [a, b, c] }'],
      },
      /output\.classes has 3 entries, but the output "tags" has 4 columns/,
    ],
    [
      'a softmax',
      { candidate: output('kind: probabilities, multi-label: true'), data: 'softmax.jsonl' },
      /Every row of the expert column "l_(audio|text)" sums to 1/,
    ],
    [
      'label names',
      { columns: 'label: names', candidate: output('kind: logits, multi-label: true'), data: 'names.jsonl' },
      /label column names \[2, 2\] text needs 2 values a row|The label column "names" holds text/,
    ],
  ];
  beforeAll(() => {
    const rows = (keys: object) =>
      [0, 1].map(() => JSON.stringify({ ...keys, y: [0, 1], Q_audio: 0.5, Q_text: 0.5 })).join('\n');
    writeFileSync(join(folder, 'softmax.jsonl'), rows({ l_audio: [0.25, 0.75], l_text: [0.5, 0.5] }));
    writeFileSync(
      join(folder, 'names.jsonl'),
      rows({ names: ['dog', 'cat'], l_audio: [-1, 2], l_text: [1, -2] }),
    );
  });
  it.each(cases)('%s', async (_, wish, sentence) => {
    await expect(judge(wish)).rejects.toThrow(sentence);
    await expect(judge(wish)).rejects.toBeInstanceOf(library.ConfigurationError);
  });
});
