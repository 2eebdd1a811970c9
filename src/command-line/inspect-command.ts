import { terminalLogger } from '../foundation/terminal-logger.ts';
import { openWorkspace } from '../foundation/workspace.ts';
import { inspectModel } from '../inspection/inspect-model.ts';
import { inspectionJson } from '../inspection/inspection-schema.ts';
import type { InspectWishes } from './inspection-options.ts';
import { renderInspection } from './inspection-text.ts';
import { repositoryAround } from './repository-around.ts';

/**
 * `fusion-gate inspect`
 *
 * @returns 0
 * @throws ConfigurationError when model or evaluation set cannot be read, or do not go together
 */
export async function inspectCommand(wishes: InspectWishes): Promise<number> {
  const folder = process.cwd();
  const workspace = openWorkspace(repositoryAround(folder), folder);
  const logger = terminalLogger({ stream: process.stderr, quiet: wishes.quiet });
  const { inspection } = await inspectModel(wishes, { workspace, logger, threads: wishes.threads });
  process.stdout.write(wishes.json ? inspectionJson(inspection) : renderInspection(inspection));
  return 0;
}
