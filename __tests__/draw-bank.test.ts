import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, it } from 'vitest';

import { readConfig } from '../src/config/read-config.ts';
import { drawBank } from '../src/draw-bank.ts';
import { openNpz } from '../src/evaluation-set/npz.ts';
import { silentLogger } from '../src/foundation/logger.ts';
import { openWorkspace } from '../src/foundation/workspace.ts';
import { runGates } from '../src/gate.ts';
import type { RunReport } from '../src/report/gate-report.ts';
import { renderJson } from '../src/report/json.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'draw-bank-')));
afterAll(() => {
  rmSync(root, { recursive: true });
});
cpSync(fileURLToPath(new URL('fixtures/contract', import.meta.url)), join(root, 'data'), { recursive: true });
const options = { workspace: openWorkspace(root), logger: silentLogger, version: 'test', threads: 1 };

const CONTRACT = `gates:
  - fusion: weighted-mean
    evaluation-set: { contract: data, seed: 22, fold: 1 }
    columns: { id: ids, label: y, subset: full_only_test_mask }
    modalities:
      audio: { reliability: Qa, expert: p_a }
      video: { reliability: Qv, expert: p_v }
      phys: { reliability: Qp, expert: p_p }
    output: { kind: probabilities }
    permutations: { count: 60, seed: 5, secondary-count: 59`;

const ROWS = Array.from({ length: 30 }, (_, i) => [
  i % 2,
  (i * 7) % 10,
  (i * 3) % 11,
  i % 9,
  i % 5,
  Number(i > 3),
]);
writeFileSync(
  join(root, 'eval.csv'),
  [
    'y,p_a,p_v,Q_a,Q_v,test',
    ...ROWS.map(([y, a, v, ...rest]) => [y, a / 10, v / 11, ...rest].join(',')),
  ].join('\n'),
);
const CSV = `gates:
  - fusion: softmax
    evaluation-set: eval.csv
    columns: { label: y, subset: test }
    modalities: { audio: { reliability: Q_a, expert: p_a }, video: { reliability: Q_v, expert: p_v } }
    output: { kind: probabilities }
    permutations: { count: 40, seed: 1`;

/** The gate of a config that ends in its permutations. */
async function gateOf(config: string, more = ''): ReturnType<typeof firstGate> {
  writeFileSync(join(root, 'gate.yml'), `${config}${more} }\n`);
  return firstGate();
}

async function firstGate() {
  return (await readConfig({ config: 'gate.yml' }, options.workspace)).gates[0];
}

/** The report without what names the scheme and the time, nor exact means, of which a file of shuffles has none. */
async function reportOf(gate: Awaited<ReturnType<typeof firstGate>>): Promise<string> {
  const report = JSON.parse(renderJson(await runGates([gate], options))) as RunReport;
  const gates = report.gates.map((one) => ({ ...one, exact: undefined }));
  const text = JSON.stringify({ ...report, gates }, null, 2);
  return text.replace(/"scheme": "\w+"/, '').replace(/"seconds": [\d.]+/, '');
}

describe('a bank of our own shuffles', () => {
  it.each([
    ['a contract folder', CONTRACT],
    ['a table without ids', CSV],
  ])('gives the report of the gate that drew them, of %s', async (_, config) => {
    const gate = await gateOf(config);
    const drawn = await drawBank(gate, options);
    writeFileSync(join(root, 'bank.npz'), drawn.bytes);
    const { id, scores } = drawn.names;
    const pairs = Object.entries(scores).map(([modality, array]) => `${modality}: ${array}`);
    const idKey = id === undefined ? '' : `, id: ${id}`;
    const banked = await gateOf(
      config,
      `, bank: { path: bank.npz${idKey}, scores: { ${pairs.join(', ')} } }`,
    );
    const own = await reportOf(gate);
    expect(await reportOf(banked)).toBe(own);
    // It would not do so over any bank.
    expect(await reportOf(await gateOf(config.replace(/seed: [15]\b/, 'seed: 9')))).not.toBe(own);
  });

  it('has the layout of theirs: a row for each example, and shuffles of the evaluated ones alone', async () => {
    const drawn = await drawBank(await gateOf(CONTRACT), options);
    writeFileSync(join(root, 'bank.npz'), drawn.bytes);
    expect(drawn).toMatchObject({ count: 60, evaluated: 115 });
    const ours = await openNpz('bank.npz', options.workspace, 'test');
    const theirs = await openNpz(
      'data/brokenQ/seed_22/union_quality_BROKENQ_avp_seed22_fold1.npz',
      options.workspace,
      'test',
    );
    expect(ours.arrays.map(({ name }) => name)).toEqual(theirs.arrays.map(({ name }) => name));
    for (const name of ['ids_str', 'union_ids_hash']) {
      expect((await ours.read(name)).values).toEqual((await theirs.read(name)).values);
    }
    const experts = await openNpz('data/unimodal_preds/lr/seed_22/fold_1.npz', options.workspace, 'test');
    const quality = await openNpz('data/quality/seed_22/fold_1.npz', options.workspace, 'test');
    const { values: mask } = await experts.read('full_only_test_mask');
    const scores = Array.from((await quality.read('Qv')).values as ArrayLike<number>);
    const { values, shape } = await ours.read('Qv');
    expect(shape).toEqual([420, 60]);
    for (const k of [0, 59]) {
      const draw = scores.map((_, row) => values[row * 60 + k] as number);
      expect(draw.filter((_, row) => mask[row] === 0)).toEqual(scores.filter((_, row) => mask[row] === 0));
      const [drawnScores, own] = [draw, scores].map((all) => all.filter((_, row) => mask[row] === 1));
      expect(drawnScores).not.toEqual(own);
      expect(drawnScores.sort()).toEqual(own.sort());
    }
  });

  it('is the same, byte for byte, each time', async () => {
    const [one, other] = [
      await drawBank(await gateOf(CSV), options),
      await drawBank(await gateOf(CSV), options),
    ];
    expect(one.bytes.equals(other.bytes)).toBe(true);
  });

  it('is refused where it would be too large', async () => {
    await expect(
      drawBank(await gateOf(CONTRACT.replace('count: 60', 'count: 200000')), options),
    ).rejects.toThrow(
      'A bank of 200000 shuffles of 420 rows and 3 modalities has 2016000000 bytes; at most 1073741824 are written. Draw fewer, with permutations.count.',
    );
  });
});
