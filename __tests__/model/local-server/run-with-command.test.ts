import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { addressAt, freePort, pidsIn, serve, survivors } from './stand-in.ts';

/** scripts/ is plain JavaScript, which is not part of the TypeScript project. */
interface BundleScript {
  readonly bundle: (outdir: string, entries: Record<string, string>) => Promise<string[]>;
}
const SCRIPT = '../../../scripts/bundle.mjs';

let place: string;
let folder: string;
let pids: string;
let port: number;
beforeAll(async () => {
  place = mkdtempSync(join(tmpdir(), 'command-'));
  const { bundle } = (await import(SCRIPT)) as BundleScript;
  await bundle(join(place, 'dist'), { cli: 'src/cli.ts' });
});
afterAll(() => {
  rmSync(place, { recursive: true });
});
beforeEach(async () => {
  // A folder for each test: one that fails must not take the next one's server for its own.
  const own = mkdtempSync(join(place, 'test-'));
  folder = join(own, 'repository');
  mkdirSync(join(folder, '.git'), { recursive: true });
  writeFileSync(join(folder, 'eval.jsonl'), examples());
  pids = join(own, 'pids');
  port = await freePort();
});

/** Two experts, of which the one with the higher score is always right: whoever heeds the scores is never wrong. */
function examples(): string {
  const rows = Array.from({ length: 80 }, (_, i) => {
    const y = i % 2;
    const right = [1 - y, y];
    const wrong = [y, 1 - y];
    const isAudio = i % 4 < 2;
    const [Q_a, Q_v] = isAudio ? [0.9, 0.1] : [0.1, 0.9];
    const [p_a, p_v] = isAudio ? [right, wrong] : [wrong, right];
    return JSON.stringify({ y, Q_a, Q_v, p_a, p_v });
  });
  return rows.join('\n');
}

interface Run {
  readonly child: ChildProcess;
  /** Resolves once standard error holds these words. */
  readonly said: (words: string) => Promise<void>;
  readonly end: Promise<{
    readonly status: number | null;
    readonly signal: string | null;
    readonly stderr: string;
    /** The sentences, without those of the server. */
    readonly errors: readonly string[];
  }>;
}

const GATE = ['--label', 'y', '--reliability', 'Q_a,Q_v', '--experts', 'p_a,p_v'];

/** `fusion-gate run` with a stand-in server whose flags make it misbehave. */
function runGate(...flags: readonly string[]): Run {
  const command = serve(port, '--pids', pids, '--child', ...flags);
  const gate = ['--model', addressAt(port), '--command', command, '--evaluation-set', 'eval.jsonl', ...GATE];
  return run(...gate, '--output-kind', 'probabilities', '--permutations', '40');
}

function run(...args: readonly string[]): Run {
  const program = [join(place, 'dist/cli.js'), 'run', '--report', 'report.json', ...args];
  const env = { ...process.env, DEBUG: '1', NO_COLOR: '1' };
  const child = spawn(process.execPath, program, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
  const whole = text(child.stderr);
  let heard = '';
  child.stderr.on('data', (chunk: Buffer) => {
    heard += chunk.toString();
  });
  const said = async (words: string): Promise<void> => {
    while (!heard.includes(words)) await once(child.stderr, 'data');
  };
  const end = once(child, 'close').then(async ([status, signal]: unknown[]) => {
    const stderr = await whole;
    const errors = stderr
      .split('\n')
      .filter((line) => line.startsWith('error: ') && !line.startsWith('error: The last lines of'));
    return { status: status as number | null, signal: signal as string | null, stderr, errors };
  });
  return { child, said, end };
}

/** What a run leaves in its folder. */
function leftFiles(): string[] {
  return readdirSync(folder).filter((name) => !['.git', 'eval.jsonl', 'fusion-gate.yml'].includes(name));
}

describe('a gate whose server a command starts', () => {
  it('is judged, and nothing runs on', async () => {
    const { status, errors } = await runGate().end;
    expect(errors).toEqual([]);
    expect(status).toBe(0);
    expect(leftFiles()).toEqual(['report.json']);
    expect(await survivors(await pidsIn(pids))).toEqual([]);
  });

  it('shares its server with gates of the same command', async () => {
    const command = serve(port).replaceAll('"', "'");
    const gate = (name: string): string =>
      `  - { name: ${name}, model: "${addressAt(port)}", command: "${command}", evaluation-set: eval.jsonl, columns: { label: y }, modalities: { a: { reliability: Q_a }, v: { reliability: Q_v } }, output: { kind: probabilities }, permutations: { count: 40 } }\n`;
    writeFileSync(join(folder, 'fusion-gate.yml'), `gates:\n${gate('one')}${gate('two')}`);
    const refused = await run().end;
    expect(refused.status).toBe(2);
    expect(refused.errors.join()).toContain('--allow-command');

    const { status, stderr } = await run('--allow-command').end;
    expect(status).toBe(0);
    expect(stderr.match(/^Starting /gm)).toHaveLength(1);
  });
});

describe.skipIf(process.platform === 'win32' /* has no such signals */)('a run that is stopped', () => {
  it.each([
    ['SIGINT', 'while it waits for the server', ['--never-ready'], 'Waiting for'],
    ['SIGINT', 'while the model runs', ['--hang-after', '10'], '[server] I hang'],
    ['SIGTERM', 'while the model runs', ['--hang-after', '10'], '[server] I hang'],
    [
      'SIGTERM',
      'while a server runs that does not want to end',
      ['--hang-after', '1', '--stubborn'],
      'I hang',
    ],
  ] as const)('by %s %s says so and exits with 2', async (signal, _, flags, moment) => {
    const { child, said, end } = runGate(...flags);
    await said(moment);
    const all = await pidsIn(pids);
    child.kill(signal);
    const { status, errors } = await end;
    expect(errors).toEqual([`error: The run was stopped by ${signal}, so nothing was judged.`]);
    expect(status).toBe(2);
    expect(leftFiles()).toEqual([]);
    expect(await survivors(all)).toEqual([]);
  });

  it('by force leaves no server behind', async () => {
    const { child, said, end } = runGate('--hang-after', '10');
    await said('[server] I hang');
    child.kill('SIGKILL');
    expect(await end).toMatchObject({ status: null, signal: 'SIGKILL', errors: [] });
    expect(leftFiles()).toEqual([]);
    expect(await survivors(await pidsIn(pids))).toEqual([]);
  });
});

describe('a server that goes', () => {
  it.each([
    ['before it is ready', ['--never-ready'], 'Waiting for'],
    ['while the model runs', ['--hang-after', '10'], '[server] I hang'],
  ])('by force %s ends the run with 2', async (_, flags, moment) => {
    const { said, end } = runGate(...flags);
    await said(moment);
    const all = await pidsIn(pids);
    process.kill(all[0], 'SIGKILL');
    const { status, errors } = await end;
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatch(
      /^error: The server ".*" was ended by SIGKILL before the gate was judged\. Its last lines are in the log\.$/,
    );
    expect(status).toBe(2);
    expect(leftFiles()).toEqual([]);
    expect(await survivors(all)).toEqual([]);
  });

  it('by itself shows what it said last', async () => {
    const { status, stderr, errors } = await runGate('--infer-times', '12').end;
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain('" ended with exit status 3 before the gate was judged.');
    expect(stderr).toMatch(/^error: The last lines of ".*":\n {2}token: none\n {2}CUDA out of memory\n/m);
    expect(status).toBe(2);
    expect(leftFiles()).toEqual([]);
    expect(await survivors(await pidsIn(pids))).toEqual([]);
  });
});
