import { existsSync } from 'node:fs';

import { DEFAULT_CONFIG } from '../config/read-config.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import { openOutputFile } from '../foundation/output-file.ts';
import { terminalLogger } from '../foundation/terminal-logger.ts';
import { openWorkspace } from '../foundation/workspace.ts';
import { contractConfig } from '../inspection/contract-config.ts';
import type { ContractWishes } from './contract-options.ts';
import { repositoryAround } from './repository-around.ts';

/**
 * `fusion-gate contract`
 *
 * @returns 0
 * @throws ConfigurationError when the folder has no folds, lacks what the study needs, or the file is there already
 */
export async function contractCommand(wishes: ContractWishes): Promise<number> {
  const { config } = wishes;
  const folder = process.cwd();
  const target = openOutputFile(config, folder, '--config');
  if (existsSync(target.path) && !wishes.force) {
    throw new ConfigurationError(
      `"${config}" is there already. Write another file with --config, or replace it with --force.`,
    );
  }
  const workspace = openWorkspace(repositoryAround(folder), folder);
  const { text, gates } = await contractConfig(wishes, target.path, workspace);
  target.write(text);
  const logger = terminalLogger({ stream: process.stderr, quiet: wishes.quiet });
  const run = config === DEFAULT_CONFIG ? 'fusion-gate run' : `fusion-gate run --config ${config}`;
  logger.info(`Wrote ${config}, with ${gates} ${gates === 1 ? 'gate' : 'gates'}. Judge them: ${run}`);
  return 0;
}
