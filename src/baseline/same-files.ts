import { statSync } from 'node:fs';
import { relative } from 'node:path';

import { ConfigurationError } from '../foundation/errors.ts';
import { filesBelow, sha256OfFiles, type Workspace } from '../foundation/workspace.ts';

/** Whether files, and folders with all that is below them, are the same in both workspaces. */
export async function areSame(paths: Iterable<string>, head: Workspace, base: Workspace): Promise<boolean> {
  for (const path of paths) if (!(await isSame(path, head, base))) return false;
  return true;
}

async function isSame(path: string, head: Workspace, base: Workspace): Promise<boolean> {
  const [here, there] = [await contentOf(path, head), await contentOf(path, base)];
  if (here === undefined || there === undefined) return false;
  if (here.names.join('\0') !== there.names.join('\0')) return false;
  const sizes = ({ files }: Content): string => files.map((file) => statSync(file).size).join();
  return (
    sizes(here) === sizes(there) && (await sha256OfFiles(here.files)) === (await sha256OfFiles(there.files))
  );
}

interface Content {
  /** Absolute. */
  readonly files: readonly string[];
  /** Below the folder; of a file, none. */
  readonly names: readonly string[];
}

/** Undefined where it cannot be had. */
async function contentOf(path: string, workspace: Workspace): Promise<Content | undefined> {
  try {
    const found = await workspace.locate(path, 'file', 'either');
    if (!statSync(found).isDirectory()) return { files: [found], names: [] };
    const files = await filesBelow(found);
    return { files, names: files.map((file) => relative(found, file)) };
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}
