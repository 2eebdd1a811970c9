import { ConfigurationError } from '../foundation/errors.ts';
import type { Workspace } from '../foundation/workspace.ts';
import { MAX_TEXT_FILE_BYTES } from './limits.ts';

/**
 * The text of a file, without a byte order mark.
 *
 * @param role how errors call it
 * @throws ConfigurationError when it cannot be located, is too large to be parsed as text, or is not UTF-8
 */
export async function readTextFile(
  path: string,
  workspace: Workspace,
  role = 'evaluation set',
): Promise<string> {
  const bytes = await workspace.read(path, role, MAX_TEXT_FILE_BYTES);
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new ConfigurationError(`"${path}" is not UTF-8 text. Save it with the encoding UTF-8.`, { cause });
  }
}
