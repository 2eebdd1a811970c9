import { existsSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';

import { ConfigurationError } from '../foundation/errors.ts';
import type { Workspace } from '../foundation/workspace.ts';

/**
 * The absolute path of a file that a model takes weights from.
 *
 * @param path the model as the user wrote it
 * @param name as the model writes it, relative to the model's own folder
 * @throws ConfigurationError when it is missing, or may not be read: the user named the model, not this file
 */
export function locateWeights(path: string, name: string, workspace: Workspace): Promise<string> {
  const beside = join(dirname(path), name);
  if (existsSync(resolve(workspace.base, beside))) return workspace.locate(beside, 'weight file');
  throw new ConfigurationError(
    `The model "${path}" takes weights from the file "${name}", which is missing. Copy the model again with all its files.`,
  );
}
