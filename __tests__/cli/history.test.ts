import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import type { RunWishes } from '../../src/command-line/program.ts';
import { runCommand } from '../../src/command-line/run-command.ts';
import { trendCommand } from '../../src/command-line/trend-command.ts';
import { createWorkspace } from '../e2e/workspace.ts';
import { linesOf, sampleRecord, shaOf } from '../history/sample-record.ts';

let folder: string;
let stdout: string;
let stderr: string;

beforeEach(() => {
  folder = createWorkspace();
  stdout = '';
  stderr = '';
  vi.spyOn(process, 'cwd').mockImplementation(() => folder);
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
const file = (name: string) => join(folder, name);

describe('fusion-gate run --history-file', () => {
  it('records each commit once, pass or fail, and the trend shows them', async () => {
    const historyFile = 'history.jsonl';
    expect(await run({ config: 'truthful.yml', historyFile, commit: shaOf(0) })).toBe(0);
    expect(await run({ config: 'empty.yml', historyFile, commit: shaOf(1) })).toBe(1);
    expect(await run({ config: 'empty.yml', historyFile, commit: shaOf(1) })).toBe(1);
    expect(stderr).toContain(`Recorded commit ${shaOf(0).slice(0, 7)} in "history.jsonl".`);
    expect(stderr).toContain(`"history.jsonl" has the same of commit ${shaOf(1).slice(0, 7)} already.`);
    stdout = '';

    expect(await trendCommand({ historyFiles: [historyFile] }, '1.2.3')).toBe(0);
    expect(stdout).toContain('stress: accuracy gap, 2 commits');
    expect(stdout).toContain('\n  █▁\n  +x\n');
  });

  it('takes no file that the run reads or writes besides', async () => {
    await expect(run({ config: 'truthful.yml', historyFile: 'eval.csv', commit: shaOf(0) })).rejects.toThrow(
      '--history-file is "eval.csv", which this run reads. Name another file to write.',
    );
    await expect(
      run({ config: 'truthful.yml', historyFile: 'r.json', report: 'r.json', commit: shaOf(0) }),
    ).rejects.toThrow('--report and --history-file are both "r.json". Name a file for each.');
  });

  it('wants a commit before it starts', async () => {
    vi.stubEnv('GITHUB_SHA', '');
    vi.stubEnv('CI_COMMIT_SHA', '');
    await expect(run({ config: 'truthful.yml', historyFile: 'h.jsonl' })).rejects.toThrow(
      /Name it with --commit/,
    );
    expect(existsSync(file('h.jsonl'))).toBe(false);
    vi.unstubAllEnvs();
  });

  it('keeps no shard, which has no verdict yet', async () => {
    await expect(
      run({ config: 'truthful.yml', historyFile: 'h.jsonl', report: 's.json', shard: { index: 1, of: 2 } }),
    ).rejects.toThrow(/^--history-file keeps a verdict, and a shard has none yet/);
  });
});

describe('fusion-gate trend', () => {
  it('leaves damaged lines out, says which, and changes no file', async () => {
    const text = `${linesOf(sampleRecord(0))}broken\n`;
    writeFileSync(file('h.jsonl'), text);
    await trendCommand({ historyFiles: ['h.jsonl'] }, '1.2.3');

    expect(stderr).toContain(
      'Line 2 of the history "h.jsonl" is not a record (it is not JSON); it is left out.',
    );
    expect(readFileSync(file('h.jsonl'), 'utf8')).toBe(text);
  });

  it('writes the page, and never over the history', async () => {
    writeFileSync(file('h.jsonl'), linesOf(sampleRecord(0)));
    const repository = 'https://github.com/octo-lab/stress-model';
    await trendCommand({ historyFiles: ['h.jsonl'], output: 'index.html', repository }, '1.2.3');

    const page = readFileSync(file('index.html'), 'utf8');
    expect(page).toContain(`href="${repository}/commit/${shaOf(0).slice(0, 12)}"`);
    await expect(async () =>
      trendCommand({ historyFiles: ['h.jsonl'], output: 'h.jsonl' }, '1.2.3'),
    ).rejects.toThrow('--output is "h.jsonl", which is the history. Name another file for the page.');
    await expect(async () =>
      trendCommand({ historyFiles: ['h.jsonl'], repository: 'mona/stress' }, '1.2.3'),
    ).rejects.toThrow(/^--repository is "mona\/stress"; it must be the address of a repository on the web/);
  });

  it.each([
    ['missing.jsonl', /is not there or empty/],
    ['eval.csv', /holds no record of fusion-gate/],
  ])('refuses %s', async (name, message) => {
    await expect(async () => trendCommand({ historyFiles: [name] }, '1.2.3')).rejects.toThrow(message);
  });
});
