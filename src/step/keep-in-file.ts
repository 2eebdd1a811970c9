import { basename } from 'node:path';

import type { Logger } from '../foundation/logger.ts';
import type { OutputFile } from '../foundation/output-file.ts';
import { currentCommit } from '../history/commit.ts';
import { damagedPath, recordInFile, tellDamaged } from '../history/history-file.ts';
import { recordsIn } from '../history/history-lines.ts';
import { pastOf } from '../history/past-of.ts';
import { recordsOf } from '../history/record-of.ts';
import type { RunReport } from '../report/gate-report.ts';
import type { Past } from '../report/past.ts';
import { SPEAKER } from './step-inputs.ts';

/**
 * Puts a run into the history file of a step.
 *
 * @param root the repository
 * @returns what the file held of other commits
 * @throws ConfigurationError where it cannot be read or written
 */
export async function keepInFile(
  report: RunReport,
  file: OutputFile,
  limit: number,
  root: string,
  logger: Logger,
): Promise<Past> {
  const commit = currentCommit(undefined, root);
  const records = recordsOf(report, commit, new Date());
  const spelling = SPEAKER.spell('history-file');
  const { lines, damaged } = await recordInFile(file.path, records, limit, spelling);
  const damage = tellDamaged(damaged, basename(file.path), basename(damagedPath(file.path)));
  if (damage !== undefined) logger.warning(damage);
  return pastOf(recordsIn(lines), commit.sha, undefined);
}
