import { existsSync } from 'node:fs';

import { ConfigurationError } from '../foundation/errors.ts';
import type { OutputFile } from '../foundation/output-file.ts';

/**
 * Refuses to put a new file in the place of one that is there.
 *
 * @param path as the user wrote it
 * @param spelling the flag that names it: `--config`
 * @param force the user wants it replaced
 */
export function refuseReplacing(file: OutputFile, path: string, spelling: string, force: boolean): void {
  if (force || !existsSync(file.path)) return;
  throw new ConfigurationError(
    `"${path}" is there already. Write another file with ${spelling}, or replace it with --force.`,
  );
}
