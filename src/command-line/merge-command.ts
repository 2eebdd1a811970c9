import { readConfig } from '../config/read-config.ts';
import { terminalLogger } from '../foundation/terminal-logger.ts';
import { openWorkspace } from '../foundation/workspace.ts';
import { finishShards, mergeShards } from '../gate.ts';
import { exitStatus } from '../report/conclusion.ts';
import { readShards } from '../shards/read-shards.ts';
import { openHistory } from './keep-history.ts';
import type { MergeWishes } from './program.ts';
import { openReportFiles, putReport, refuseReadFiles } from './report-files.ts';
import { repositoryAround } from './repository-around.ts';
import { SPEAKER } from './run-command.ts';

/**
 * `fusion-gate merge`
 *
 * @returns the exit status
 * @throws ConfigurationError when the files are not the shards of one run
 */
export async function mergeCommand(wishes: MergeWishes, version: string): Promise<number> {
  const folder = process.cwd();
  const files = openReportFiles(wishes, folder);
  const workspace = openWorkspace(repositoryAround(folder), folder);
  const history = openHistory(wishes, files.history, workspace.root);
  const shards = await readShards(wishes.files, workspace);
  refuseReadFiles(
    files,
    shards.map(({ path }) => path),
    folder,
  );
  const logger = terminalLogger({ stream: process.stderr, quiet: wishes.quiet });
  const report = namesGates(wishes)
    ? await finishShards(shards, (await readConfig({ ...wishes, speaker: SPEAKER }, workspace)).gates, {
        workspace,
        threads: wishes.threads,
        logger,
        version,
      })
    : mergeShards(shards, version);
  putReport(report, files, wishes);
  await history?.keep(report, logger);
  return exitStatus(report.conclusion);
}

/** Whether the gates are at hand, so that they can be measured further. */
function namesGates({ config, gates, inputs }: MergeWishes): boolean {
  const given = Object.values<string | undefined>(inputs);
  return config !== undefined || gates.length > 0 || given.some((input) => input !== undefined);
}
