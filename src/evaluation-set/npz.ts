import { ConfigurationError } from '../foundation/errors.ts';
import type { Workspace } from '../foundation/workspace.ts';
import type { Column, ColumnInfo, Format } from './evaluation-set.ts';
import { findColumn } from './find-column.ts';
import { checkNpySize, describeNpy, MAX_HEADER_BYTES, parseNpy, readNpyHeader } from './npy.ts';
import { withZipArchive, type ZipArchive } from './zip-archive.ts';

/** A NumPy `.npz`: named arrays of any shape. */
export interface Npz {
  readonly arrays: readonly ColumnInfo[];
  /**
   * One array, row-major; a 0-d one has the shape `[]` and one value.
   *
   * @throws ConfigurationError when there is none of this name, or it holds neither numbers nor text. An array that is
   * not asked for may hold anything.
   */
  readonly read: (name: string) => Promise<Column>;
}

/**
 * Opens a `.npz`. Only the headers are read; an array is unpacked when it is asked for.
 *
 * @param role how errors call the file: `evaluation set`, `router weights`, ...
 * @param noun how errors call what is in it
 * @throws ConfigurationError when the file cannot be located or is no `.npz`
 */
export async function openNpz(
  path: string,
  workspace: Workspace,
  role: string,
  noun: 'column' | 'array' = 'array',
): Promise<Npz> {
  const file = await workspace.locate(path, role);
  const arrays = await withZipArchive(file, path, (archive) => listArrays(archive));
  const read = async (name: string): Promise<Column> => {
    findColumn(path, arrays, name, noun);
    const source = `The ${noun} "${name}" of "${path}"`;
    return withZipArchive(file, path, (archive) => readArray(archive, name, source));
  };
  return { arrays, read };
}

export const npz: Format = {
  extensions: ['.npz'],
  open: async (path, workspace) => {
    const { arrays, read } = await openNpz(path, workspace, 'evaluation set', 'column');
    return { columns: arrays, read };
  },
};

async function listArrays(archive: ZipArchive): Promise<ColumnInfo[]> {
  const arrays: ColumnInfo[] = [];
  for (const [fileName, entry] of archive.entries) {
    if (!fileName.endsWith('.npy')) continue;
    const name = fileName.slice(0, -'.npy'.length);
    arrays.push(await describeArray(archive, name, entry));
  }
  return arrays;
}

/** An array that cannot be read stays in the list: what is wrong with it matters only to one who asks for it. */
async function describeArray(
  archive: ZipArchive,
  name: string,
  entry: Parameters<ZipArchive['head']>[0],
): Promise<ColumnInfo> {
  try {
    return describeNpy(name, readNpyHeader(await archive.head(entry, MAX_HEADER_BYTES), name));
  } catch (error) {
    if (error instanceof ConfigurationError) return { name, dtype: 'unreadable', shape: [] };
    throw error;
  }
}

async function readArray(archive: ZipArchive, name: string, source: string): Promise<Column> {
  const entry = archive.entries.get(`${name}.npy`);
  if (entry === undefined) throw new ConfigurationError(`${source} was there a moment ago and is gone.`);
  const header = readNpyHeader(await archive.head(entry, MAX_HEADER_BYTES), source);
  checkNpySize(header, entry.uncompressedSize, source);
  return parseNpy(await archive.body(entry), name, source);
}
