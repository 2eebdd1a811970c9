import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

export const python = process.env.PYTHON ?? 'python3';

/** What a script of this folder prints; undefined where there is no Python, or not with the packages it needs. */
export function runPython(script: string, args: readonly (string | number)[]): unknown {
  const file = join(import.meta.dirname, script);
  const { status, stdout } = spawnSync(python, [file, ...args.map(String)], { encoding: 'utf8' });
  return status === 0 ? (JSON.parse(stdout) as unknown) : undefined;
}

export const NO_PEER = `"${python}" is missing, or has not the packages of bench/requirements.txt; set PYTHON to one that has.`;
