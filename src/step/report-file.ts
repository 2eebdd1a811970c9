import { existsSync, mkdirSync } from 'node:fs';
import { dirname, relative, resolve, sep } from 'node:path';

import { ConfigurationError } from '../foundation/errors.ts';
import { openOutputFile, type OutputFile } from '../foundation/output-file.ts';
import type { Workspace } from '../foundation/workspace.ts';
import { given, SPEAKER } from './step-inputs.ts';

/**
 * The report file; its folder is made where it is missing.
 *
 * The path is the workflow's and may lead anywhere, such as the runner's folder for temporary files. What lies in the
 * workspace is a stranger's: a link in it must not lead the report out.
 */
export function openReportFile(workspace: Workspace): Promise<OutputFile> {
  return openStepFile('report-path', given('report-path') ?? 'fusion-gate-report.json', workspace);
}

/** The same for the file that any input names. */
export async function openStepFile(input: string, path: string, workspace: Workspace): Promise<OutputFile> {
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
