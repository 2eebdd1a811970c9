import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { GateConfig } from '../../src/config/gate-config.ts';
import type { Suite, Wishes } from '../../src/config/read-config.ts';
import { guessName, readConfig } from '../../src/config/read-config.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';
import { gateWith } from './bad-configs.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fusion-gate-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Reads `yaml` as fusion-gate.yml, together with the wishes. */
async function read(yaml: string | undefined, wishes: Wishes = {}): Promise<Suite> {
  if (yaml !== undefined) await writeFile(join(folder, 'fusion-gate.yml'), yaml);
  return readConfig(wishes, openWorkspace(folder));
}

async function readOne(yaml: string | undefined, inputs: Wishes['inputs'] = {}): Promise<GateConfig> {
  const { gates } = await read(yaml, { inputs });
  expect(gates).toHaveLength(1);
  return gates[0];
}

const FLAGS = { model: 'm.onnx', 'evaluation-set': 'e.npz', label: 'y', reliability: 'Q_a,Q_v' } as const;

describe('defaults', () => {
  it('fills in what a minimal file leaves out', async () => {
    expect(await readOne(gateWith())).toEqual({
      name: 'stress',
      candidate: { kind: 'model', path: 'model.onnx', engine: 'auto' },
      evaluationSet: 'eval.npz',
      columns: { label: 'y' },
      modalities: [
        { name: 'audio', inputs: [], reliability: { tensor: 'Q_a', column: 'Q_a' }, reliableWhen: 'high' },
        { name: 'video', inputs: [], reliability: { tensor: 'Q_v', column: 'Q_v' }, reliableWhen: 'high' },
      ],
      inputs: [],
      output: { kind: 'logits' },
      metric: 'accuracy',
      metrics: [],
      threshold: 0.01,
      alpha: 0.05,
      permutations: {
        count: 1000,
        most: 10_000,
        secondaryCount: 200,
        scheme: 'independent',
        move: 'rows',
        seed: 0,
      },
      uniformScore: 'mean',
      interval: { method: 'bca', confidence: 0.95, resamples: 2000 },
      control: { threshold: 0.05, quantiles: [0.05, 0.95] },
      failOnInconclusive: true,
    });
  });

  it('gives the controls as many shuffles as a small alpha needs', async () => {
    // Two modalities: 2 / (K + 1) <= 0.001 at K = 1999.
    const { permutations } = await readOne(gateWith('alpha: 0.001'));
    expect(permutations.secondaryCount).toBe(1999);
  });

  it('writes the short form of a rule out, and takes its low scores as reliable where they are uncertainties', async () => {
    const yaml = `gates:
  - fusion: dempster
    evaluation-set: e.npz
    columns: { label: y }
    modalities:
      audio: { reliability: u_a, expert: e_a }
      video: { reliability: u_v, expert: e_v, reliable-when: high }
`;
    const gate = await readOne(yaml);
    expect(gate.candidate).toEqual({
      kind: 'fusion',
      rule: { rule: 'dempster', temperature: 1, epsilon: 1e-6 },
    });
    expect(gate.modalities.map(({ reliableWhen }) => reliableWhen)).toEqual(['low', 'high']);
    expect(gate.name).toBe('fusion-gate');
  });

  it('keeps modalities in the order of the file', async () => {
    const yaml = gateWith().replace(
      /modalities:.*/,
      'modalities: { video: { reliability: v }, audio: { reliability: a } }',
    );
    expect((await readOne(yaml)).modalities.map(({ name }) => name)).toEqual(['video', 'audio']);
  });
});

describe('precedence', () => {
  const yaml = gateWith('threshold: 0.02', 'permutations: { count: 300, seed: 7 }');

  it('an input goes before the file, the file before the default', async () => {
    const gate = await readOne(yaml, { threshold: '0.03', seed: '9' });
    expect(gate.threshold).toBe(0.03);
    expect(gate.permutations).toMatchObject({ count: 300, seed: 9, scheme: 'independent' });
    expect(gate.alpha).toBe(0.05);
  });

  it('an input may supply what the file lacks', async () => {
    const yaml = gateWith().replace('    evaluation-set: eval.npz\n', '');
    expect((await readOne(yaml, { 'evaluation-set': 'other.csv' })).evaluationSet).toBe('other.csv');
  });

  it('an input holds for every gate of the file, or for the selected ones', async () => {
    const second = gateWith().replace('gates:\n', '').replace('stress', 'calm');
    const yaml = gateWith() + second;
    const both = await read(yaml, { inputs: { alpha: '0.1' } });
    expect(both.gates.map(({ name, alpha }) => [name, alpha])).toEqual([
      ['stress', 0.1],
      ['calm', 0.1],
    ]);
    const one = await read(yaml, { gates: ['calm'], inputs: { model: 'new.onnx' } });
    expect(one.gates.map(({ name, candidate }) => [name, candidate])).toEqual([
      ['calm', { kind: 'model', path: 'new.onnx', engine: 'auto' }],
    ]);
  });

  it('flags that name a model leave a fusion-gate.yml aside', async () => {
    const gate = await readOne(gateWith('threshold: 0.5'), FLAGS);
    expect([gate.threshold, gate.evaluationSet]).toEqual([0.01, 'e.npz']);
  });
});

describe('a gate said by inputs alone', () => {
  it('names modalities after their scores', async () => {
    const gate = await readOne(undefined, {
      ...FLAGS,
      reliability: ' Q_a=quality_audio , Q_v',
      experts: 'p_a,p_v',
    });
    expect(gate.modalities).toMatchObject([
      { name: 'Q_a', reliability: { tensor: 'Q_a', column: 'quality_audio' }, expert: 'p_a' },
      { name: 'Q_v', reliability: { tensor: 'Q_v', column: 'Q_v' }, expert: 'p_v' },
    ]);
  });

  it('takes one score with several modalities as the matrix of all', async () => {
    const gate = await readOne(undefined, { ...FLAGS, reliability: 'Q=quality', modalities: 'audio,video' });
    expect(gate.reliability).toEqual({ tensor: 'Q', column: 'quality', order: ['audio', 'video'], axis: 1 });
    expect(gate.modalities.map(({ name, reliability }) => [name, reliability])).toEqual([
      ['audio', undefined],
      ['video', undefined],
    ]);
  });

  it('takes one score with one modality as its own', async () => {
    const gate = await readOne(undefined, { ...FLAGS, reliability: 'Q', modalities: 'audio' });
    expect(gate.reliability).toBeUndefined();
    expect(gate.modalities).toMatchObject([{ name: 'audio', reliability: { tensor: 'Q', column: 'Q' } }]);
  });

  it("reads a workflow's block text as a list", async () => {
    const gate = await readOne(undefined, { ...FLAGS, reliability: 'Q_a\nQ_v\n' });
    expect(gate.modalities.map(({ name }) => name)).toEqual(['Q_a', 'Q_v']);
  });

  it('sets every other key', async () => {
    const gate = await readOne(undefined, {
      ...FLAGS,
      name: 'mine',
      id: 'ids',
      output: 'out',
      'output-kind': 'score',
      'decision-threshold': '-1.5e0',
      engine: 'tfjs',
      threshold: '.02',
      permutations: '1e3',
      seed: '7',
      alpha: '0.1',
      metric: 'balanced-accuracy',
      scheme: 'joint',
      'control-threshold': '0.2',
      'fail-on-inconclusive': 'FALSE',
    });
    expect(gate).toMatchObject({
      name: 'mine',
      candidate: { kind: 'model', path: 'm.onnx', engine: 'tfjs' },
      columns: { label: 'y', id: 'ids' },
      output: { tensor: 'out', kind: 'score', decisionThreshold: -1.5 },
      threshold: 0.02,
      permutations: { count: 1000, seed: 7, scheme: 'joint' },
      alpha: 0.1,
      metric: 'balanced-accuracy',
      control: { threshold: 0.2 },
      failOnInconclusive: false,
    });
  });

  it('takes a rule in place of a model', async () => {
    const gate = await readOne(undefined, {
      ...FLAGS,
      model: undefined,
      fusion: 'softmax',
      experts: 'p_a,p_v',
    });
    expect(gate.candidate).toEqual({
      kind: 'fusion',
      rule: { rule: 'softmax', temperature: 1, epsilon: 1e-6 },
    });
  });
});

describe('lists over a file', () => {
  const yaml = gateWith().replace('reliability: Q_a', 'reliability: Q_a, expert: e_a, presence: M_a');

  it('give the modalities of the file other scores, and leave their other keys', async () => {
    const gate = await readOne(yaml, { reliability: 'R_a,R_v' });
    expect(gate.modalities).toMatchObject([
      { name: 'audio', reliability: { tensor: 'R_a' }, expert: 'e_a', presence: 'M_a' },
      { name: 'video', reliability: { tensor: 'R_v' } },
    ]);
  });

  it('choose among the modalities of the file', async () => {
    const gate = await readOne(yaml, { modalities: 'video' });
    expect(gate.modalities).toMatchObject([{ name: 'video', reliability: { tensor: 'Q_v' } }]);
  });

  it('replace separate scores by one for all, and the other way round', async () => {
    const matrix = await readOne(yaml, { reliability: 'Q' });
    expect(matrix.reliability).toEqual({ tensor: 'Q', column: 'Q', order: ['audio', 'video'], axis: 1 });
    const rows = yaml.replace(/modalities:.*/, 'modalities: { a: {}, v: {} }');
    const separate = await readOne(`${rows}    reliability: { tensor: Q, order: [v, a], axis: 0 }\n`, {
      reliability: 'x,y',
    });
    expect(separate.reliability).toBeUndefined();
    expect(separate.modalities.map(({ reliability }) => reliability?.tensor)).toEqual(['x', 'y']);
  });
});

describe('files', () => {
  const yaml = `gates:
  - fusion: { rule: linear-router, weights: w.npz }
    evaluation-set: ../data/e.npz
    columns: { label: y }
    modalities: { audio: { reliability: q, expert: p } }
    permutations: { bank: { path: banks/b.npz, scores: { audio: q } } }
`;

  it("named in a config file are relative to its folder, and come out relative to the workspace's base", async () => {
    await mkdir(join(folder, 'ci'));
    await writeFile(join(folder, 'ci', 'gate.yml'), yaml);
    const { gates } = await readConfig({ config: 'ci/gate.yml' }, openWorkspace(folder));
    expect(gates[0]).toMatchObject({
      candidate: { rule: { weights: 'ci/w.npz' } },
      evaluationSet: 'data/e.npz',
      permutations: { bank: { path: 'ci/banks/b.npz' } },
    });
    const below = await readConfig({ config: 'gate.yml' }, openWorkspace(folder, join(folder, 'ci')));
    expect(below.gates[0].evaluationSet).toBe('../data/e.npz');
  });

  it('named by an input are relative to the base', async () => {
    await mkdir(join(folder, 'ci'));
    await writeFile(join(folder, 'ci', 'gate.yml'), yaml);
    const wishes = { config: 'ci/gate.yml', inputs: { 'evaluation-set': 'e.csv' } };
    const { gates } = await readConfig(wishes, openWorkspace(folder));
    expect(gates[0].evaluationSet).toBe('e.csv');
  });

  it('named absolutely stay as they are', async () => {
    const gate = await readOne(gateWith().replace('eval.npz', '/data/eval.npz'));
    expect(gate.evaluationSet).toBe('/data/eval.npz');
  });

  it('that are no UTF-8 or do not exist are refused', async () => {
    await writeFile(join(folder, 'latin.yml'), Buffer.from([0x61, 0x3a, 0x20, 0xe9]));
    await expect(read(undefined, { config: 'latin.yml' })).rejects.toThrow(
      'latin.yml is not UTF-8 text. A config file is YAML, saved as UTF-8.',
    );
    await expect(read(undefined, { config: 'latim.yml' })).rejects.toThrow(
      'The config file "latim.yml" does not exist. Did you mean "latin.yml"?',
    );
    await expect(read(undefined, { config: '../x.yml' })).rejects.toThrow(/does not exist|outside/);
  });
});

describe('names', () => {
  it('the comment is called after the file, else after the first gate that runs', async () => {
    const yaml = gateWith() + gateWith().replace('gates:\n', '').replace('stress', 'calm');
    expect((await read(yaml)).name).toBe('stress');
    expect((await read(yaml, { gates: ['calm'] })).name).toBe('calm');
    expect((await read(`name: all\n${yaml}`, { gates: ['calm'] })).name).toBe('all');
  });

  it('that objects inherit are plain names here', async () => {
    const yaml = gateWith().replace(
      /modalities:.*/,
      'modalities: { constructor: { reliability: a }, toString: { reliability: b } }',
    );
    const gate = await readOne(yaml);
    expect(gate.modalities.map(({ name }) => name)).toEqual(['constructor', 'toString']);
    expect(Object.hasOwn(Object.prototype, 'reliability')).toBe(false);
  });

  it('may be shared by anchors', async () => {
    const gate = await readOne(gateWith('inputs: [&e E, *e]').replace('model.onnx', 'm').replace('*e', 'F'));
    expect(gate.inputs.map(({ tensor }) => tensor)).toEqual(['E', 'F']);
  });
});

describe('guessName', () => {
  const guess = async (yaml: string | undefined, wishes: Wishes = {}): Promise<string | undefined> => {
    if (yaml !== undefined) await writeFile(join(folder, 'fusion-gate.yml'), yaml);
    return guessName(wishes, openWorkspace(folder));
  };

  it.each([
    ['the name of the file', `name: all\n${gateWith('alpha: x')}`, {}, 'all'],
    ['the name of the first gate', gateWith('alpha: x'), { inputs: { model: undefined } }, 'stress'],
    ['the gate that is asked for', gateWith('alpha: x'), { gates: ['calm'] }, 'calm'],
    ['the name that is given', gateWith('alpha: x'), { inputs: { name: 'mine' } }, 'mine'],
    ['the name of a gate that has none', 'gates: [{}]', {}, 'fusion-gate'],
    ['the name of a gate without a file', undefined, { inputs: { model: 'm' } }, 'fusion-gate'],
    ['nothing for a broken file', 'gates: [', {}, undefined],
    ['nothing for a file without gates', 'gate: 1', {}, undefined],
    ['nothing without a file or a model', undefined, {}, undefined],
  ])('%s', async (_, yaml, wishes, name) => {
    expect(await guess(yaml, wishes)).toBe(name);
  });

  it('is the name that the suite gets where the wishes are sound', async () => {
    const yaml = gateWith() + gateWith().replace('gates:\n', '').replace('stress', 'calm');
    for (const wishes of [{}, { gates: ['calm'] }, { inputs: FLAGS }, { inputs: { ...FLAGS, name: 'x' } }]) {
      expect(await guess(yaml, wishes)).toBe((await read(yaml, wishes)).name);
    }
  });
});
