import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { npzBytes, type StoredArray } from '../src/evaluation-set/npz-bytes.ts';
import { silentLogger } from '../src/foundation/logger.ts';
import { measureShard, mergeShards, runGates } from '../src/gate.ts';
import * as library from '../src/library.ts';
import { parseShard, renderShard } from '../src/shards/shard-file.ts';

/** Sites of 90, 60, 40 and 10 rows; in "one" all labels are 0. */
const SITES = ['east', 'west', 'one', 'few'] as const;
const ROWS = 200;
const DRAWS = 99;
const siteOf = (row: number) => SITES[row < 90 ? 0 : row < 150 ? 1 : row < 190 ? 2 : 3];

/** A small generator of its own: any numbers will do. */
function numbersFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48271) % 2147483647;
    return state / 2147483647;
  };
}

/** Experts that are right more often where their score is high, in the east alone. */
function arrays(): { set: StoredArray[]; bank: StoredArray[] } {
  const random = numbersFrom(7);
  const labels = Float64Array.from({ length: ROWS }, (_, row) =>
    siteOf(row) === 'one' ? 0 : Number(random() < 0.5),
  );
  const scores = [0, 1].map(() => Float64Array.from(labels, () => random()));
  const experts = scores.map((score) =>
    Float64Array.from(score, (value, row) => {
      const right = random() < (siteOf(row) === 'east' ? 0.3 + 0.65 * value : 0.6);
      const sure = 0.55 + 0.4 * random();
      return (labels[row] === 1) === right ? sure : 1 - sure;
    }),
  );
  const column = (name: string, values: Float64Array | readonly string[]): StoredArray => ({
    name,
    shape: [ROWS],
    values,
  });
  const rows = [...labels.keys()];
  const draws = scores.map((score) => {
    const all = new Float64Array(ROWS * DRAWS);
    for (let k = 0; k < DRAWS; k++) {
      const order = rows.toSorted(() => random() - 0.5);
      for (const row of rows) all[row * DRAWS + k] = score[order[row]];
    }
    return all;
  });
  return {
    set: [
      column('y', labels),
      column('site', rows.map(siteOf)),
      column(
        'half',
        Float64Array.from(rows, (row) => row % 2),
      ),
      column(
        'wave',
        Float64Array.from(rows, (row) => row / 7),
      ),
      column('number', Float64Array.from(rows)),
      ...SITES.map((site) =>
        column(
          site,
          Float64Array.from(rows, (row) => Number(siteOf(row) === site)),
        ),
      ),
      column('Qa', scores[0]),
      column('Qv', scores[1]),
      column('pa', experts[0]),
      column('pv', experts[1]),
    ],
    bank: ['audio', 'video'].map((name, m) => ({ name, shape: [ROWS, DRAWS], values: draws[m] })),
  };
}

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'slices-')));
beforeAll(() => {
  const { set, bank } = arrays();
  writeFileSync(join(folder, 'eval.npz'), Buffer.concat(npzBytes(set)));
  writeFileSync(join(folder, 'bank.npz'), Buffer.concat(npzBytes(bank)));
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
  'permutations: { bank: { path: bank.npz, scores: { audio: audio, video: video } }, secondary-count: 39 }';
const OWN = 'permutations: { count: 99, most: 99, secondary-count: 99 }';

function suiteOf(columns: string, ...lines: readonly string[]) {
  const text = [
    'gates:',
    '  - fusion: weighted-mean',
    '    evaluation-set: eval.npz',
    `    columns: { label: y${columns} }`,
    '    output: { kind: probabilities, decision-threshold: 0.5 }',
    '    modalities:',
    '      audio: { reliability: Qa, expert: pa }',
    '      video: { reliability: Qv, expert: pv }',
    '    interval: { resamples: 200 }',
    ...lines.map((line) => `    ${line}`),
  ];
  writeFileSync(join(folder, 'gate.yml'), text.join('\n'));
  return library.readConfig({ config: 'gate.yml', inputs: {} }, library.openWorkspace(folder));
}

async function judge(...gate: Parameters<typeof suiteOf>): Promise<library.GateReport> {
  const { gates } = await suiteOf(...gate);
  return (await runGates(gates, options())).gates[0];
}

const found = ({ slices = [] }: library.GateReport, value: string) =>
  slices.find((slice) => slice.value === value)!;

describe.each(['accuracy', 'balanced-accuracy', 'log-loss', 'auroc', 'macro-f1'])(
  'a slice by %s',
  (metric) => {
    it('is the gate on its rows alone with the same draws', async () => {
      const report = await judge('', 'slices: [site]', `metric: ${metric}`, BANK);
      for (const site of ['east', 'west']) {
        const alone = await judge(`, subset: ${site}`, `metric: ${metric}`, BANK);
        const { clean, broken, gap, p } = found(report, site).found!;
        const [expected] = alone.metrics;
        expect(clean).toBeCloseTo(expected.clean, 12);
        expect(broken.mean).toBeCloseTo(expected.broken.mean, 12);
        expect(broken.std).toBeCloseTo(expected.broken.std, 12);
        expect(p).toBe(expected.p);
        expect(gap.value).toBeCloseTo(expected.gap.value, 12);
        expect(gap.lower).toBeCloseTo(expected.gap.lower, 9);
        expect(gap.upper).toBeCloseTo(expected.gap.upper, 9);
      }
    });

    it('changes no other number of the gate', async () => {
      const { slices, ...sliced } = await judge('', 'slices: [site, half]', `metric: ${metric}`, OWN);
      const plain = await judge('', `metric: ${metric}`, OWN);
      expect({ ...sliced, seconds: 0 }).toEqual({ ...plain, seconds: 0 });
      expect(plain).not.toHaveProperty('slices');
      expect(slices).toHaveLength(6);
    });

    it('is merged from shards byte for byte', async () => {
      const suite = await suiteOf('', 'slices: [site, half]', `metric: ${metric}`, OWN);
      const shards = [];
      for (const index of [1, 2, 3]) {
        const path = `${index}.json`;
        const text = renderShard(await measureShard(suite, { index, of: 3 }, options()));
        shards.push({ path, file: parseShard(text, path) });
      }
      const text = (report: library.RunReport) => library.renderJson(report).replace(/"seconds": [\d.]+/, '');
      expect(text(mergeShards(shards, '1'))).toBe(text(await runGates(suite.gates, options())));
    });
  },
);

describe('a shard whose slices cannot be', () => {
  let text = '';
  beforeAll(async () => {
    const suite = await suiteOf('', 'slices: [site]', 'metric: auroc', OWN);
    text = renderShard(await measureShard(suite, { index: 1, of: 2 }, options()));
  });

  type Numbers = number[];
  interface Columns<T> {
    readonly slices?: T[];
  }
  interface Measured {
    readonly facts: Columns<{
      of: Numbers;
      names: string[];
      uniform: Numbers;
      gauges: ({ units: Numbers } | null)[];
    }>;
    readonly draws: { main: Columns<{ hits: Numbers; values: Numbers; units: Numbers[] }> };
  }

  it.each<[string, (facts: Measured['facts'], main: Measured['draws']['main']) => unknown]>([
    ['list of slices', ({ slices }) => (slices![0].of[0] = 4)],
    ['list of slices', ({ slices }) => slices![0].of.pop()],
    ['list of slices', ({ slices }) => slices![0].names.push('north')],
    ['list of slices', ({ slices }) => slices!.pop()],
    ['list of slices', (_, { slices }) => slices!.pop()],
    ['list of slices', ({ slices }) => (slices![0].uniform[0] = 1000)],
    ['list of slices', ({ slices }) => slices![0].gauges.pop()],
    ['list of slices', ({ slices }) => slices![0].gauges[0]!.units.pop()],
    ['list of slices', ({ slices }) => (slices![0].gauges[0] = null)],
    ['list of slices', (_, { slices }) => slices![0].hits.pop()],
    ['list of slices', (_, { slices }) => (slices![0].hits[0] = 1000)],
    ['list of slices', (_, { slices }) => slices![0].values.pop()],
    ['list of slices', (_, { slices }) => slices![0].units[0].pop()],
    ['sum of the counts by example', (_, { slices }) => (slices![0].hits[0] ^= 1)],
  ])('is refused: %#', (what, spoil) => {
    const file = JSON.parse(text) as { gates: [{ measurements: Measured }] };
    const { facts, draws } = file.gates[0].measurements;
    spoil(facts, draws.main);
    expect(() => parseShard(JSON.stringify(file), 's.json')).toThrow(`"s.json" is damaged: the ${what} of`);
  });
});

describe('slices', () => {
  it('are all of a column, whose examples are those of the gate', async () => {
    const { slices, evaluationSet } = await judge('', 'slices: [half, site]', OWN);
    expect(slices!.map(({ column, value, examples }) => [column, value, examples])).toEqual([
      ['half', '0', 100],
      ['half', '1', 100],
      ['site', 'east', 90],
      ['site', 'few', 10],
      ['site', 'one', 40],
      ['site', 'west', 60],
    ]);
    expect(evaluationSet.evaluated).toBe(ROWS);
  });

  it('have means over their sizes that are the accuracy and the gap of the gate', async () => {
    const report = await judge('', 'slices: [half]', OWN);
    const mean = (of: (slice: library.GateReport['metrics'][number]['gap'] & { clean: number }) => number) =>
      report.slices!.reduce((sum, { found: it }) => sum + of({ ...it!.gap, clean: it!.clean }) / 2, 0);
    expect(mean(({ clean }) => clean)).toBeCloseTo(report.clean!.accuracy, 12);
    expect(mean(({ value }) => value)).toBeCloseTo(report.gap.value, 12);
  });

  it('are corrected for their number by Holm, those left out not counted', async () => {
    const { slices } = await judge('', 'slices: [site, half]', OWN);
    const tested = slices!.flatMap(({ found: it }) => it ?? []).toSorted((a, b) => a.p - b.p);
    expect(tested).toHaveLength(5);
    let largest = 0;
    tested.forEach(({ p, adjustedP }, i) => {
      largest = Math.min(1, Math.max(largest, p * (5 - i)));
      expect(adjustedP).toBeCloseTo(largest, 12);
    });
  });

  it('find where the scores matter', async () => {
    const report = await judge('', 'slices: [site]', OWN);
    const [east, west] = ['east', 'west'].map((site) => found(report, site).found!);
    expect(east.gap.value).toBeGreaterThan(0.05);
    expect(east.adjustedP).toBeLessThanOrEqual(0.05);
    expect(west.adjustedP).toBeGreaterThan(0.05);
  });

  it('are left out where they are too small, or have no such metric', async () => {
    const report = await judge('', 'slices: [site]', 'metric: auroc', OWN);
    expect(found(report, 'few')).toMatchObject({ found: null, leftOut: 'too few examples' });
    expect(found(report, 'one')).toMatchObject({ found: null, leftOut: 'metric not defined' });
    expect(found(report, 'east').leftOut).toBeNull();
  });

  it('stand in every form of the report, the smallest gap first', async () => {
    const { gates } = await suiteOf('', 'slices: [site]', 'metric: auroc', OWN);
    const report = await runGates(gates, options());
    const [smallest] = report.gates[0].slices!.toSorted(
      (a, b) => (a.found?.gap.value ?? Infinity) - (b.found?.gap.value ?? Infinity),
    );
    const text = library.renderText(report, { colour: false });
    expect(text).toContain(`of 2 the smallest gap where site = ${smallest.value}`);
    const markdown = library.renderMarkdown(report, { limit: 60_000 });
    const rows = markdown.split('\n').filter((line) => line.includes('site = ') && line.startsWith('|'));
    expect(rows).toHaveLength(2);
    expect(rows[0]).toContain(`site = ${smallest.value}`);
    expect(markdown).toMatch(/Left out, too few examples: .*site = few.* \(10\)\./);
    expect(markdown).toContain('among all evaluated rows');
    const page = library.renderHtml(report);
    expect(page).toContain('Where do the scores matter?');
    expect(page).toContain(`${smallest.column} = ${smallest.value}`);
    for (const shown of [markdown, text]) expect(shown).not.toMatch(/NaN|undefined|Infinity|null/);
  });

  it.each([
    [
      'number',
      'The slice column "number" has 200 different values in the evaluated rows; at most 50 make slices. Name a column with fewer, such as a site or a language.',
    ],
    [
      'wave',
      'The slice column "wave" holds "0.14285714285714285" in row 1 (counting from 0); slices are made by texts or whole numbers. Write the numbers as a few ranges, such as "low" and "high".',
    ],
  ])('are not made by the column %s', async (column, sentence) => {
    await expect(judge('', `slices: [${column}]`, OWN)).rejects.toThrow(sentence);
  });

  it('need a column that is there', async () => {
    await expect(judge('', 'slices: [sitee]', OWN)).rejects.toThrow(/"sitee".*Did you mean "site"/);
  });
});
