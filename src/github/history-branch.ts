import { branchFiles, isHistoryPath, type BranchFiles } from '../history/branch-files.ts';
import { damagedPath, MAX_HISTORY_BYTES } from '../history/history-file.ts';
import { parseHistory, recordsIn } from '../history/history-lines.ts';
import type { HistoryRecord } from '../history/record-schema.ts';
import type { PageWishes } from '../history/trend-page/trend-page.ts';
import { commitFiles, readBlob, readBranch, type Repository, type Snapshot } from './git-data.ts';
import type { Octokit } from './octokit.ts';
import { withRaces, type Pacing } from './races.ts';
import { withRetries } from './retry.ts';

/** Of gates: each is a request. */
const MOST_HISTORIES = 200;

/** A history kept on a branch of its own, which has no past in common with any other. */
export interface HistoryBranch {
  readonly octokit: Octokit;
  readonly repository: Repository;
  readonly branch: string;
}

/** The branch holds more than will be read. */
export class TooMuchHistory extends Error {
  override readonly name = 'TooMuchHistory';
}

/** Every record on the branch; none where there is no such branch yet. */
export async function readRecords({ octokit, repository, branch }: HistoryBranch): Promise<HistoryRecord[]> {
  const texts = await withRetries(async () => {
    const snapshot = await readBranch(octokit, repository, branch);
    return readTexts(octokit, repository, snapshot);
  });
  return [...texts].flatMap(([path, text]) =>
    isHistoryPath(path) ? recordsIn(parseHistory(text).lines) : [],
  );
}

/**
 * Puts a run's records on the branch, with the page and the badges that follow from them, in one commit. Doing it twice is
 * doing it once; what others write at the same time stays.
 *
 * @throws GaveUp or LostRace where it could not be done
 */
export async function recordOnBranch(
  { octokit, repository, branch }: HistoryBranch,
  records: readonly HistoryRecord[],
  { limit, page, pacing }: { readonly limit: number; readonly page: PageWishes; readonly pacing?: Pacing },
): Promise<BranchFiles> {
  return withRaces(async () => {
    const before = await readBranch(octokit, repository, branch);
    const texts = await readTexts(octokit, repository, before);
    const after = branchFiles(texts, records, limit, page);
    if (after.files.size > 0) {
      await commitFiles(octokit, repository, {
        branch,
        before,
        files: after.files,
        message: messageOf(records),
      });
    }
    return after;
  }, pacing);
}

/** The histories, and the damaged lines that lie beside them, by path. */
async function readTexts(
  octokit: Octokit,
  repository: Repository,
  snapshot: Snapshot | undefined,
): Promise<Map<string, string>> {
  const files = snapshot?.files ?? new Map<string, never>();
  const paths = [...files.keys()].filter(isHistoryPath);
  const wanted = paths.flatMap((path) => [path, damagedPath(path)]).filter((path) => files.has(path));
  const bytes = wanted.reduce((sum, path) => sum + files.get(path)!.size, 0);
  if (paths.length > MOST_HISTORIES || bytes > MAX_HISTORY_BYTES) {
    throw new TooMuchHistory(
      `the branch has ${paths.length} histories of ${bytes} bytes together; at most ${MOST_HISTORIES} of ${MAX_HISTORY_BYTES} bytes are read. Keep fewer commits with "history-limit", or delete the histories of gates that are gone`,
    );
  }
  const texts = new Map<string, string>();
  for (const path of wanted) texts.set(path, await readBlob(octokit, repository, files.get(path)!.sha));
  return texts;
}

function messageOf(records: readonly HistoryRecord[]): string {
  const what = records.length === 1 ? '1 gate' : `${records.length} gates`;
  return `Record ${what} at ${records[0].sha.slice(0, 7)}\n\nWritten by fusion-gate.`;
}
