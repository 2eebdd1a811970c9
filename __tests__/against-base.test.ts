import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { type BaseRequest, runAgainstBase } from '../src/against-base.ts';
import { readConfig, type Wishes } from '../src/config/read-config.ts';
import { randomFor } from '../src/diagnostic/random.ts';
import { silentLogger } from '../src/foundation/logger.ts';
import { openWorkspace } from '../src/foundation/workspace.ts';
import { measureShard, mergeShards, runGates } from '../src/gate.ts';
import { isMissing, type BaseRecord, type FoundBase } from '../src/report/base-report.ts';
import { reportSchema } from '../src/report/report-schema.ts';
import { renderMarkdown } from '../src/report/markdown.ts';
import { renderText } from '../src/report/text.ts';
import { newRepository, type TestRepository } from './baseline/repository.ts';

const ROWS = 300;

/** The expert that a score names is right; the score names the right one in so many of ten examples. */
function evaluationSet(truthful: number, ids = (i: number) => `clip ${i}`): string {
  const random = randomFor('against base');
  const lines = Array.from({ length: ROWS }, (_, i) => {
    const label = i % 2;
    const audioIsRight = random() < 0.5;
    const namesAudio = random() * 10 < truthful ? audioIsRight : !audioIsRight;
    const expert = (isRight: boolean) => (isRight === (label === 1) ? 0.9 : 0.1);
    return [
      ids(i),
      label,
      expert(audioIsRight),
      expert(!audioIsRight),
      namesAudio ? 0.8 : 0.2,
      namesAudio ? 0.2 : 0.8,
    ];
  });
  return ['id,y,p_a,p_v,Q_a,Q_v', ...lines.map((line) => line.join())].join('\n');
}

const gate = (name: string, ...lines: readonly string[]): string => `  - name: ${name}
    fusion: weighted-mean
    evaluation-set: ${name}.csv
    columns: { label: y, id: id }
    modalities:
      audio: { expert: p_a, reliability: Q_a }
      video: { expert: p_v, reliability: Q_v }
    output: { kind: probabilities }
    permutations: { count: 49, most: 49, secondary-count: 39 }
    interval: { resamples: 200 }
${lines.map((line) => `    ${line}\n`).join('')}`;

let repository: TestRepository;
let base: string;
const wishes: Wishes = { config: 'fusion-gate.yml' };

beforeAll(() => {
  repository = newRepository();
  base = repository.commit({
    'fusion-gate.yml': `gates:\n${gate('fell')}${gate('stayed')}${gate('old-name')}${gate('fewer')}${gate('broken')}`,
    'fell.csv': evaluationSet(9),
    'stayed.csv': evaluationSet(9),
    'old-name.csv': evaluationSet(9),
    'fewer.csv': evaluationSet(9),
    'broken.csv': 'no columns',
  });
  repository.commit({
    'fusion-gate.yml': `# A comment changes nothing.\ngates:\n${gate('fell', 'fail-on-regression: true', 'threshold: 0.05')}${gate('stayed', 'regression-threshold: 0.5')}${gate('new-name')}${gate('fewer')}${gate('broken')}`,
    'fell.csv': evaluationSet(7),
    'new-name.csv': evaluationSet(9),
    'fewer.csv': evaluationSet(8, (i) => `another ${i}`),
    'broken.csv': evaluationSet(9),
  });
});
afterAll(() => {
  repository.remove();
});

const said: string[] = [];

async function run(gates: readonly string[], wish: BaseRequest['wish'], records: readonly BaseRecord[] = []) {
  said.length = 0;
  const workspace = openWorkspace(repository.folder);
  const logger = {
    ...silentLogger,
    info: (text: string) => said.push(text),
    warning: (text: string) => said.push(text),
  };
  const asked = { ...wishes, gates };
  const suite = await readConfig(asked, workspace);
  const options = { workspace, threads: 1, logger, version: '1' };
  const report = await runAgainstBase(
    suite.gates,
    { wish, wishes: asked, recordsAt: () => Promise.resolve(records) },
    options,
  );
  expect(reportSchema.safeParse(report).error).toBeUndefined();
  return report;
}

/** Share of the examples that a gate of these scores loses by a shuffle, in theory: 2 truthful / 10 - 1, halved. */
const lost = (truthful: number) => truthful / 10 - 0.5;

describe('a run against its base', () => {
  it('fails a gate whose gap fell, and shows both side by side', async () => {
    const report = await run(['fell'], { rev: base, name: 'main' });
    const [fell] = report.gates;
    const found = fell.base as FoundBase;
    expect(found).toMatchObject({ sha: base, ref: 'main', source: 'judged', verdict: 'quality-aware' });
    expect(found.gap.value).toBeCloseTo(lost(9), 1);
    expect(fell.gap.value).toBeCloseTo(lost(7), 1);
    expect(found.change.value).toBeCloseTo(fell.gap.value - found.gap.value, 12);
    expect(found.change).toMatchObject({ paired: true, regressed: true, fails: true, threshold: 0.05 });
    expect(found.change.p).toBeLessThan(0.05);
    expect(found.change.upper).toBeLessThan(-0.05);
    expect(fell).toMatchObject({ verdict: 'quality-aware', conclusion: 'failure' });
    expect(report.conclusion).toBe('failure');
    expect(fell.reason).toMatch(/^Since the base \(main at [0-9a-f]{7}\) the gap fell by 0\.\d+ /);
    const markdown = renderMarkdown(report, { limit: 65_536 });
    expect(markdown).toContain('the reliability scores matter less than they did at the base');
    expect(markdown).toMatch(/\| base, <code>main at [0-9a-f]{7}<\/code> \| quality-aware \|/);
    expect(renderText(report, { colour: false })).toContain('Base: Since the base');
  });

  it('judges nothing twice that is as it was', async () => {
    const report = await run(['stayed'], { rev: base });
    const [stayed] = report.gates;
    expect(stayed.base).toMatchObject({
      source: 'same',
      gap: { value: stayed.gap.value },
      change: { value: 0, lower: 0, upper: 0, p: 1, regressed: false, threshold: 0.5, fails: false },
    });
    expect(said.filter((text) => text.includes('at the base'))).toEqual([]);
    expect(renderMarkdown(report, { limit: 65_536 })).toContain('are those of the base');
  });

  it('compares other examples apart, and says so', async () => {
    const { gates } = await run(['fewer'], { rev: base });
    expect(gates[0].base).toMatchObject({ change: { paired: false, threshold: 0.01 } });
    expect(renderText({ ...gatesOf(gates) }, { colour: false }).replace(/\s+/g, ' ')).toContain(
      'other examples, so the two are compared apart',
    );
  });

  it('says aloud why a gate has no baseline, and changes no verdict', async () => {
    const { gates, conclusion } = await run([], { rev: base });
    const missing = Object.fromEntries(
      gates.flatMap(({ name, base: of }) => (of && isMissing(of) ? [[name, of.missing]] : [])),
    );
    expect(missing).toEqual({
      'new-name': expect.stringMatching(
        /^The base has no gate "new-name", but fell, stayed, old-name, fewer and broken\./,
      ) as string,
      broken: expect.stringMatching(/^The gate cannot be judged there\. .*broken\.csv/) as string,
    });
    expect(conclusion).toBe('failure');
    expect(gates.filter((of) => of.conclusion !== 'success').map(({ name }) => name)).toEqual(['fell']);
    expect(said.filter((text) => text.includes('There is no baseline'))).toHaveLength(2);
  });

  it('says so where the commit is not here, or nothing was named', async () => {
    const elsewhere = await run(['fell'], { rev: '1'.repeat(40), name: 'main' });
    expect(elsewhere.gates[0]).toMatchObject({
      conclusion: 'success',
      base: {
        missing:
          'The commit is not in this clone. Check out with "fetch-depth: 0" (actions/checkout), or run "git fetch --unshallow".',
      },
    });
    await expect(run(['fell'], { rev: 'mian', spelling: '--base' })).rejects.toThrow(
      '--base is "mian", and this clone has no such branch, tag or commit.',
    );
    const workspace = openWorkspace(repository.folder);
    const suite = await readConfig({ ...wishes, gates: ['fell'] }, workspace);
    const options = { workspace, threads: 1, logger: silentLogger, version: '1' };
    const plain = await runGates(suite.gates, options);
    expect(plain.gates[0].base).toEqual({ missing: 'None was named. Say what to compare with by "base".' });
    const shard = await measureShard(suite, { index: 1, of: 1 }, options);
    expect(mergeShards([{ path: 'a', file: shard }], '1').gates[0].base).toEqual({
      missing: 'Shards measure what is checked out, and not the base. Compare in a run that is not divided.',
    });
  });

  it('takes what the history has where the base cannot be judged', async () => {
    const sha = '1'.repeat(40);
    const record: BaseRecord = {
      gate: 'fell',
      sha,
      metric: 'accuracy',
      verdict: 'quality-aware',
      model: { path: 'weighted-mean', sha256: '' },
      evaluationSet: { path: 'fell.csv', sha256: '', evaluated: ROWS },
      clean: 0.9,
      broken: 0.5,
      gap: { value: 0.4, lower: 0.36, upper: 0.44, confidence: 0.95 },
      p: 0.02,
    };
    const others = [
      { ...record, gate: 'another' },
      { ...record, metric: 'macro-f1' },
      { ...record, sha: '2'.repeat(40) },
    ];
    const { gates } = await run(['fell'], { rev: sha, name: 'main' }, [...others, record]);
    expect(gates[0]).toMatchObject({
      conclusion: 'failure',
      base: {
        source: 'history',
        sha,
        ref: 'main',
        gap: { value: 0.4 },
        why: expect.stringContaining('is not in this clone') as string,
        change: { paired: false, regressed: true, fails: true },
      },
    });
    expect(gates[0].reason).toContain('from its record in the history');
    expect((await run(['fell'], { rev: sha }, others)).gates[0].base).toHaveProperty('missing');
  });

  it('trusts the config of the base no more than this one', async () => {
    const before = repository.git('rev-parse', 'HEAD');
    const evil = repository.commit({
      'fusion-gate.yml':
        'gates:\n  - { name: fell, model: "http://127.0.0.1:1/v2/models/m", command: touch evil, evaluation-set: fell.csv, columns: { label: y }, modalities: { a: { reliability: Q_a } } }\n',
    });
    repository.commit({ 'fusion-gate.yml': repository.git('show', `${before}:fusion-gate.yml`) });
    const { gates } = await run(['fell'], { rev: evil });
    expect(gates[0].base).toMatchObject({
      missing: expect.stringMatching(
        /^The config of the base [0-9a-f]{7} cannot be used\. .*command would start a program/,
      ) as string,
    });
    repository.git('reset', '--hard', '--quiet', before);
  });
});

function gatesOf(gates: Awaited<ReturnType<typeof run>>['gates']) {
  return { version: 1, tool: { name: 'fusion-gate', version: '1' }, conclusion: 'success', gates } as const;
}
