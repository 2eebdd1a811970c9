import { posix } from 'node:path';

import type { Download } from './gate-config.ts';
import { downloadName } from './download-url.ts';
import type { Path } from './place.ts';
import { isMapping, valueAt } from './place.ts';
import type { GateFile, RemoteModel } from './schema.ts';

/** Every key of a gate that names a file, and how errors call that file. */
const FILE_KEYS = [
  { path: ['model'], role: 'model' },
  { path: ['head'], role: 'head' },
  { path: ['evaluation-set'], role: 'evaluation set' },
  { path: ['fusion', 'weights'], role: 'router weights' },
  { path: ['permutations', 'bank', 'path'], role: 'score bank' },
] as const;

/** A path of the gate that is an address, with no hash beside it. */
export interface PlainAddress {
  readonly path: Path;
  readonly text: string;
}

/** What the gate calls a file: its path, or the address that it is downloaded from. */
export function fileName(file: string | { readonly url: string }): string {
  return typeof file === 'string' ? file : downloadName(file.url);
}

/** Every file that a gate downloads, those beside a model behind it. */
export function downloadsOf(file: GateFile): Download[] {
  return FILE_KEYS.flatMap(({ path, role }) => {
    const found = valueAt(file, path);
    return isRemote(found) ? downloads(found, path, role) : [];
  });
}

/** The values of the keys for files that are text. */
export function pathsOf(file: GateFile): PlainAddress[] {
  return FILE_KEYS.flatMap(({ path }) => {
    const text = valueAt(file, path);
    return typeof text === 'string' ? [{ path, text }] : [];
  });
}

function isRemote(value: unknown): value is RemoteModel {
  return isMapping(value) && typeof value.url === 'string';
}

function downloads({ url, sha256, files = [] }: RemoteModel, path: Path, role: string): Download[] {
  const name = downloadName(url);
  return [
    { name, url, sha256: sha256.toLowerCase(), role, path },
    ...files.map((beside, i) => ({
      name: `${posix.dirname(name)}/${posix.normalize(beside.path ?? posix.basename(downloadName(beside.url)))}`,
      url: beside.url,
      sha256: beside.sha256.toLowerCase(),
      role: 'weight file',
      path: [...path, 'files', i],
    })),
  ];
}
