import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';

import { ConfigurationError } from '../foundation/errors.ts';
import type { Workspace } from '../foundation/workspace.ts';

/**
 * The files that patterns name, sorted, each once.
 *
 * @param patterns relative to the workspace's base, with `/`; in each part of a path `*` stands for any characters, but
 * for a dot in front
 * @param role what errors call a file
 * @throws ConfigurationError for a pattern that no file fits, or a folder outside the workspace
 */
export async function findFiles(
  patterns: readonly string[],
  role: string,
  workspace: Workspace,
): Promise<string[]> {
  const found = new Set<string>();
  for (const pattern of patterns) {
    const paths = pattern.includes('*') ? await expand(pattern.split('/'), role, workspace) : [pattern];
    if (paths.length === 0) {
      throw new ConfigurationError(`No file fits "${pattern}". Paths are relative to the working directory.`);
    }
    for (const path of paths) found.add(path);
  }
  return [...found].sort();
}

/** Part by part: only the folders that a pattern leads to are looked into, and only those of the workspace. */
async function expand(parts: readonly string[], role: string, workspace: Workspace): Promise<string[]> {
  let paths = [''];
  for (const [depth, part] of parts.entries()) {
    const join = (path: string, name: string): string => (depth === 0 ? name : `${path}/${name}`);
    if (!part.includes('*')) {
      paths = paths.map((path) => join(path, part));
      continue;
    }
    const isLast = depth === parts.length - 1;
    const next: string[] = [];
    for (const path of paths) {
      for (const name of await namesIn(path, part, isLast, role, workspace)) next.push(join(path, name));
    }
    paths = next;
  }
  return paths.filter((path) => existsSync(resolve(workspace.base, path)));
}

async function namesIn(
  folder: string,
  pattern: string,
  isLast: boolean,
  role: string,
  workspace: Workspace,
): Promise<string[]> {
  const located = await workspace.locate(folder === '' ? '.' : folder, `folder of the ${role}s`, 'folder');
  const entries = await readdir(located, { withFileTypes: true });
  return entries
    .filter((entry) => (isLast ? entry.isFile() : entry.isDirectory()) && fits(entry.name, pattern))
    .map(({ name }) => name);
}

/** Piece by piece from left to right: no pattern takes more than one look at each character. */
function fits(name: string, pattern: string): boolean {
  if (name.startsWith('.') && !pattern.startsWith('.')) return false;
  const pieces = pattern.split('*');
  const [first, last] = [pieces[0], pieces.at(-1)!];
  if (name.length < first.length + last.length || !name.startsWith(first) || !name.endsWith(last))
    return false;
  let at = first.length;
  const end = name.length - last.length;
  for (const piece of pieces.slice(1, -1)) {
    const found = name.indexOf(piece, at);
    if (found === -1 || found + piece.length > end) return false;
    at = found + piece.length;
  }
  return at <= end;
}
