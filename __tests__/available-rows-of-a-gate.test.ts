import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { readConfig } from '../src/config/read-config.ts';
import { randomFor } from '../src/diagnostic/random.ts';
import { drawBank } from '../src/draw-bank.ts';
import { openEvaluationSet } from '../src/evaluation-set/open-evaluation-set.ts';
import { silentLogger } from '../src/foundation/logger.ts';
import { openWorkspace } from '../src/foundation/workspace.ts';
import { measureShard, mergeShards, runGates } from '../src/gate.ts';
import { renderHtml } from '../src/report/html/page.ts';
import { renderJson } from '../src/report/json.ts';
import { renderMarkdown } from '../src/report/markdown.ts';
import { renderText } from '../src/report/text.ts';
import { parseShard, renderShard } from '../src/shards/shard-file.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'available-')));
afterAll(() => {
  rmSync(root, { recursive: true });
});
const options = { workspace: openWorkspace(root), logger: silentLogger, version: 'test', threads: 1 };

const ROWS = 240;
type Line = Record<string, string | number>;

/** Scores that know which expert is right. Every third row lacks one modality, every 40th both. */
function linesOf(isPresent: (modality: 'a' | 'v', row: number) => boolean, missing = ''): Line[] {
  const random = randomFor('available rows of a gate');
  return Array.from({ length: ROWS }, (_, row) => {
    const y = random() < 0.5 ? 1 : 0;
    const line: Line = { id: `e${row}`, y, subject: Math.floor(row / 8), fold: row % 2, snr: random() };
    for (const m of ['a', 'v'] as const) {
      const isRight = random() < 0.65;
      const p = (isRight ? y : 1 - y) === 1 ? 0.55 + 0.4 * random() : 0.45 - 0.4 * random();
      const q = (isRight ? 0.5 : 0.1) + 0.4 * random();
      const present = isPresent(m, row);
      Object.assign(line, {
        [`M_${m}`]: Number(present),
        [`p_${m}`]: present ? p : missing,
        [`Q_${m}`]: present ? q : missing,
      });
    }
    return line;
  });
}

function write(name: string, lines: readonly Line[]): void {
  const rows = [Object.keys(lines[0]), ...lines.map((line) => Object.values(line))];
  writeFileSync(join(root, name), rows.map((row) => row.join(',')).join('\n'));
}

const everyThird = (m: 'a' | 'v', row: number) =>
  row % 40 !== 0 && (row % 3 !== 0 || (row % 6 === 0) === (m === 'a'));
write('eval.csv', linesOf(everyThird));
write('zero.csv', linesOf(everyThird, '0'));
write(
  'all.csv',
  linesOf(() => true),
);
// Subjects of three rows, with both, a alone and v alone: each score has another to change places with, but whole rows have none.
// The first subject has both twice.
write(
  'sparse.csv',
  linesOf((m, row) => row < 2 || row % 3 === 0 || (row % 3 === 1) === (m === 'a')).map((line, row) => ({
    ...line,
    subject: Math.floor(row / 3),
  })),
);
write(
  'few.csv',
  linesOf((m, row) => m === 'v' || row === 7),
);
const HOLE = linesOf(everyThird);
write('hole.csv', [...HOLE.slice(0, 4), { ...HOLE[4], Q_v: '' }, ...HOLE.slice(5)]);
write('hollow.csv', [...HOLE.slice(0, 4), { ...HOLE[4], p_v: '' }, ...HOLE.slice(5)]);

interface Wishes {
  readonly set?: string;
  readonly rows?: string;
  readonly fusion?: string;
  readonly columns?: string;
  readonly permutations?: string;
  readonly more?: string;
}

const config = ({
  set = 'eval.csv',
  rows = 'rows: available',
  fusion = 'weighted-mean',
  columns = '',
  permutations = '',
  more = '',
}: Wishes) => `gates:
  - fusion: ${fusion}
    evaluation-set: ${set}
    ${rows}
    columns: { label: y${columns} }
    modalities:
      audio: { reliability: Q_a, expert: p_a, presence: M_a }
      video: { reliability: Q_v, expert: p_v, presence: M_v }
    output: { kind: probabilities }
    permutations: { count: 199, most: 199, seed: 3, secondary-count: 199${permutations} }
    interval: { resamples: 200 }
    ${more}
`;

async function suiteOf(yaml: string) {
  writeFileSync(join(root, 'gate.yml'), yaml);
  return readConfig({ config: 'gate.yml', inputs: {} }, options.workspace);
}

async function reportOf(wishes: Wishes) {
  return runGates((await suiteOf(config(wishes))).gates, options);
}
const gateOf = async (wishes: Wishes) => (await reportOf(wishes)).gates[0];

/** The report without what another run of the same, or another file, has of its own. */
function comparable(report: Awaited<ReturnType<typeof reportOf>>, ...others: string[]): string {
  return JSON.stringify(JSON.parse(renderJson(report)), (key, value: unknown) =>
    ['seconds', 'path', 'sha256', ...others].includes(key) ? undefined : value,
  );
}

const COUNTS = {
  modalities: { audio: 0, video: 0 },
  both: 0,
};
for (let row = 0; row < ROWS; row++) {
  const [a, v] = [everyThird('a', row), everyThird('v', row)];
  COUNTS.modalities.audio += Number(a);
  COUNTS.modalities.video += Number(v);
  COUNTS.both += Number(a && v);
}

describe('a gate on available rows', () => {
  it('evaluates rows with at least one modality, and says which are where', async () => {
    const report = await reportOf({});
    const [gate] = report.gates;
    const { audio, video } = COUNTS.modalities;
    const { both } = COUNTS;
    expect(gate.evaluationSet.evaluated).toBe(ROWS - ROWS / 40);
    expect(gate.evaluationSet.presence!.modalities).toEqual({ audio, video });
    expect(gate.evaluationSet.presence!.patterns[0]).toEqual({ present: ['audio', 'video'], rows: both });
    expect(gate.evaluationSet.presence!.patterns).toHaveLength(3);
    expect(gate.verdict).toBe('quality-aware');
    expect(gate.controls.correctness!.passed).toBe(true);
    expect(gate.controls.corruption!.gap).toBeGreaterThan(0);
    const shown = `<code>audio</code> on ${audio} rows, <code>video</code> on ${video} (all on ${both}, only `;
    expect(renderMarkdown(report, { limit: 65_000 })).toContain(shown);
    expect(renderHtml(report)).toContain(`audio on ${audio} rows, video on ${video}`);
    expect(renderText(report, { colour: false })).toContain(`audio on ${audio} rows, video on ${video}`);
    expect((await gateOf({ rows: '' })).evaluationSet).toMatchObject({ evaluated: both });
  });

  it('never looks at what stands where a modality is absent', async () => {
    for (const fusion of ['weighted-mean', 'hard', 'dempster', 'logit-sum']) {
      const [missing, zero] = [await reportOf({ fusion }), await reportOf({ fusion, set: 'zero.csv' })];
      expect(comparable(zero)).toBe(comparable(missing));
    }
  });

  it('gives the report of complete rows where all are, but for the counts of presence', async () => {
    for (const permutations of ['', ', scheme: joint']) {
      const [complete, available] = [
        await reportOf({ set: 'all.csv', rows: '', permutations }),
        await reportOf({ set: 'all.csv', permutations }),
      ];
      expect(comparable(available, 'presence')).toBe(comparable(complete));
      expect(available.gates[0].evaluationSet.presence).toEqual({
        modalities: { audio: ROWS, video: ROWS },
        patterns: [{ present: ['audio', 'video'], rows: ROWS }],
      });
    }
  });

  it.each<[string, Wishes]>([
    ['blocks', { columns: ', block: subject' }],
    ['whole blocks', { columns: ', block: subject', permutations: ', move: blocks' }],
    ['folds', { columns: ', fold: fold' }],
    ['joint shuffles', { permutations: ', scheme: joint' }],
    ['strata', { permutations: ', within: predicted-class' }],
    ['neighbours', { permutations: ', within: { match: [snr], neighbours: 8 }' }],
    ['slices and metrics', { more: 'slices: [fold]\n    metrics: [auroc, macro-f1]' }],
  ])('is merged from shards to the report of one run, with %s', async (_, wishes) => {
    const suite = await suiteOf(config(wishes));
    const whole = await runGates(suite.gates, options);
    const parts = [];
    for (const index of [1, 2]) {
      const file = parseShard(renderShard(await measureShard(suite, { index, of: 2 }, options)), 'x');
      parts.push({ path: `${index}`, file });
    }
    expect(comparable(mergeShards(parts, 'test'))).toBe(comparable(whole));
    expect(whole.gates[0].verdict).not.toBe('invalid');
  });

  it('stops early where the answer is settled', async () => {
    const yaml = config({ permutations: ', sequential: true' }).replace('most: 199, ', '');
    const noise = yaml.replace('Q_a,', 'snr,').replace('Q_v,', 'snr,');
    const [told, still] = [await suiteOf(yaml), await suiteOf(noise)];
    const counts = [];
    for (const { gates } of [told, still])
      counts.push((await runGates(gates, options)).gates[0].broken.count);
    expect(counts[0]).toBe(199);
    expect(counts[1]).toBeLessThan(199);
  });

  it.each([
    ['hole.csv', 'The reliability column "Q_v" of "hole.csv" is NaN in row 4'],
    ['hollow.csv', 'The expert column "p_v" of "hollow.csv" is NaN in row 4'],
    [
      'few.csv',
      'The modality "audio" is present on 1 of the 240 evaluated rows of "few.csv", as the column "M_a" has it',
    ],
  ])('refuses %s', async (set, sentence) => {
    await expect(reportOf({ set })).rejects.toThrow(sentence);
  });

  it('joins folds of their own files, of which one is complete', async () => {
    const folds = 'folds: [{ evaluation-set: eval.csv }, { evaluation-set: all.csv }]';
    const [both, first] = [await gateOf({ columns: ', id: id', more: folds }), await gateOf({})];
    const { audio, video } = COUNTS.modalities;
    expect(both.evaluationSet.presence!.modalities).toEqual({ audio: audio + ROWS, video: video + ROWS });
    expect(both.folds!.map(({ examples }) => examples)).toEqual([ROWS - ROWS / 40, ROWS]);
    expect(both.folds![0]).toMatchObject({ clean: first.clean!.accuracy, uniform: first.uniform!.accuracy });
    for (const key of ['alignment', 'competitiveness'] as const) {
      expect(both.folds![0][key]).toEqual(first[key]);
    }
    const { oracle, chanceMatched } = first.headroom!;
    expect(both.folds![0].headroom).toMatchObject({ oracle, chanceMatched });
  });

  it('judges values, each expert on the rows that it has', async () => {
    const yaml = config({ fusion: 'weighted-mean', more: 'metric: mae\n    threshold: 0.01' });
    const { gates } = await suiteOf(yaml.replace('kind: probabilities', 'kind: value'));
    const [gate] = (await runGates(gates, options)).gates;
    const rows = HOLE.filter(({ M_a }) => M_a === 1);
    const mae = rows.reduce((sum, { y, p_a }) => sum + Math.abs(Number(p_a) - Number(y)), 0) / rows.length;
    expect(gate.expertMetric!.audio).toBeCloseTo(mae, 12);
    const errors = HOLE.filter(({ M_a, M_v }) => M_a === 1 || M_v === 1).map((line) =>
      Math.min(
        ...(['a', 'v'] as const)
          .filter((m) => line[`M_${m}`] === 1)
          .map((m) => Math.abs(Number(line[`p_${m}`]) - Number(line.y))),
      ),
    );
    expect(gate.headroom!.oracle).toBeCloseTo(errors.reduce((a, b) => a + b) / errors.length, 12);
    expect(gate.alignment!.audio.auroc).toBeGreaterThan(0.5);
  });

  it('refuses rows that joint shuffles hardly move', async () => {
    const columns = ', block: subject';
    const sentence =
      'can be arranged in only 2 ways within each block "subject" among rows on which the same';
    await expect(reportOf({ set: 'sparse.csv', columns })).rejects.toThrow(sentence);
  });

  it('writes a bank that gives its own report, and moves no score that is not there', async () => {
    const columns = ', id: id';
    const { gates } = await suiteOf(config({ columns }));
    const { bytes, names } = await drawBank(gates[0], options);
    writeFileSync(join(root, 'bank.npz'), bytes);
    const bank = `, bank: { path: bank.npz, id: ids_str, scores: ${JSON.stringify(names.scores)} }`;
    const [own, banked] = [await gateOf({ columns }), await gateOf({ columns, permutations: bank })];
    expect(banked.broken.values).toEqual(own.broken.values);
    expect(banked.p).toEqual(own.p);
    const drawn = await openEvaluationSet('bank.npz', options.workspace);
    const array = (await drawn.read(names.scores.audio)).values as Float64Array;
    for (let row = 0; row < ROWS; row++) {
      const ofRow = array.slice(row * 199, (row + 1) * 199);
      expect(ofRow.every(Number.isNaN)).toBe(!everyThird('a', row));
    }
  });
});
