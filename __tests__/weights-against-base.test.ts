import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { runAgainstBase } from '../src/against-base.ts';
import { readConfig } from '../src/config/read-config.ts';
import { randomFor } from '../src/diagnostic/random.ts';
import { silentLogger } from '../src/foundation/logger.ts';
import { openWorkspace } from '../src/foundation/workspace.ts';
import { recordsOf } from '../src/history/record-of.ts';
import { historyRecord } from '../src/history/record-schema.ts';
import type { BaseRecord } from '../src/report/base-report.ts';
import { reportSchema } from '../src/report/report-schema.ts';
import { renderText } from '../src/report/text.ts';
import { newRepository, type TestRepository } from './baseline/repository.ts';

/** The expert that a score names is right in so many of ten examples. */
function evaluationSet(truthful: number, weightOf?: (i: number) => number): string {
  const random = randomFor('weights against base');
  const lines = Array.from({ length: 120 }, (_, i) => {
    const label = i % 2;
    const audioIsRight = random() < 0.5;
    const namesAudio = random() * 10 < truthful ? audioIsRight : !audioIsRight;
    const expert = (isRight: boolean) => (isRight === (label === 1) ? 0.9 : 0.1);
    const [audio, video] = namesAudio ? [0.8, 0.2] : [0.2, 0.8];
    const weight = weightOf ? [weightOf(i)] : [];
    return [`clip ${i}`, label, expert(audioIsRight), expert(!audioIsRight), audio, video, ...weight].join();
  });
  return [`id,y,p_a,p_v,Q_a,Q_v${weightOf ? ',w' : ''}`, ...lines].join('\n');
}

const gate = (name: string, columns: string): string => `  - name: ${name}
    fusion: weighted-mean
    evaluation-set: ${name}.csv
    columns: { id: id, label: y${columns} }
    modalities:
      audio: { expert: p_a, reliability: Q_a }
      video: { expert: p_v, reliability: Q_v }
    output: { kind: probabilities }
    permutations: { count: 49, most: 49, secondary-count: 39 }
    interval: { resamples: 100 }
`;

const NAMES = ['unnamed', 'dropped', 'other', 'without'] as const;
const third = (i: number): number => 1 + (i % 3);

let repository: TestRepository;
let base: string;
beforeAll(() => {
  repository = newRepository();
  base = repository.commit({
    'fusion-gate.yml': `gates:\n${NAMES.map((name) => gate(name, name === 'dropped' ? ', weight: w' : '')).join('')}`,
    'unnamed.csv': evaluationSet(9, third),
    'dropped.csv': evaluationSet(9, third),
    'other.csv': evaluationSet(9, (i) => 1 + (i % 4)),
    'without.csv': evaluationSet(9),
  });
  repository.commit({
    'fusion-gate.yml': `gates:\n${NAMES.map((name) => gate(name, name === 'dropped' ? '' : ', weight: w')).join('')}`,
    ...Object.fromEntries(NAMES.map((name) => [`${name}.csv`, evaluationSet(8, third)])),
  });
});
afterAll(() => {
  repository.remove();
});

async function run(name: (typeof NAMES)[number], rev = base, records: readonly BaseRecord[] = []) {
  const workspace = openWorkspace(repository.folder);
  const wishes = { config: 'fusion-gate.yml', gates: [name] };
  const { gates } = await readConfig(wishes, workspace);
  const options = { workspace, threads: 1, logger: silentLogger, version: '1' };
  const request = { wish: { rev, name: 'main' }, wishes, recordsAt: () => Promise.resolve(records) };
  const report = await runAgainstBase(gates, request, options);
  expect(reportSchema.safeParse(report).error).toBeUndefined();
  return report;
}

describe('a gate with weights, against its base', () => {
  it.each(['unnamed', 'dropped'] as const)(
    'has the weights that the config here names, there too: %s there',
    async (name) => {
      const report = await run(name);
      const weight = name === 'unnamed' ? 'w' : undefined;
      expect(report.gates[0].evaluationSet.weights?.column).toBe(weight);
      expect(report.gates[0].base).toMatchObject({ source: 'judged', change: { paired: true } });
      const before = report.gates[0].base as { evaluationSet: { weight?: string } };
      expect(before.evaluationSet.weight).toBe(weight);
    },
  );

  it('is compared apart where the examples had other weights, and says so', async () => {
    const report = await run('other');
    expect(report.gates[0].base).toMatchObject({ source: 'judged', change: { paired: false } });
    expect(renderText(report, { colour: false }).replace(/\s+/g, ' ')).toContain(
      'other examples or weights, so the two are compared apart',
    );
  });

  it('has no baseline where there was no such column', async () => {
    const { base: missing } = (await run('without')).gates[0];
    expect(missing).toEqual({
      sha: base,
      ref: 'main',
      missing: expect.stringMatching(/^The gate cannot be judged there\. .*"w"/) as string,
    });
  });

  it('is held against records with the same column of weights alone', async () => {
    const commit = { sha: '1'.repeat(40), ref: 'main', pullRequest: null };
    const [record] = recordsOf(await run('other'), commit, new Date(0));
    expect(historyRecord.parse(record)).toEqual(record);
    expect(record.evaluationSet.weight).toBe('w');
    const { weight: _, ...unweighted } = record.evaluationSet;
    const found = await run('other', commit.sha, [record]);
    expect(found.gates[0].base).toMatchObject({ source: 'history', evaluationSet: { weight: 'w' } });
    const none = await run('other', commit.sha, [{ ...record, evaluationSet: unweighted }]);
    expect(none.gates[0].base).toMatchObject({
      missing: expect.stringContaining('not in this clone') as string,
    });
  });
});
