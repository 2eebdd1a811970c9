import { ConfigurationError, enumerate } from '../foundation/errors.ts';
import { openOutputFile } from '../foundation/output-file.ts';
import { terminalLogger } from '../foundation/terminal-logger.ts';
import { openWorkspace } from '../foundation/workspace.ts';
import { inspectModel } from '../inspection/inspect-model.ts';
import { inspectionJson } from '../inspection/inspection-schema.ts';
import { configFor } from '../inspection/write-config.ts';
import type { InitWishes } from './inspection-options.ts';
import { refuseReplacing } from './new-file.ts';
import { repositoryAround } from './repository-around.ts';
import { runOf } from './run-of.ts';

/**
 * `fusion-gate init`
 *
 * @returns 0
 * @throws ConfigurationError when nothing can be judged, something is not known that the file must say, or it is there
 * already
 */
export async function initCommand(wishes: InitWishes): Promise<number> {
  const { config, evaluationSet } = wishes;
  if (evaluationSet === undefined) {
    throw new ConfigurationError(
      'Which examples is the model to be judged on? Name them with --evaluation-set (.npz, .csv, .jsonl or .parquet).',
    );
  }
  const folder = process.cwd();
  const target = openOutputFile(config, folder, '--config');
  refuseReplacing(target, config, '--config', wishes.force);
  const workspace = openWorkspace(repositoryAround(folder), folder);
  const logger = terminalLogger({ stream: process.stderr, quiet: wishes.quiet });
  const finding = await inspectModel(wishes, { workspace, logger, threads: wishes.threads });
  target.write(await configFor(finding, target.path, workspace.base));
  const inspection = { ...finding.inspection, written: config };
  if (wishes.json) process.stdout.write(inspectionJson(inspection));
  const [{ scores, reason }] = inspection.candidates;
  const tensors = enumerate([...new Set(scores.map(({ tensor }) => tensor))]);
  logger.info(`Wrote ${config}, with ${tensors} as reliability: ${reason}.`);
  logger.info(`Read it, then judge the model: ${runOf(config)}`);
  return 0;
}
