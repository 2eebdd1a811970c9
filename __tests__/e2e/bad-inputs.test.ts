import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

import { describe, expect, it } from 'vitest';

import { BAD_INPUTS, SOUND } from './bad-inputs.ts';
import type { Files } from './input-files.ts';
import { makeFiles } from './input-files.ts';
import { runAction } from './run-action.ts';

const CLI = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const ACTION = fileURLToPath(new URL('../../dist/index.js', import.meta.url));

/** What a stack trace, or a value that never was one, would leave in a sentence. */
const CRASHED = /^ {4}at |undefined|\[object |Internal error/m;

interface Run {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** What the run left behind that was not there before. */
  readonly left: readonly string[];
}

/** Calls back with a repository of these files, in a folder of its own that holds nothing else. */
async function inRepository<T>(files: Files, use: (repository: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'bad-input-'));
  const repository = join(folder, 'repository');
  try {
    mkdirSync(join(repository, '.git'), { recursive: true });
    makeFiles(repository, files);
    return await use(repository);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The bundled command line; a run that could judge would write a report. */
function runCli(files: Files, [command, ...flags]: readonly string[]): Promise<Run> {
  const reporting = command === 'run' ? ['--quiet', '--report', 'report.json'] : [];
  return inRepository(files, async (repository) => {
    const outer = join(repository, '..');
    const before = entries(outer);
    const child = spawn(process.execPath, [CLI, command, ...reporting, ...flags], {
      cwd: repository,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const [stdout, stderr, [status]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'close') as Promise<[number | null]>,
    ]);
    return { status, stdout, stderr, left: entries(outer).filter((path) => !before.includes(path)) };
  });
}

function entries(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' });
}

describe('the table of bad inputs', () => {
  it('has a case for each way to go wrong, with words that a user can read', () => {
    expect(BAD_INPUTS.length).toBeGreaterThanOrEqual(60);
    expect(new Set(BAD_INPUTS.map(({ title }) => title)).size).toBe(BAD_INPUTS.length);
    for (const { sentence } of BAD_INPUTS) {
      expect(sentence).toMatch(/^\S.*[.?]$/s);
      expect(sentence).not.toMatch(CRASHED);
    }
  });

  it.each(Object.entries(SOUND))('starts from %s that can be judged', async (_, files) => {
    const { status, stderr, left } = await runCli(files, ['run']);
    expect(stderr).toBe('');
    // These few rows show nothing: the gate fails, which is an answer.
    expect(status).toBe(1);
    expect(left).toEqual([join('repository', 'report.json')]);
  });
});

describe.concurrent('the bundled command line has one answer to', { timeout: 60_000 }, () => {
  it.each(BAD_INPUTS.map((bad) => [bad.title, bad] as const))('%s', async (_, bad) => {
    const { files, args, sentence } = bad;
    const run = await runCli(files, args);
    const stderr = sentence
      .split('\n')
      .map((line) => `error: ${line}\n`)
      .join('');
    expect(run).toEqual({ status: 2, stdout: '', stderr, left: [] });
  });
});

/** One of every room: the action says the same words, in its own places. */
const IN_THE_ACTION = [
  'a misspelt key',
  'a link out of the workspace',
  'an evaluation set left in Git LFS',
  'a pickle that calls os.system',
  'a label beyond the classes',
  'half of an .onnx',
  'a Lambda layer',
  'logits for probabilities',
  'a bank of too few draws',
];

describe('the bundled action has the same answer to', () => {
  it.each(IN_THE_ACTION)('%s', async (title) => {
    const { files, sentence } = BAD_INPUTS.find((bad) => bad.title === title)!;
    await inRepository(files, async (workspace) => {
      const { status, stdout, stderr, outputs, summary } = await runAction({
        node: process.execPath,
        entry: ACTION,
        workspace,
        inputs: { config: 'fusion-gate.yml', comment: 'never' },
        token: '',
        apiUrl: 'http://127.0.0.1:9',
        event: { name: 'push', payload: {} },
      });
      expect(status).toBe(2);
      expect(stderr).toBe('');
      expect(outputs.conclusion).toBe('error');
      expect(stdout.match(/^::error.*$/gm)).toEqual([`::error title=fusion-gate::${sentence}`]);
      expect(stdout + summary).not.toMatch(CRASHED);
      const report = JSON.parse(readFileSync(join(workspace, outputs['report-path']), 'utf8')) as unknown;
      expect(report).toMatchObject({ conclusion: 'error', error: sentence, gates: [] });
    });
  });
});
