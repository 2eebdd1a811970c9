import { dirname, isAbsolute, relative, resolve, sep } from 'node:path';

import { ConfigurationError } from '../foundation/errors.ts';
import type { Workspace } from '../foundation/workspace.ts';
import { parseYaml } from './parse-yaml.ts';
import type { Mapping } from './place.ts';
import { isMapping, valueAt, withValue } from './place.ts';
import { isUrl } from './server-url.ts';

const MAX_CONFIG_BYTES = 2 ** 20;

/** The keys of a gate, or of a fold of one, that name files. */
const FILE_KEYS = [
  ['model'],
  ['head'],
  ['evaluation-set'],
  ['evaluation-set', 'contract'],
  ['fusion', 'weights'],
  ['permutations', 'bank', 'path'],
  ['bank', 'path'],
] as const;

/**
 * A config file as plain values, not yet validated.
 *
 * Relative paths in it are meant from its own folder; they come out relative to the workspace's base, as paths of inputs
 * are, and as reports show them.
 *
 * @param path relative to the workspace's base
 * @throws ConfigurationError when the file cannot be read, is larger than 1 MiB, or is no plain YAML
 */
export async function readConfigDocument(path: string, workspace: Workspace): Promise<unknown> {
  const document = parseYaml(await readConfigText(path, workspace), path);
  if (!isMapping(document) || !Array.isArray(document.gates)) return document;
  const folder = dirname(resolve(workspace.base, path));
  const fromBase = (file: string): string =>
    isUrl(file) || isAbsolute(file)
      ? file
      : relative(workspace.base, resolve(folder, file)).split(sep).join('/');
  return {
    ...document,
    gates: document.gates.map((gate: unknown) => (isMapping(gate) ? withPaths(gate, fromBase) : gate)),
  };
}

/** @throws ConfigurationError when the file cannot be read, is larger than 1 MiB, or is not UTF-8 */
export async function readConfigText(path: string, workspace: Workspace): Promise<string> {
  return decode(await workspace.read(path, 'config file', MAX_CONFIG_BYTES), path);
}

function withPaths(gate: Mapping, fromBase: (file: string) => string): Mapping {
  const { folds } = gate;
  const ofFold = (fold: unknown): unknown => (isMapping(fold) ? withPaths(fold, fromBase) : fold);
  const whole = Array.isArray(folds) ? { ...gate, folds: folds.map(ofFold) } : gate;
  return FILE_KEYS.reduce<Mapping>((result, key) => {
    const file = valueAt(result, key);
    return typeof file === 'string' && file !== '' ? withValue(result, key, fromBase(file)) : result;
  }, whole);
}

function decode(bytes: Buffer, path: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new ConfigurationError(`${path} is not UTF-8 text. A config file is YAML, saved as UTF-8.`);
  }
}
