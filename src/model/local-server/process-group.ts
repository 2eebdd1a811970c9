import { type ChildProcess, type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import type { Readable } from 'node:stream';

const isWindows = process.platform === 'win32';

/** A process and all that it starts. */
export interface ProcessGroup {
  readonly leader: ChildProcessByStdio<null, Readable, Readable>;
  /** Asks all of them to end. Windows knows no asking. */
  terminate(): void;
  /** Ends all of them. May be called again, when they are gone too. */
  kill(): void;
  /** The leader is gone, and nobody has to be watched any more. */
  release(): void;
}

/**
 * Starts a program, without a shell, at the head of a process group of its own. However this process ends, the group ends
 * with it: on a way that JavaScript still sees by the `exit` event, on any other (`kill -9`, no memory left) by a watcher.
 * Only a process that leaves its group on purpose, as a daemon does, is out of reach.
 *
 * @throws never: a program that cannot be started is an `error` event of the leader
 */
export function spawnGroup(
  [program, ...args]: readonly string[],
  options: { readonly cwd: string; readonly env: Record<string, string | undefined> },
): ProcessGroup {
  const leader = spawn(program, args, {
    ...options,
    detached: !isWindows,
    windowsHide: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const watcher = watch(leader.pid);
  const kill = (): void => {
    signalGroup(leader.pid, 'SIGKILL');
  };
  process.on('exit', kill);
  return {
    leader,
    terminate: () => {
      signalGroup(leader.pid, 'SIGTERM');
    },
    kill,
    release: () => {
      process.off('exit', kill);
      watcher?.kill('SIGKILL');
      // A process that left the group may still hold the other end, and we are not to wait for it.
      leader.stdout.destroy();
      leader.stderr.destroy();
    },
  };
}

function signalGroup(pid: number | undefined, signal: 'SIGTERM' | 'SIGKILL'): void {
  if (pid === undefined) return;
  if (isWindows) {
    spawnSync('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true });
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // They are gone already.
  }
}

/** A shell that reads from us. It gets nothing until we are gone; then it ends the group. */
function watch(pid: number | undefined): ChildProcess | undefined {
  if (isWindows || pid === undefined) return undefined;
  const watcher = spawn('/bin/sh', ['-c', 'read -r _; kill -9 "-$1"', 'sh', String(pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
  });
  // Where there is no shell, the `exit` event has to do.
  watcher.on('error', () => undefined);
  watcher.stdin.on('error', () => undefined);
  watcher.unref();
  return watcher;
}
