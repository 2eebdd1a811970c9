import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { parseServerUrl } from '../../../src/config/server-url.ts';
import { ConfigurationError } from '../../../src/foundation/errors.ts';
import { type Logger, silentLogger } from '../../../src/foundation/logger.ts';
import { type LocalServer, startServer } from '../../../src/model/local-server/start-server.ts';
import { loadServed } from '../../../src/model/server/load-served.ts';
import { addressAt, freePort, isAlive, pidsIn, serve, survivors } from './stand-in.ts';

const isWindows = process.platform === 'win32';

let folder: string;
let port: number;
let pids: string;
let errors: string[];
let lines: string[];
let running: LocalServer[];
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'server-'));
  pids = join(folder, 'pids');
  port = await freePort();
  [errors, lines, running] = [[], [], []];
});
afterEach(async () => {
  await Promise.all(running.map((server) => server.stop()));
  rmSync(folder, { recursive: true });
});

async function start(command: string, interrupted = new AbortController().signal): Promise<LocalServer> {
  const logger: Logger = {
    ...silentLogger,
    debug: (line) => void lines.push(line),
    error: (text) => void errors.push(text),
  };
  const urls = [parseServerUrl(addressAt(port))];
  const server = await startServer({ command, cwd: folder, urls, interrupted, logger });
  running.push(server);
  return server;
}

/** Waits until the server is ready, as a gate does. */
async function ready(): Promise<void> {
  const wishes = { requestTimeout: 5, readyTimeout: 20, concurrency: 1 };
  const model = await loadServed(addressAt(port), wishes, silentLogger);
  await model.close();
}

async function reasonOf({ gone }: LocalServer): Promise<string> {
  if (!gone.aborted) await once(gone, 'abort');
  expect(gone.reason).toBeInstanceOf(ConfigurationError);
  return (gone.reason as ConfigurationError).message;
}

describe('a server that is stopped', () => {
  it('is gone, with what it started', async () => {
    const server = await start(serve(port, '--pids', pids, '--child'));
    await ready();
    const all = await pidsIn(pids);
    expect(all.map(isAlive)).toEqual([true, true]);

    await server.stop();

    expect(await survivors(all)).toEqual([]);
    expect(server.gone.aborted).toBe(false);
    expect(errors).toEqual([]);
  });

  it.skipIf(isWindows /* has no signal to ignore */)('is gone even if it does not want to', async () => {
    const server = await start(serve(port, '--pids', pids, '--stubborn'));
    await ready();
    const all = await pidsIn(pids);
    await server.stop();
    expect(await survivors(all)).toEqual([]);
    // It was asked before it was forced.
    expect(lines).toContain('[server] I stay');
  });

  it('may be stopped twice', async () => {
    const server = await start(serve(port));
    await Promise.all([server.stop(), server.stop()]);
    await server.stop();
  });
});

describe('a server that nobody stopped', () => {
  it('says how it ended, and what it started ends with it', async () => {
    const server = await start(serve(port, '--pids', pids, '--child'));
    const all = await pidsIn(pids);
    process.kill(all[0], 'SIGKILL');
    expect(await reasonOf(server)).toMatch(
      /^The server ".*serve\.mjs.*" was ended by SIGKILL before the gate was judged\. Its last lines are in the log\.$/,
    );
    expect(await survivors(all)).toEqual([]);
  });

  it('shows its last lines, and not those before them', async () => {
    const script = join(folder, 'talk.mjs');
    writeFileSync(
      script,
      `for (let i = 1; i <= 30; i++) console.log('line ' + i);
       console.error('\\u001b[31mModuleNotFoundError\\u001b[0m: no torch');
       process.exitCode = 7;`,
    );
    const server = await start(`"${process.execPath}" talk.mjs`);
    expect(await reasonOf(server)).toContain('" ended with exit status 7 before the gate was judged.');
    expect(errors).toHaveLength(1);
    expect(errors[0]).toContain('\n  ModuleNotFoundError: no torch');
    expect(errors[0]).toContain('\n  line 30');
    expect(errors[0]).not.toContain('line 11\n');
    expect(errors[0].split('\n')).toHaveLength(21);
  });

  it('may have printed nothing', async () => {
    const command = `"${process.execPath}" -e ""`;
    const server = await start(command);
    expect(await reasonOf(server)).toContain('ended with exit status 0');
    expect(errors).toEqual([`The last lines of "${command}":\n  (it printed nothing)`]);
  });

  it('may be no program', async () => {
    const server = await start('no-such-program-here serve.py');
    expect(await reasonOf(server)).toBe(
      'The server "no-such-program-here serve.py" could not be started: there is no program "no-such-program-here" here or on the PATH.',
    );
    expect(errors).toEqual([]);
  });

  it.skipIf(isWindows /* knows no such permission */)(
    'may be a file that is not to be executed',
    async () => {
      writeFileSync(join(folder, 'serve.py'), '');
      chmodSync(join(folder, 'serve.py'), 0o644);
      const server = await start('./serve.py');
      expect(await reasonOf(server)).toBe(
        'The server "./serve.py" could not be started: "./serve.py" may not be executed. Start it by its interpreter, such as "python ./serve.py", or make it executable.',
      );
    },
  );
});

it('goes when the run is interrupted', async () => {
  const interruption = new AbortController();
  const server = await start(serve(port), interruption.signal);
  interruption.abort(new ConfigurationError('Stopped.'));
  expect(await reasonOf(server)).toBe('Stopped.');
  await expect(start(serve(port), interruption.signal)).rejects.toThrow('Stopped.');
});

it('is not started where something listens already, whose model would be judged', async () => {
  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  await expect(start('python serve.py')).rejects.toThrow(
    `Something listens at 127.0.0.1:${port} already, so "python serve.py" is not started: another server's model would be judged. Stop that server, or choose another port. To judge what it serves, leave the command out.`,
  );
  other.close();
});

it('sees no token of the job', async () => {
  process.env.GITHUB_TOKEN = 'ghs_secret';
  try {
    await start(serve(port));
    await ready();
  } finally {
    delete process.env.GITHUB_TOKEN;
  }
  expect(lines).toEqual(['[server] token: none']);
});
