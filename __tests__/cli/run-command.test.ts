import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { mergeCommand } from '../../src/command-line/merge-command.ts';
import type { RunWishes } from '../../src/command-line/program.ts';
import { repositoryAround } from '../../src/command-line/repository-around.ts';
import { runCommand } from '../../src/command-line/run-command.ts';
import { createWorkspace } from '../e2e/workspace.ts';

let folder: string;
let cwd: string;
let stdout: string;
let stderr: string;

beforeEach(() => {
  folder = createWorkspace();
  cwd = folder;
  stdout = '';
  stderr = '';
  vi.spyOn(process, 'cwd').mockImplementation(() => cwd);
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => {
    stdout += String(text);
    return true;
  });
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => {
    stderr += String(text);
    return true;
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  rmSync(folder, { recursive: true });
});

const run = (wishes: Partial<RunWishes>): Promise<number> =>
  runCommand({ gates: [], inputs: {}, json: false, quiet: false, ...wishes }, '1.2.3');

const readJson = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'));

describe('fusion-gate run', () => {
  it('prints the report and exits 0 on a pass, 1 on a fail', async () => {
    expect(await run({ config: 'truthful.yml' })).toBe(0);
    expect(stdout).toContain('PASS stress: quality-aware');
    stdout = '';
    expect(await run({ config: 'empty.yml' })).toBe(1);
    expect(stdout).toContain('FAIL stress:');
  });

  it('with --format prints the report in another form', async () => {
    await run({ config: 'truthful.yml', format: 'latex' });
    expect(stdout).toContain('\nFamily & NoQ & Clean-Q \\\\\n\\midrule\nstress & $');
    stdout = '';
    await run({ config: 'truthful.yml', format: 'markdown', markdown: 'm.md' });
    expect(stdout).toBe(readFileSync(join(folder, 'm.md'), 'utf8'));
  });

  it('with --json prints the report alone on standard output, and progress on standard error', async () => {
    await run({ config: 'truthful.yml', json: true });
    expect(JSON.parse(stdout)).toMatchObject({
      version: 1,
      tool: { name: 'fusion-gate', version: '1.2.3' },
      conclusion: 'success',
      gates: [{ name: 'stress', evaluationSet: { path: 'eval.csv', rows: 240 } }],
    });
    expect(stderr).toContain('Gate "stress"');
  });

  it('with --quiet prints no progress', async () => {
    await run({ config: 'truthful.yml', quiet: true });
    expect(stderr).toBe('');
  });

  it('writes the report as JSON and as a comment, and leaves nothing else behind', async () => {
    const before = readdirSync(folder);
    await run({ config: 'truthful.yml', report: 'r.json', markdown: 'm.md' });
    expect(readJson(join(folder, 'r.json'))).toMatchObject({ conclusion: 'success' });
    expect(readFileSync(join(folder, 'm.md'), 'utf8')).toMatch(/^### ✅ fusion-gate: /);
    expect(readdirSync(folder).toSorted()).toEqual([...before, 'r.json', 'm.md'].toSorted());
  });

  it('writes the report as a page, as JUnit XML and as plots', async () => {
    await run({ config: 'truthful.yml', html: 'r.html', junit: 'j.xml', plots: 'plots' });
    expect(readFileSync(join(folder, 'r.html'), 'utf8')).toMatch(/^<!doctype html>.*quality-aware/s);
    expect(readFileSync(join(folder, 'j.xml'), 'utf8')).toMatch(/^<\?xml .*<testcase .* name="stress"/s);
    expect(readdirSync(join(folder, 'plots'))).toContain('1-stress-null-distribution.svg');
  });

  it.each([
    [{ html: 'r', report: 'r' }, '--report and --html are both "r". Name a file for each.'],
    [{ junit: 'r', html: './r' }, '--html and --junit are both "r". Name a file for each.'],
    [{ html: 'eval.csv' }, '--html is "eval.csv", which this run reads. Name another file to write.'],
    [{ plots: 'eval.csv' }, 'is a file. Name a folder.'],
  ])('refuses %o before it runs anything', async (wishes, complaint) => {
    await expect(run({ config: 'truthful.yml', ...wishes })).rejects.toThrow(complaint);
    expect(stderr).toBe('');
  });

  it('puts a flag before the file', async () => {
    await run({ config: 'truthful.yml', inputs: { seed: '11', permutations: '149' }, json: true });
    expect(JSON.parse(stdout)).toMatchObject({ gates: [{ broken: { seed: 11, count: 149 } }] });
  });

  it('refuses a report whose folder is missing before it runs anything', async () => {
    await expect(run({ config: 'truthful.yml', report: 'no/r.json' })).rejects.toThrow(
      '--report is "no/r.json", but there is no folder "no". Make it first, or name another.',
    );
    expect(stderr).toBe('');
    expect(existsSync(join(folder, 'no'))).toBe(false);
  });

  it('reads files of the repository around, and none outside', async () => {
    mkdirSync(join(folder, '.git'));
    mkdirSync(join(folder, 'ci'));
    const config = readFileSync(join(folder, 'truthful.yml'), 'utf8');
    writeFileSync(join(folder, 'ci', 'fusion-gate.yml'), config.replace('eval.csv', '../eval.csv'));
    cwd = join(folder, 'ci');
    expect(await run({})).toBe(0);
    rmSync(join(folder, '.git'), { recursive: true });
    await expect(run({})).rejects.toThrow('The evaluation set "../eval.csv" is outside the workspace.');
  });
});

describe('repositoryAround', () => {
  it('is the nearest folder with .git, a folder or a file, else the folder itself', () => {
    const inner = join(folder, 'a', 'b');
    mkdirSync(inner, { recursive: true });
    writeFileSync(join(folder, 'a', '.git'), 'gitdir: elsewhere');
    expect(repositoryAround(inner)).toBe(join(folder, 'a'));
    rmSync(join(folder, 'a', '.git'));
    expect(repositoryAround(inner)).toBe(inner);
  });
});

describe('fusion-gate run --shard, and fusion-gate merge', () => {
  const MERGE = { gates: [], inputs: {}, quiet: true, json: false };
  const merge = (...files: readonly string[]): Promise<number> =>
    mergeCommand({ ...MERGE, files, report: 'merged.json', markdown: 'merged.md' }, '1.2.3');
  const shard = (index: number, wishes: Partial<RunWishes> = {}): Promise<number> =>
    run({ config: 'truthful.yml', shard: { index, of: 2 }, report: `shard-${index}.json`, ...wishes });
  const textOf = (path: string): string =>
    readFileSync(join(folder, path), 'utf8').replace(/"seconds": [\d.]+|Time \| [\d.]+ s/g, '');

  it('give the files and the exit status of one run', async () => {
    expect(await run({ config: 'truthful.yml', report: 'r.json', markdown: 'm.md' })).toBe(0);
    const printed = stdout;
    stdout = '';
    expect([await shard(1), await shard(2)]).toEqual([0, 0]);
    expect(stdout).toBe('');
    expect(stderr).toContain('Shard 2/2: a part of the shuffles is measured here, and nothing is judged');
    expect(await merge('shard-*.json')).toBe(0);
    expect(stdout).toBe(printed);
    expect(textOf('merged.json')).toBe(textOf('r.json'));
    expect(textOf('merged.md')).toBe(textOf('m.md'));
  });

  it('give those of one run that draws more, where merge is given the gates', async () => {
    const inputs = { permutations: '50' };
    await run({ config: 'truthful.yml', inputs, report: 'r.json' });
    for (const index of [1, 2]) await shard(index, { inputs });
    const wishes = { ...MERGE, files: ['shard-*.json'], config: 'truthful.yml', report: 'merged.json' };
    expect(await mergeCommand({ ...wishes, inputs }, '1.2.3')).toBe(0);
    expect(textOf('merged.json')).toBe(textOf('r.json'));
    await expect(mergeCommand(wishes, '1.2.3')).rejects.toThrow(
      'Gate "stress" has another configuration here',
    );
  });

  it('exit with 1 where the merged gate fails, and only there', async () => {
    expect([await shard(1, { config: 'empty.yml' }), await shard(2, { config: 'empty.yml' })]).toEqual([
      0, 0,
    ]);
    expect(await merge('shard-1.json', 'shard-2.json')).toBe(1);
  });

  it('print a shard with --json', async () => {
    await shard(1, { report: undefined, json: true });
    expect(JSON.parse(stdout)).toMatchObject({ kind: 'fusion-gate-shard', shard: { index: 1, of: 2 } });
  });

  it('say what is asked for in vain', async () => {
    await expect(shard(1, { report: undefined })).rejects.toThrow(
      '--shard needs --report, the file for "fusion-gate merge" to read. Name one, such as --report shard-1.json.',
    );
    for (const flag of ['html', 'junit', 'plots'] as const) {
      await expect(shard(1, { [flag]: 'x' })).rejects.toThrow(
        `--${flag} shows a report, and a shard has none yet.`,
      );
    }
    await expect(shard(1, { markdown: 'm.md' })).rejects.toThrow(
      '--markdown shows a report, and a shard has none yet. Leave it out here, and give it to "fusion-gate merge".',
    );
    await shard(1);
    await shard(2);
    const onto = { ...MERGE, files: ['shard-1.json', 'shard-2.json'], report: 'shard-2.json' };
    await expect(mergeCommand(onto, '1.2.3')).rejects.toThrow(
      '--report is "shard-2.json", which this run reads. Name another file to write.',
    );
  });
});
