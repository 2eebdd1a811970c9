import { execFile, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const HERE = fileURLToPath(new URL('.', import.meta.url));
const CACHE = fileURLToPath(new URL('../../.cache/mlserver/', import.meta.url));
const REQUIREMENTS = join(HERE, 'requirements.txt');

export interface RunningServer {
  readonly origin: string;
  /** What it printed so far. */
  readonly log: () => string;
  /** At once. */
  readonly kill: () => Promise<void>;
}

/** A real MLServer with models of these ONNX files; see repository.py for their names. */
export async function startMlserver(files: readonly string[]): Promise<RunningServer> {
  const python = await environment();
  const place = mkdtempSync(join(tmpdir(), 'mlserver-'));
  const repository = join(place, 'repository');
  const ports = await freePorts(3);
  await run(python, [join(HERE, 'repository.py'), repository, ...ports.map(String), ...files]);
  // In our own process group: an interrupt at the terminal reaches it too. Without workers it has no children.
  const child = spawn(join(dirname(python), 'mlserver'), ['start', repository], {
    cwd: place,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text: Buffer) => log.push(text.toString()));
  }
  const killNow = (): void => {
    child.kill('SIGKILL');
  };
  process.once('exit', killNow);
  const kill = async (): Promise<void> => {
    process.off('exit', killNow);
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      killNow();
      await gone;
    }
    rmSync(place, { recursive: true, force: true });
  };
  return { origin: `http://127.0.0.1:${ports[0]}`, log: () => log.join(''), kill };
}

/** Python with what requirements.txt pins, made once for each state of that file. */
async function environment(): Promise<string> {
  const stamp = createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex');
  const mark = join(CACHE, 'requirements.sha256');
  const python = join(CACHE, process.platform === 'win32' ? 'Scripts/python.exe' : 'bin/python');
  if (existsSync(mark) && readFileSync(mark, 'utf8') === stamp) return python;
  rmSync(CACHE, { recursive: true, force: true });
  mkdirSync(CACHE, { recursive: true });
  await run(process.env.PYTHON ?? 'python3', ['-m', 'venv', CACHE]);
  await run(python, ['-m', 'pip', 'install', '--quiet', '--requirement', REQUIREMENTS]);
  writeFileSync(mark, stamp);
  return python;
}

/** Ports that were free a moment ago: the server takes none by itself. */
async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}
