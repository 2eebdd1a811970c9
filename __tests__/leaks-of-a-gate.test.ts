import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeEach, describe, expect, it } from 'vitest';

import { randomFor } from '../src/diagnostic/random.ts';
import { silentLogger } from '../src/foundation/logger.ts';
import { measureShard, mergeShards, runGates } from '../src/gate.ts';
import * as library from '../src/library.ts';
import { parseShard, renderShard } from '../src/shards/shard-file.ts';

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'fusion-gate-leaks-')));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const said: string[] = [];
const options = {
  workspace: library.openWorkspace(folder),
  threads: 1,
  logger: { ...silentLogger, warning: (message: string) => said.push(message) },
  version: '1',
};

/** Two experts that are right on two of three examples; the audio score is the audio expert's confidence. */
function writeSet(name: string, scoreOfVideo: (label: number, random: () => number) => number): void {
  const random = randomFor('leaks');
  const lines = Array.from({ length: 200 }, (_, i) => {
    const label = Number(random() < 0.5);
    const expert = () => {
      const most = 0.5 + 0.5 * random();
      return (random() < 0.67 ? label === 1 : label === 0) ? most : 1 - most;
    };
    const [audio, video] = [expert(), expert()];
    return [`clip ${i}`, label, audio, video, Math.max(audio, 1 - audio), scoreOfVideo(label, random)].join();
  });
  writeFileSync(join(folder, name), ['id,y,p_a,p_v,Q_a,Q_v', ...lines].join('\n'));
}

const CONFIG = `gates:
  - name: leaky
    fusion: weighted-mean
    evaluation-set: eval.csv
    columns: { label: y, id: id }
    modalities:
      audio: { expert: p_a, reliability: Q_a }
      video: { expert: p_v, reliability: Q_v }
    output: { kind: probabilities }
    permutations: { count: 99, secondary-count: 39 }
    interval: { resamples: 100 }
`;

async function suiteWith(...lines: readonly string[]) {
  writeFileSync(join(folder, 'fusion-gate.yml'), CONFIG + lines.map((line) => `    ${line}\n`).join(''));
  return library.readConfig({ config: 'fusion-gate.yml', inputs: {} }, options.workspace);
}

async function leaksWith(...lines: readonly string[]) {
  const { gates } = await runGates((await suiteWith(...lines)).gates, options);
  return gates[0].leakage;
}

beforeEach(() => {
  said.length = 0;
  writeSet('eval.csv', (label, random) => label + 0.5 * random());
  writeFileSync(join(folder, 'train.txt'), 'clip 200\nclip 7\nclip 3\n');
});

describe('the leaks of a gate', () => {
  it('are in its report, and said while it runs', async () => {
    const leaks = await leaksWith();
    expect(leaks.map(({ check, modality }) => [check, modality])).toEqual([
      ['label', 'video'],
      ['prediction', 'audio'],
    ]);
    expect(said).toEqual(leaks.map(({ sentence }) => `Gate "leaky": ${sentence}`));
  });

  it('are none where scores are what they should be', async () => {
    writeSet('eval.csv', (_, random) => random());
    expect((await leaksWith()).map(({ modality }) => modality)).toEqual(['audio']);
    const report = await runGates((await suiteWith()).gates, options);
    expect(() => library.renderJson(report)).not.toThrow();
  });

  it('change no number and no verdict', async () => {
    const { gates } = await suiteWith();
    const [{ leakage, warnings, ...leaky }] = (await runGates(gates, options)).gates;
    const trained = await suiteWith('train-ids: train.txt', 'leakage: warn');
    const [{ leakage: more, ...same }] = (await runGates(trained.gates, options)).gates;
    expect(more.map(({ check }) => check)).toEqual(['shared-ids', ...leakage.map(({ check }) => check)]);
    expect({ ...same, seconds: 0 }).toEqual({ ...leaky, warnings, seconds: 0 });
  });

  it('are the same from shards, which must have seen the same training ids', async () => {
    const suite = await suiteWith('train-ids: train.txt', 'leakage: warn');
    const shardOf = async (index: number) => {
      const path = `shard-${index}.json`;
      return {
        path,
        file: parseShard(renderShard(await measureShard(suite, { index, of: 2 }, options)), path),
      };
    };
    const [whole, one, two] = [await runGates(suite.gates, options), await shardOf(1), await shardOf(2)];
    const [merged] = mergeShards([one, two], '1').gates;
    expect(merged.leakage).toEqual(whole.gates[0].leakage);
    expect(merged.leakage).toHaveLength(3);
    writeFileSync(join(folder, 'train.txt'), 'clip 3\nclip 7\n');
    const other = await shardOf(2);
    expect(() => mergeShards([one, other], '1')).toThrow('another configuration');
  });
});

describe('evaluated examples that were trained on', () => {
  it('end the run, unless it shall warn', async () => {
    await expect(leaksWith('train-ids: train.txt')).rejects.toThrow(
      new library.ConfigurationError(
        '2 of 200 evaluated examples are among the training ids of "train.txt" (id "clip 3" and "clip 7"); what a model does on examples that it was trained on proves nothing. Leave them out with columns.subset, or say "leakage: warn".',
      ),
    );
    const [finding] = await leaksWith('train-ids: train.txt', 'leakage: warn');
    expect(finding.numbers).toEqual({ shared: 2, evaluated: 200 });
  });

  it('are looked for among the evaluated rows alone, and need not be there', async () => {
    writeFileSync(join(folder, 'train.csv'), 'clip,fold\nclip 500,1\n');
    const leaks = await leaksWith('train-ids: { path: train.csv, column: clip }');
    expect(leaks.map(({ check }) => check)).not.toContain('shared-ids');
  });
});
