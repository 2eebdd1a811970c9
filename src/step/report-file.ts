import { existsSync, mkdirSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';

import { ConfigurationError } from '../foundation/errors.ts';
import { openOutputFile, type OutputFile } from '../foundation/output-file.ts';
import type { Workspace } from '../foundation/workspace.ts';
import { given, SPEAKER } from './step-inputs.ts';

/** The files that a step writes, by the input that names each. */
export interface StepFiles {
  readonly report: OutputFile;
  /** The page with plots, where it is wanted. */
  readonly html?: OutputFile;
  /** The history that the run is put into, where it is kept in a file. */
  readonly history?: OutputFile;
}

const DEFAULT_REPORT = 'fusion-gate-report.json';

/** @throws ConfigurationError where one cannot be written, or two are the same */
export async function openStepFiles(workspace: Workspace): Promise<StepFiles> {
  const report = await openStepFile('report-path', given('report-path') ?? DEFAULT_REPORT, workspace);
  const opened = new Map([[report.path, 'report-path']]);
  const openOther = async (input: string): Promise<OutputFile | undefined> => {
    const path = given(input);
    if (path === undefined) return undefined;
    const file = await openStepFile(input, path, workspace);
    const other = opened.get(file.path);
    if (other !== undefined) {
      throw new ConfigurationError(
        `${SPEAKER.spell(input)} and ${SPEAKER.spell(other)} are both "${path}". Name a file for each.`,
      );
    }
    opened.set(file.path, input);
    return file;
  };
  return { report, html: await openOther('html'), history: await openOther('history-file') };
}

/**
 * A file to write; its folder is made where it is missing.
 *
 * The path is the workflow's and may lead anywhere, such as the runner's folder for temporary files. What lies in the
 * workspace is a stranger's: a link in it must not lead the report out.
 */
async function openStepFile(input: string, path: string, workspace: Workspace): Promise<OutputFile> {
  const folder = dirname(resolve(workspace.base, path));
  if (isInside(folder, workspace.root)) {
    let existing = folder;
    while (!existsSync(existing)) existing = dirname(existing);
    await workspace.locate(relative(workspace.base, existing) || '.', `folder of ${input}`, 'folder');
  }
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw new ConfigurationError(
      `${SPEAKER.spell(input)} is "${path}", but its folder could not be made: ${(error as Error).message}.`,
    );
  }
  return openOutputFile(path, workspace.base, SPEAKER.spell(input));
}

/** As later steps read it: they start in the workspace. */
export function fromRoot(path: string, { root }: Workspace): string {
  return isInside(path, root) ? relative(root, path).split(sep).join('/') : path;
}

function isInside(path: string, root: string): boolean {
  return path === root || path.startsWith(root + sep);
}
