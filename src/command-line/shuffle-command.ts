import { availableParallelism } from 'node:os';

import { readConfig } from '../config/read-config.ts';
import { drawBank, type DrawnBank } from '../draw-bank.ts';
import { ConfigurationError, enumerate } from '../foundation/errors.ts';
import { openOutputFile } from '../foundation/output-file.ts';
import { terminalLogger } from '../foundation/terminal-logger.ts';
import { openWorkspace } from '../foundation/workspace.ts';
import { refuseReplacing } from './new-file.ts';
import { repositoryAround } from './repository-around.ts';
import { SPEAKER } from './run-command.ts';
import type { ShuffleWishes } from './shuffle-options.ts';

/**
 * `fusion-gate shuffle`
 *
 * @returns 0
 * @throws ConfigurationError when it is not clear whose scores to shuffle, they cannot be had, or the file is there already
 */
export async function shuffleCommand(wishes: ShuffleWishes): Promise<number> {
  const folder = process.cwd();
  const workspace = openWorkspace(repositoryAround(folder), folder);
  const target = openOutputFile(wishes.bank, folder, '--bank');
  refuseReplacing(target, wishes.bank, '--bank', wishes.force);
  const { gates } = await readConfig({ ...wishes, speaker: SPEAKER }, workspace);
  if (gates.length > 1) {
    throw new ConfigurationError(
      `A bank holds the shuffles of one gate, and there are ${gates.length}: ${enumerate(gates.map(({ name }) => name))}. Name one with --gate.`,
    );
  }
  const logger = terminalLogger({ stream: process.stderr, quiet: wishes.quiet });
  const threads = wishes.threads ?? availableParallelism();
  const drawn = await drawBank(gates[0], { workspace, logger, threads });
  target.write(drawn.bytes);
  logger.info(`Wrote ${wishes.bank}: ${drawn.count} shuffles of the scores of ${drawn.evaluated} rows.`);
  logger.info(`A gate takes it with: ${usage(wishes.bank, drawn)}`);
  return 0;
}

function usage(path: string, { names: { id, scores } }: DrawnBank): string {
  const pairs = Object.entries(scores).map(([modality, array]) => `${JSON.stringify(modality)}: ${array}`);
  const idKey = id === undefined ? '' : `id: ${id}, `;
  return `permutations: { bank: { path: ${JSON.stringify(path)}, ${idKey}scores: { ${pairs.join(', ')} } } }`;
}
