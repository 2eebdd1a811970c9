import { mkdtempSync, rmSync, writeFileSync, copyFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { isInUnitOfLabel, largestGap, metricsFor } from '../src/config/metric-keys.ts';
import { METRICS as NAMES } from '../src/config/schema.ts';
import { cellsOf } from '../src/diagnostic/cells.ts';
import { targetsOf } from '../src/diagnostic/examples.ts';
import { gaugesFor } from '../src/diagnostic/gauge.ts';
import { pseudoValues } from '../src/diagnostic/gauge-units.ts';
import { METRICS } from '../src/diagnostic/metrics/metric-table.ts';
import { silentLogger } from '../src/foundation/logger.ts';
import { measureShard, mergeShards, runGates as run } from '../src/gate.ts';
import * as library from '../src/library.ts';
import { parseShard, renderShard } from '../src/shards/shard-file.ts';
import { pickLarger, stubFusion } from './diagnostic/stub-fusion.ts';
import expected from './fixtures/metrics-gate/expected.json' with { type: 'json' };

interface Expected {
  readonly clean: number;
  readonly uniform: number;
  readonly mean: number;
  readonly std: number;
  readonly gap: number;
  readonly p: number;
  /** Standard error of the gap, by a bootstrap that computes every metric anew. */
  readonly error: number;
}

const folder = mkdtempSync(join(tmpdir(), 'fusion-gate-metrics-'));
beforeAll(() => {
  for (const file of ['eval-2.npz', 'eval-4.npz', 'bank-2.npz', 'bank-4.npz']) {
    copyFileSync(
      fileURLToPath(new URL(`./fixtures/metrics-gate/${file}`, import.meta.url)),
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

/** A gate over cached experts, with the bank's shuffles unless there are others. */
function suiteOf(
  classes: number,
  metric: string,
  others: readonly string[] = [],
  lines: readonly string[] = [],
  format = 'npz',
) {
  const text = [
    'gates:',
    '  - fusion: weighted-mean',
    `    evaluation-set: eval-${classes}.${format}`,
    '    columns: { label: y }',
    '    output: { kind: probabilities }',
    '    modalities:',
    '      audio: { reliability: Q_audio, expert: p_audio }',
    '      video: { reliability: Q_video, expert: p_video }',
    `    metric: ${metric}`,
    `    metrics: [${others.join(', ')}]`,
    ...(lines.length > 0
      ? lines
      : [
          `permutations: { bank: { path: bank-${classes}.npz, scores: { audio: audio, video: video } }, secondary-count: 39 }`,
        ]
    ).map((line) => `    ${line}`),
  ];
  writeFileSync(join(folder, 'gate.yml'), text.join('\n'));
  return library.readConfig({ config: 'gate.yml', inputs: {} }, library.openWorkspace(folder));
}

async function judge(...gate: Parameters<typeof suiteOf>): Promise<library.GateReport> {
  const { gates } = await suiteOf(...gate);
  return (await run(gates, options())).gates[0];
}

describe('the metrics that a config may name', () => {
  it.each([
    ['classification', 'logits', false],
    ['regression', 'value', false],
    ['multi-label', 'logits', true],
  ] as const)('of %s are those that are defined', (task, kind, isMultiLabel) => {
    const defined = Object.values(METRICS).flatMap((metric) => (metric.task === task ? [metric.name] : []));
    expect([...metricsFor({ kind, 'multi-label': isMultiLabel })].sort()).toEqual(defined.sort());
  });

  it('show gaps as large as their range', () => {
    for (const name of NAMES) {
      const [least, largest] = METRICS[name].range;
      expect([name, largestGap(name) >= Math.min(1, largest - least)]).toEqual([name, true]);
      if (name !== 'log-loss') expect([name, largestGap(name)]).toEqual([name, largest - least]);
      expect([name, isInUnitOfLabel(name)]).toEqual([name, METRICS[name].unit === 'target']);
    }
  });
});

describe.each(['2', '4'] as const)("a gate of %s classes gives scikit-learn's", (classes) => {
  const table: Readonly<Record<string, Expected>> = expected[classes];
  const names = Object.keys(table);

  it.each(['log-loss', 'accuracy', 'macro-f1'])(
    'metrics, gaps and p-values, where %s gates',
    async (metric) => {
      const report = await judge(
        Number(classes),
        metric,
        names.filter((name) => name !== metric),
      );
      expect(report.metrics.map(({ name }) => name).sort()).toEqual(names.toSorted());
      for (const { name, clean, uniform, broken, gap, p } of report.metrics) {
        const close = (found: number, wanted: number) => {
          expect([name, Math.abs(found - wanted) < 1e-12, found, wanted]).toEqual([
            name,
            true,
            found,
            wanted,
          ]);
        };
        close(clean, table[name].clean);
        close(uniform, table[name].uniform);
        close(broken.mean, table[name].mean);
        close(broken.std, table[name].std);
        close(gap.value, table[name].gap);
        expect([name, p]).toEqual([name, table[name].p]);
      }
      const { gap, p } = table[metric];
      expect(report.gap.value).toBeCloseTo(gap, 12);
      expect(report.p.oneSided).toBe(p);
      expect(report.metrics[0]).toMatchObject({ name: metric, p, gap: { lower: report.gap.lower } });
    },
  );

  it('errors of the gap, by every metric', async () => {
    const report = await judge(Number(classes), names[0], names.slice(1));
    for (const { name, gap } of report.metrics) {
      // Half of the width of a 95 % interval is 1.96 errors, to a tenth in 400 resamples and a fifth in 50 groups.
      const error = (gap.upper - gap.lower) / 2 / 1.96;
      expect([name, gap.lower < gap.value && gap.value < gap.upper]).toEqual([name, true]);
      expect([name, Math.abs(Math.log(error / table[name].error)) < 0.35, error, table[name].error]).toEqual([
        name,
        true,
        error,
        table[name].error,
      ]);
    }
  });
});

describe('a gate by a metric that is no count', () => {
  it('has no oracle, and controls that pass or not by that metric', async () => {
    const { headroom, experts, controls, clean } = await judge(4, 'log-loss');
    expect(headroom).toBeNull();
    expect(experts).not.toBeNull();
    expect(controls.correctness!.headroom).toBeNull();
    expect(controls.correctness!.gap).toBeGreaterThan(0);
    expect(controls.corruption!.headroom).toBeGreaterThan(0);
    expect(controls.corruption!.doseResponse.at(-1)!.gap).toBe(controls.corruption!.gap);
    expect(clean!.accuracy).toBe(expected['4'].accuracy.clean);
  });

  it('is what it is without others beside it, and so are the others', async () => {
    const alone = await judge(4, 'auroc');
    const together = await judge(4, 'auroc', ['log-loss', 'macro-f1', 'accuracy']);
    const { metrics, seconds, exact } = together;
    const ofOne = { exact: alone.exact, metrics: [], seconds: 0 };
    expect({ ...together, ...ofOne }).toEqual({ ...alone, ...ofOne });
    expect({ ...exact, metrics: exact!.metrics.slice(0, 1) }).toEqual(alone.exact);
    expect(seconds).toBeGreaterThan(0);
    expect(metrics[0]).toEqual(alone.metrics[0]);
    expect(metrics[1]).toEqual((await judge(4, 'log-loss')).metrics[0]);
    expect(metrics[3]).toEqual((await judge(4, 'accuracy')).metrics[0]);
  });

  it.each([
    ['log-loss', ['auroc', 'balanced-accuracy', 'weighted-f1']],
    ['macro-f1', []],
    ['accuracy', ['brier', 'ece']],
  ])('is merged from shards byte for byte: %s with %j', async (metric, others) => {
    const suite = await suiteOf(4, metric, others, [
      'permutations: { count: 99, most: 99, secondary-count: 99 }',
    ]);
    const shards = [];
    for (const index of [1, 2, 3]) {
      const path = `${index}.json`;
      const text = renderShard(await measureShard(suite, { index, of: 3 }, options()));
      shards.push({ path, file: parseShard(text, path) });
    }
    const text = (report: library.RunReport) => library.renderJson(report).replace(/"seconds": [\d.]+/, '');
    expect(text(mergeShards(shards, '1'))).toBe(text(await run(suite.gates, options())));
  });

  it('shows its numbers in every form of the report', async () => {
    const { gates } = await suiteOf(2, 'log-loss', ['auroc']);
    const report = await run(gates, options());
    const markdown = library.renderMarkdown(report, { limit: 60_000 });
    expect(markdown).toContain('| log loss (lower is better) |');
    expect(markdown).toContain('n/a by log loss, for which no expert is the best on a single example');
    const { clean, mean } = expected['2'].auroc;
    const text = library.renderText(report, { colour: false });
    expect(text).toMatch(new RegExp(`AUROC +${clean.toFixed(4)} as given, ${mean.toFixed(4)} shuffled, gap`));
    for (const shown of [markdown, text]) expect(shown).not.toMatch(/NaN|undefined|Infinity|null/);
  });
});

describe('a metric that cannot be had is refused in a sentence:', () => {
  it('one that is the same for any predictions', async () => {
    const { gates } = await suiteOf(2, 'accuracy', ['top-3-accuracy']);
    await expect(run(gates, options())).rejects.toThrow(
      new library.ConfigurationError(
        'The metric top-3-accuracy is 1 for any predictions of 2 classes; choose one that can tell them apart, such as accuracy or log-loss.',
      ),
    );
  });

  it('one that these labels do not define', async () => {
    const rows = Array.from({ length: 30 }, (_, i) => {
      const other = (0.1 + (i % 7) / 10).toFixed(2);
      return `${i % 2},${other},0.5,"[0.5,0.3,0.2]","[0.1,0.2,0.7]"`;
    });
    writeFileSync(join(folder, 'eval-3.csv'), ['y,Q_audio,Q_video,p_audio,p_video', ...rows].join('\n'));
    const { gates } = await suiteOf(3, 'auroc', [], ['permutations: { count: 99 }'], 'csv');
    await expect(run(gates, options())).rejects.toThrow(
      new library.ConfigurationError(
        'The metric auroc is not defined on the evaluated rows, because a class has no example; evaluate on other rows, or choose another metric.',
      ),
    );
  });

  it('one of probabilities, of a bare score', () => {
    const fusion = stubFusion({ rule: pickLarger, predicted: [[0, 1]], scores: [[0.5, 0.6]] });
    const targets = targetsOf({ labels: Int32Array.of(0, 1) }, 2);
    const truth = { targets, cells: cellsOf(targets.labels, 2) };
    const decision = { kind: 'score', classes: 2, threshold: 0.5 } as const;
    const gauges = () => gaugesFor(['accuracy', 'brier'], { ...fusion, decision }, truth, 0);
    expect(gauges).toThrow(
      'The metric brier needs probabilities, but the fused output is a bare score (output.kind: score); choose a metric of classes,',
    );
    expect(gaugesFor(['accuracy', 'macro-f1'], { ...fusion, decision }, truth, 0)).toHaveLength(1);
  });
});

describe('pseudo-values', () => {
  it('of a mean over groups of one size are the means of the groups', () => {
    const groups = [0.2, 0.9, 0.4, 0.7];
    const mean = groups.reduce((sum, value) => sum + value, 0) / 4;
    const leftOut = Float64Array.from(groups, (value) => (4 * mean - value) / 3);
    pseudoValues(mean, leftOut).forEach((value, i) => {
      expect(value).toBeCloseTo(groups[i], 12);
    });
  });
});
