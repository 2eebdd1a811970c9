import { openOutputFile } from '../foundation/output-file.ts';
import { terminalLogger } from '../foundation/terminal-logger.ts';
import { openWorkspace } from '../foundation/workspace.ts';
import { contractConfig } from '../inspection/contract-config.ts';
import type { ContractWishes } from './contract-options.ts';
import { refuseReplacing } from './new-file.ts';
import { repositoryAround } from './repository-around.ts';
import { runOf } from './run-of.ts';

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
  refuseReplacing(target, config, '--config', wishes.force);
  const workspace = openWorkspace(repositoryAround(folder), folder);
  const { text, gates } = await contractConfig(wishes, target.path, workspace);
  target.write(text);
  const logger = terminalLogger({ stream: process.stderr, quiet: wishes.quiet });
  logger.info(
    `Wrote ${config}, with ${gates} ${gates === 1 ? 'gate' : 'gates'}. Judge them: ${runOf(config)}`,
  );
  return 0;
}
