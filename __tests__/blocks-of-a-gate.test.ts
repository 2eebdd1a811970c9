import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, describe, expect, it } from 'vitest';

import { readConfig } from '../src/config/read-config.ts';
import { randomFor } from '../src/diagnostic/random.ts';
import { drawBank } from '../src/draw-bank.ts';
import { silentLogger } from '../src/foundation/logger.ts';
import { openWorkspace } from '../src/foundation/workspace.ts';
import { measureShard, mergeShards, runGates } from '../src/gate.ts';
import { renderJson } from '../src/report/json.ts';
import { renderMarkdown } from '../src/report/markdown.ts';
import { renderText } from '../src/report/text.ts';
import { parseShard, renderShard } from '../src/shards/shard-file.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'blocks-')));
afterAll(() => {
  rmSync(root, { recursive: true });
});
const options = { workspace: openWorkspace(root), logger: silentLogger, version: 'test', threads: 1 };

/** Twenty-four subjects with ten rows each, but for the first two, which have one. */
const SUBJECTS = Array.from({ length: 24 }, (_, s) => Array.from({ length: s < 2 ? 1 : 10 }, () => s)).flat();
const random = randomFor('blocks of a gate');
const SKILLS = Array.from({ length: 24 }, () => 0.2 + 0.6 * random());
const LINES = SUBJECTS.map((s, row) => {
  const y = random() < 0.5 ? 1 : 0;
  const says = (skill: number) => (random() < skill ? y : 1 - y);
  const [a, v] = [says(SKILLS[s]), says(1 - SKILLS[s])];
  return {
    subject: `s${String(s).padStart(2, '0')}`,
    fold: row % 2,
    y,
    p_a: a === 1 ? 0.8 : 0.2,
    p_v: v === 1 ? 0.7 : 0.3,
    Q_a: SKILLS[s] + 0.05 * random(),
    Q_v: 1 - SKILLS[s] + 0.05 * random(),
    session_a: SKILLS[s],
    session_v: 1 - SKILLS[s],
    snr: random(),
    alone: row,
    repeat: row % 2,
    id: Math.floor(row / 2),
    same: 'one',
  };
});
writeFileSync(
  join(root, 'eval.csv'),
  [Object.keys(LINES[0]), ...LINES.map((line) => Object.values(line))].map((row) => row.join(',')).join('\n'),
);

const config = (columns: string, permutations = '', scores = ['Q_a', 'Q_v'], more = '') => `gates:
  - fusion: hard
    evaluation-set: eval.csv
    columns: { label: y${columns} }
    modalities: { audio: { reliability: ${scores[0]}, expert: p_a }, video: { reliability: ${scores[1]}, expert: p_v } }
    output: { kind: probabilities }
    permutations: { count: 199, most: 199, seed: 3, secondary-count: 199${permutations} }
    interval: { resamples: 200 }
${more}`;

async function suiteOf(yaml: string) {
  writeFileSync(join(root, 'gate.yml'), yaml);
  return readConfig({ config: 'gate.yml', inputs: {} }, options.workspace);
}

async function reportOf(...of: Parameters<typeof config>) {
  const { gates } = await suiteOf(config(...of));
  return runGates(gates, options);
}
const gateOf = async (...of: Parameters<typeof config>) => (await reportOf(...of)).gates[0];

describe('a gate with blocks', () => {
  it('finds nothing within subjects where scores know the subject alone, and draws subjects for the interval', async () => {
    const [plain, blocks] = [await gateOf(''), await gateOf(', block: subject')];
    expect(plain.verdict).toBe('quality-aware');
    expect(plain).not.toHaveProperty('exchange');
    expect(blocks.p.oneSided).toBeGreaterThan(0.05);
    expect(Math.abs(blocks.gap.value)).toBeLessThan(0.02);
    expect(blocks.power.clusters).toBe(24);
    expect(blocks.exchange).toEqual({
      within: ['block "subject"'],
      moved: 'rows',
      units: 222,
      groups: 24,
      alone: 2,
      unchanged: 0,
    });
    expect(blocks.warnings).toContain(
      'Of the 24 blocks of "subject", 2 have a single evaluated row (s00, s01): no shuffle moves their scores, which brings the gap nearer to 0.',
    );
  });

  it('says so in the texts', async () => {
    const report = await reportOf(', block: subject');
    expect(renderText(report, { colour: false })).toContain(
      'shuffled  within each block "subject" (24 groups)',
    );
    expect(renderMarkdown(report, { limit: 60_000 })).toContain('over 24 blocks');
  });

  it('shuffles freely where it is told to, and still draws subjects for the interval', async () => {
    const [plain, free] = [await gateOf(''), await gateOf(', block: subject', ', within: all')];
    expect(free.broken).toEqual(plain.broken);
    expect(free.gap.value).toBe(plain.gap.value);
    expect(free.power.clusters).toBe(24);
    expect(free.power.standardError).not.toBe(plain.power.standardError);
  });

  it('moves whole blocks where scores belong to them', async () => {
    const still = await gateOf(', block: subject', '', ['session_a', 'session_v']);
    expect(still.verdict).toBe('invalid');
    expect(still.advice).toContain('"permutations: { move: blocks }"');
    const moved = await gateOf(', block: subject', ', move: blocks', ['session_a', 'session_v']);
    expect(moved.verdict).toBe('quality-aware');
    expect(moved.exchange).toMatchObject({ moved: 'blocks', units: 24, groups: 2, alone: 0 });
  });

  it('cannot be judged where every block is a single row', async () => {
    const gate = await gateOf(', block: alone');
    expect(gate).toMatchObject({ verdict: 'invalid', conclusion: 'error' });
    expect(gate.reason).toContain('each has a single evaluated row: no score can change its place');
  });

  it('needs more than one block', async () => {
    await expect(gateOf(', block: same')).rejects.toThrow(
      'The block column "same" holds "one" in every evaluated row, and a single block cannot tell how much blocks differ. Evaluate on more of them, or remove columns.block.',
    );
  });

  it('stays within folds too, and names the rows that are left alone there', async () => {
    const gate = await gateOf(', block: subject, fold: fold');
    expect(gate.exchange).toMatchObject({ within: ['fold', 'block "subject"'], moved: 'rows', units: 222 });
    expect(gate.folds).toHaveLength(2);
    expect(gate.power.clusters).toBe(24);
  });

  it('has one block for an example that comes again', async () => {
    await expect(gateOf(', block: subject, seed: repeat, id: id')).rejects.toThrow(
      'The block column "subject" has different blocks for one example, in row 0 (counting from 0; id "0") and in row 1 (counting from 0; id "0"). An example that comes again needs the same block in every fold.',
    );
    expect((await gateOf(', block: id, seed: repeat, id: id')).power.clusters).toBe(111);
  });

  it('has a warning where blocks are few', async () => {
    const gate = await gateOf(', block: fold');
    expect(gate.warnings).toContain(
      'There are only 2 blocks of "fold": the interval of the gap draws whole blocks, and from fewer than 20 it is rough and rather too narrow.',
    );
  });
});

describe('a gate with conditional shuffles', () => {
  it('stays within the class that is predicted with equal scores', async () => {
    const gate = await gateOf('', ', within: predicted-class');
    expect(gate.exchange).toMatchObject({ within: ['predicted class'], groups: 2, alone: 0 });
    expect(gate.power).not.toHaveProperty('clusters');
  });

  it('stays within rows that are alike, inside blocks', async () => {
    const free = await gateOf('', ', within: { match: [snr], neighbours: 6 }');
    expect(free.exchange).toMatchObject({
      within: ['group of about 6 rows alike in "snr"'],
      groups: 222 / 6,
    });
    const inside = await gateOf(', block: subject', ', within: { match: [snr], neighbours: 5 }');
    expect(inside.exchange).toMatchObject({
      within: ['block "subject"', 'group of about 5 rows alike in "snr"'],
      groups: 2 + 22 * 2,
    });
  });

  it('needs numbers to match', async () => {
    await expect(gateOf('', ', within: { match: [subject] }')).rejects.toThrow(
      'The match column "subject" of "eval.csv" holds text, "s00" in row 0 (counting from 0); numbers are needed.',
    );
  });
});

it.each([
  [', block: subject', ''],
  [', block: subject', ', move: blocks'],
  ['', ', within: predicted-class'],
  [', block: subject', ', within: { match: [snr] }'],
])('three shards give the report of one run, byte for byte: %s %s', async (columns, permutations) => {
  const yaml = config(
    columns,
    permutations,
    undefined,
    '    metrics: [auroc, log-loss, balanced-accuracy]\n',
  );
  const suite = await suiteOf(yaml);
  const shards = [];
  for (const index of [1, 2, 3]) {
    const path = `shard-${index}.json`;
    const text = renderShard(await measureShard(suite, { index, of: 3 }, options));
    shards.push({ path, file: parseShard(text, path) });
  }
  const timeless = (report: Awaited<ReturnType<typeof runGates>>) =>
    renderJson({ ...report, gates: report.gates.map((gate) => ({ ...gate, seconds: 0 })) });
  expect(timeless(mergeShards(shards, 'test'))).toBe(timeless(await runGates(suite.gates, options)));
});

it('a bank that a gate writes has the shuffles of its blocks', async () => {
  const { gates } = await suiteOf(config(', block: subject'));
  const { bytes, names } = await drawBank(gates[0], options);
  writeFileSync(join(root, 'bank.npz'), bytes);
  const bank = `, bank: { path: bank.npz, scores: { audio: ${names.scores.audio}, video: ${names.scores.video} } }`;
  const [own, banked] = [await gateOf(', block: subject'), await gateOf(', block: subject', bank)];
  expect(banked.broken.values).toEqual(own.broken.values);
  expect(banked).not.toHaveProperty('exchange');
});
