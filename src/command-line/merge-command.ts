import { openWorkspace } from '../foundation/workspace.ts';
import { mergeShards } from '../gate.ts';
import { exitStatus } from '../report/conclusion.ts';
import { readShards } from '../shards/read-shards.ts';
import type { MergeWishes } from './program.ts';
import { openReportFiles, putReport, refuseReadFiles } from './report-files.ts';
import { repositoryAround } from './repository-around.ts';

/**
 * `fusion-gate merge`
 *
 * @returns the exit status
 * @throws ConfigurationError when the files are not the shards of one run
 */
export async function mergeCommand(wishes: MergeWishes, version: string): Promise<number> {
  const folder = process.cwd();
  const files = openReportFiles(wishes, folder);
  const shards = await readShards(wishes.files, openWorkspace(repositoryAround(folder), folder));
  refuseReadFiles(
    files,
    shards.map(({ path }) => path),
    folder,
  );
  const report = mergeShards(shards, version);
  putReport(report, files, wishes);
  return exitStatus(report.conclusion);
}
