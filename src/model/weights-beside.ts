import { dirname, join, normalize } from 'node:path';

import { isUrl } from '../config/server-url.ts';
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
  // Joined, the two slashes of an address would become one.
  const beside = isUrl(path) ? `${dirname(path)}/${normalize(name)}` : join(dirname(path), name);
  if (workspace.has(beside)) return workspace.locate(beside, 'weight file');
  if (isUrl(path)) {
    throw new ConfigurationError(
      `The model "${path}" takes weights from the file "${name}", which is not downloaded with it. List it under "files" of the model: { url, sha256, path: ${JSON.stringify(name)} }.`,
    );
  }
  throw new ConfigurationError(
    `The model "${path}" takes weights from the file "${name}", which is missing. Copy the model again with all its files.`,
  );
}
