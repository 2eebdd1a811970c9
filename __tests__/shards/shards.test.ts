import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';

import { readConfig } from '../../src/config/read-config.ts';
import { ConfigurationError } from '../../src/foundation/errors.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { openWorkspace, type Workspace } from '../../src/foundation/workspace.ts';
import { finishShards, measureShard, mergeShards, runGates } from '../../src/gate.ts';
import type { RunReport } from '../../src/report/gate-report.ts';
import { renderJson } from '../../src/report/json.ts';
import { findFiles } from '../../src/shards/find-files.ts';
import type { FoundShard } from '../../src/shards/join-shards.ts';
import { parseShard, renderShard } from '../../src/shards/shard-file.ts';
import { shardSchema } from '../../src/shards/shard-schema.ts';
import { createWorkspace } from '../e2e/workspace.ts';

const VERSION = '1.2.3';
let folder: string;
let workspace: Workspace;
let options: Parameters<typeof runGates>[1];

beforeAll(() => {
  folder = createWorkspace();
  workspace = openWorkspace(folder);
  options = { workspace, threads: 1, logger: silentLogger, version: VERSION };
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

async function measure(of: number, config = 'truthful.yml', inputs: Record<string, string> = {}) {
  const suite = await readConfig({ config, inputs }, workspace);
  const shards: FoundShard[] = [];
  for (let index = 1; index <= of; index++) {
    const path = `shard-${index}.json`;
    const text = renderShard(await measureShard(suite, { index, of }, options));
    shards.push({ path, file: parseShard(text, path) });
  }
  return shards;
}

const withoutTime = (report: RunReport) => renderJson(report).replace(/"seconds": [\d.]+/g, '');

describe('shards that are written, read and merged', () => {
  it.each([
    [1, 'truthful.yml', { permutations: '150' }],
    [3, 'truthful.yml', { permutations: '130' }],
    [8, 'truthful.yml', { permutations: '120', metric: 'balanced-accuracy', scheme: 'joint' }],
    [5, 'empty.yml', { permutations: '99' }],
  ] as const)('give the report of one run, byte for byte: %d of %s %o', async (of, config, inputs) => {
    const { gates } = await readConfig({ config, inputs }, workspace);
    const whole = withoutTime(await runGates(gates, options));
    const shards = await measure(of, config, inputs);
    expect(withoutTime(mergeShards(shards, VERSION))).toBe(whole);
    expect(withoutTime(mergeShards(shards.toReversed(), VERSION))).toBe(whole);
  });

  it('say so where one run would have drawn more', async () => {
    const [{ broken, warnings }] = mergeShards(
      await measure(2, 'truthful.yml', { permutations: '50' }),
      VERSION,
    ).gates;
    expect(broken.count).toBe(50);
    expect(warnings.join()).toContain(
      'With more shuffles than these 50, p may lie on the other side of alpha = 0.05: shards draw no more than permutations.count',
    );
  });

  it.each([
    ['shuffles', { permutations: '50' }],
    ['whole rows', { permutations: '1000', alpha: '0.02' }],
    ['nothing', { permutations: '150' }],
  ])('are finished where they were measured, where one run would draw more of %s', async (_, inputs) => {
    const { gates } = await readConfig({ config: 'truthful.yml', inputs }, workspace);
    const shards = await measure(2, 'truthful.yml', inputs);
    const whole = await runGates(gates, options);
    expect(withoutTime(await finishShards(shards, gates, options))).toBe(withoutTime(whole));
  });

  it('are not finished with another gate', async () => {
    const shards = await measure(2, 'truthful.yml', { permutations: '50' });
    const inputs = { permutations: '50', seed: '5' };
    const { gates } = await readConfig({ config: 'truthful.yml', inputs }, workspace);
    await expect(finishShards(shards, gates, options)).rejects.toThrow(
      new ConfigurationError(
        'Gate "stress" has another configuration here than in the shards; merge where they were measured: the same commit, config, inputs, flags and kind of machine.',
      ),
    );
    const renamed = [{ ...gates[0], name: 'other' }];
    await expect(finishShards(shards, renamed, options)).rejects.toThrow(
      'The shards have measured the gate "stress", and the gates here are "other".',
    );
  });

  it('say so where they are not all of one run', async () => {
    const [one, two, three] = await measure(3);
    const [seeded] = await measure(3, 'truthful.yml', { seed: '5' });
    const [other] = await measure(2);
    const merging =
      (...shards: FoundShard[]) =>
      () =>
        mergeShards(shards, VERSION);
    expect(merging(one, three)).toThrow(
      new ConfigurationError(
        'Shard 2 of 3 is missing. All are needed; see whether a job failed that should have measured one.',
      ),
    );
    expect(merging(two)).toThrow('Shards 1 and 3 of 3 are missing. All are needed;');
    expect(merging(one, two, { ...two, path: 'copy.json' }, three)).toThrow(
      new ConfigurationError('"shard-2.json" and "copy.json" are both shard 2/3; merge each shard once.'),
    );
    expect(merging(one, { ...other, path: 'other.json' })).toThrow(
      new ConfigurationError(
        '"shard-1.json" is shard 1/3 and "other.json" is shard 1/2; merge the shards of one run.',
      ),
    );
    expect(merging({ ...seeded, path: 'seeded.json' }, two, three)).toThrow(
      new ConfigurationError(
        'Gate "stress" has another configuration in "shard-2.json" than in "seeded.json"; give all shards the same config file, inputs and flags.',
      ),
    );
    expect(() => mergeShards([one, two, three], '1.2.4')).toThrow(
      new ConfigurationError(
        '"shard-1.json" was measured by fusion-gate 1.2.3, and this is 1.2.4; use the same version for all steps.',
      ),
    );
  });

  it.each([
    ['another model', (gate: Gate) => (gate.model.sha256 = 'x')],
    ['another evaluation set', (gate: Gate) => (gate.evaluationSet.sha256 = 'x')],
    ['another engine', (gate: Gate) => (gate.model.engine = 'x')],
    ['another description', (gate: Gate) => gate.warnings.push('x')],
    ['other results for Clean-Q and the controls', (gate: Gate) => (gate.measurements.facts.clean[0] ^= 1)],
    ['other gates', (gate: Gate) => (gate.name = 'x')],
  ])('name what differs: %s', async (what, change) => {
    const [one, two] = await measure(2);
    const changed = structuredClone(two.file);
    change(changed.gates[0] as unknown as Gate);
    expect(() => mergeShards([one, { path: 'b.json', file: changed }], VERSION)).toThrow(
      what === 'other gates'
        ? '"b.json" has "x" of'
        : `Gate "stress" has ${what} in "b.json" than in "shard-1.json"; `,
    );
  });
});

/** What the tests change of a gate. */
interface Gate {
  name: string;
  model: { sha256: string; engine: string };
  evaluationSet: { sha256: string };
  warnings: string[];
  measurements: { facts: { clean: Uint8Array } };
}

describe('a file that is no shard', () => {
  let text: string;
  beforeAll(async () => {
    const suite = await readConfig({ config: 'truthful.yml', inputs: { permutations: '20' } }, workspace);
    text = renderShard(await measureShard(suite, { index: 1, of: 2 }, options));
  });

  it('is refused in a sentence', () => {
    const reading = (content: string) => () => parseShard(content, 's.json');
    expect(reading('')).toThrow('"s.json" is not JSON. Merge the files that "--shard"');
    expect(reading('{"conclusion": "success"}')).toThrow('"s.json" is the report of a whole run; only what');
    expect(reading('[]')).toThrow('"s.json" is no shard of a fusion-gate run: ');
    expect(reading(text.replace('"version":1', '"version":2'))).toThrow(
      'no shard of a fusion-gate run (version)',
    );
    expect(reading(text.replace('{', '{"more":1,'))).toThrow('no shard of a fusion-gate run: ');
    expect(reading(text.replace('"index":1', '"index":3'))).toThrow('no shard of a fusion-gate run (shard)');
  });

  /** Replaces what is found at a path. */
  const spoiled = (path: string, change: (value: never) => unknown): string => {
    const file = JSON.parse(text) as Record<string, unknown>;
    const keys = `gates.0.measurements.${path}`.split('.');
    const last = keys.pop()!;
    const place = keys.reduce<Record<string, unknown>>((at, key) => at[key] as Record<string, unknown>, file);
    place[last] = change(place[last] as never);
    return JSON.stringify(file);
  };
  const shorter = (list: readonly number[]) => list.slice(1);
  const first = (value: unknown) => (list: readonly unknown[]) => [value, ...list.slice(1)];

  it.each([
    ['facts.labels', shorter, 'the list of what Clean-Q gets right'],
    ['facts.labels', () => [], 'the number of examples'],
    ['facts.uniform', () => [0], 'the number of classes'],
    ['facts.labels', first(7), 'a label'],
    ['facts.modalities', (list: readonly string[]) => [list[0], list[0]], 'the list of modalities'],
    ['facts.constantScores', () => ['smell'], 'the list of modalities'],
    ['facts.uniform', first(1e6), 'the counts with equal scores'],
    ['facts.count', () => 1_000_000, 'the counts of the shuffles'],
    ['draws.main.hits', first(1e6), 'the counts of the shuffles'],
    ['draws.main.hits', first(2 ** 32), 'the counts of the shuffles'],
    ['draws.main.flipped', first(1e6), 'the counts of changed predictions'],
    ['draws.main.right', first(11), 'the counts by example'],
    [
      'draws.main.right',
      ([count, ...rest]: readonly number[]) => [count === 0 ? 1 : count - 1, ...rest],
      'the sum of the counts by example',
    ],
    ['draws.perModality', shorter, 'the counts of one modality shuffled'],
    ['draws.perModality.0.right', first(1e6), 'the counts of one modality shuffled'],
    ['facts.arms', shorter, 'the arms'],
    ['facts.arms.0.found.changed', () => [7, 7], 'the arms'],
    ['facts.arms.0.found.changed', () => [1e6], 'the arms'],
    ['facts.arms.0.found', () => null, 'the arms'],
    ['facts.arms.0.leftOut', () => 'no experts', 'the arms'],
    ['facts.calibration', () => null, 'the calibration'],
    ['facts.calibration.audio.found.bins', shorter, 'the calibration'],
    ['facts.calibration.audio.found.riskCoverage.risk', shorter, 'the calibration'],
    ['draws.joint', () => null, 'the counts of joint shuffles'],
    ['draws.correctness', () => null, 'the correctness control'],
    ['draws.correctness.doses.auroc', shorter, 'the correctness control'],
    ['draws.exact.joint.peers', shorter, 'the sums over all scores'],
    ['draws.exact.joint.peers', first(0), 'the sums over all scores'],
    ['draws.exact.perModality', shorter, 'the sums over all scores'],
    ['draws.exact.joint.right', shorter, 'the sums over all scores'],
    ['draws.exact.joint.right', first(1e6), 'the sums over all scores'],
    ['draws.exact.joint.units', () => [[1]], 'the sums over all scores'],
    ['draws.exact.main', () => ({ peers: [], right: [], units: [] }), 'the sums over all scores'],
  ] as const)('because %s cannot be: %#', (path, change, what) => {
    expect(() => parseShard(spoiled(path, change as never), 's.json')).toThrow(
      new ConfigurationError(
        `"s.json" is damaged: ${what} of gate "stress" cannot be. Measure shard 1/2 again.`,
      ),
    );
  });

  it.each([
    ['draws.main.hits', first(-1)],
    ['draws.main.hits', first(0.5)],
    ['draws.main.hits', first('1')],
    ['draws.main.hits', first(2 ** 53)],
    ['draws.main.right', first(2 ** 31)],
    ['facts.clean', first(2)],
    ['draws.correctness.doses.auroc', first(1.5)],
    ['facts.count', () => 1e9],
    ['facts.scheme', () => 'other'],
  ] as const)('because %s holds what it may not: %#', (path, change) => {
    expect(() => parseShard(spoiled(path, change as never), 's.json')).toThrow(
      new RegExp(
        `^"s\\.json" is no shard of a fusion-gate run \\(gates\\.0\\.measurements\\.${path.replaceAll('.', '\\.')}\\): `,
      ),
    );
  });

  it('brings no prototype along', () => {
    const hostile = text.replace('"experts":{"audio"', '"experts":{"__proto__":{"polluted":1},"audio"');
    expect(hostile).not.toBe(text);
    try {
      parseShard(hostile, 's.json');
    } catch (error) {
      expect(error).toBeInstanceOf(ConfigurationError);
    }
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('is what the JSON Schema refuses, too', () => {
    const validate = new Ajv2020({ strict: false }).compile(z.toJSONSchema(shardSchema, { io: 'input' }));
    expect(validate(JSON.parse(text))).toBe(true);
    expect(validate(JSON.parse(spoiled('draws.main.hits', first(-1))))).toBe(false);
    expect(validate(JSON.parse(spoiled('facts.labels', first('1'))))).toBe(false);
  });
});

describe('patterns of files', () => {
  let place: string;
  const find = (...patterns: readonly string[]) => findFiles(patterns, 'shard', openWorkspace(place));

  beforeAll(() => {
    const outer = realpathSync(mkdtempSync(join(tmpdir(), 'patterns-')));
    place = join(outer, 'workspace');
    for (const path of ['a', 'b', 'c']) mkdirSync(join(place, path), { recursive: true });
    for (const path of ['1.json', '10.json', 'x.txt', '.2.json', 'a/r.json', 'b/r.json']) {
      writeFileSync(join(place, path), '');
    }
    symlinkSync(outer, join(place, 'out'));
  });
  afterAll(() => {
    rmSync(join(place, '..'), { recursive: true });
  });

  it.each([
    [['*.json'], ['1.json', '10.json']],
    [['1*'], ['1.json', '10.json']],
    [['1*0*n'], ['10.json']],
    [['.*.json'], ['.2.json']],
    [['*/r.json'], ['a/r.json', 'b/r.json']],
    [['./a/*'], ['./a/r.json']],
    [
      ['1.json', '*.json'],
      ['1.json', '10.json'],
    ],
    [['missing.json'], ['missing.json']],
  ])('%j', async (patterns, paths) => {
    expect(await find(...patterns)).toEqual(paths);
  });

  it('find nothing, or lead out of the workspace, in a sentence', async () => {
    await expect(find('*.csv')).rejects.toThrow(
      new ConfigurationError('No file fits "*.csv". Paths are relative to the working directory.'),
    );
    await expect(find('../*')).rejects.toThrow('is outside the workspace');
    await expect(find('out/*')).rejects.toThrow('is outside the workspace');
  });
});
