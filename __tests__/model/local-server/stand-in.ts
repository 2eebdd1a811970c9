import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const SCRIPT = fileURLToPath(new URL('serve.mjs', import.meta.url));

/** The command of a stand-in server; see serve.mjs for its flags. */
export function serve(port: number, ...flags: readonly string[]): string {
  return [process.execPath, SCRIPT, String(port), ...flags].map((word) => `"${word}"`).join(' ');
}

export function addressAt(port: number): string {
  return `http://127.0.0.1:${port}/v2/models/fusion`;
}

/** A port of this machine that nobody listens at. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The process numbers that the stand-in wrote down, its own first, once they are there. */
export async function pidsIn(file: string): Promise<number[]> {
  for (;;) {
    try {
      const text = readFileSync(file, 'utf8');
      if (text !== '') return text.split('\n').map(Number);
    } catch {
      // Not yet.
    }
    await sleep(20);
  }
}

/** Whether a process runs. One that has ended, and whose end nobody asked for yet, does not. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    return !/^\d+ \(.*\) Z/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return process.platform !== 'linux';
  }
}

/** Those of the processes that still run after a second of grace. */
export async function survivors(pids: readonly number[]): Promise<number[]> {
  for (let tries = 0; tries < 50 && pids.some(isAlive); tries++) await sleep(20);
  return pids.filter(isAlive);
}
