import { basename } from 'node:path';

import type { Logger } from '../foundation/logger.ts';
import type { OutputFile } from '../foundation/output-file.ts';
import { currentCommit } from '../history/commit.ts';
import { damagedPath, recordInFile, tellDamaged } from '../history/history-file.ts';
import { DEFAULT_LIMIT } from '../history/history-limit.ts';
import { recordsOf } from '../history/record-of.ts';
import type { RunReport } from '../report/gate-report.ts';
import type { HistoryWishes } from './history-options.ts';

/** A history that will be told of a run. */
export interface KeptHistory {
  keep(report: RunReport, logger: Logger): Promise<void>;
}

/**
 * Finds out which commit is judged, before a long run rather than after it.
 *
 * @param file undefined where no history is kept
 * @param root the repository
 * @throws ConfigurationError where nothing says which commit this is
 */
export function openHistory(
  wishes: HistoryWishes,
  file: OutputFile | undefined,
  root: string,
): KeptHistory | undefined {
  if (file === undefined) return undefined;
  const commit = currentCommit(wishes.commit, root);
  return {
    keep: async (report, logger) => {
      const { path } = file;
      const records = recordsOf(report, commit, new Date());
      const limit = wishes.historyLimit ?? DEFAULT_LIMIT;
      const { added, damaged } = await recordInFile(path, records, limit, '--history-file');
      const damage = tellDamaged(damaged, basename(path), basename(damagedPath(path)));
      if (damage !== undefined) logger.warning(damage);
      logger.info(
        added === 0
          ? `"${basename(path)}" has the same of commit ${commit.sha.slice(0, 7)} already.`
          : `Recorded commit ${commit.sha.slice(0, 7)} in "${basename(path)}".`,
      );
    },
  };
}
