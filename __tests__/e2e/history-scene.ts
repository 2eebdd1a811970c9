import { getOctokit } from '@actions/github';

import { commitFiles, readBlob, readBranch } from '../../src/github/git-data.ts';
import { parseHistory, recordsIn } from '../../src/history/history-lines.ts';
import type { HistoryRecord } from '../../src/history/record-schema.ts';
import { shaOf } from '../history/sample-record.ts';
import { setScene, type Scene } from './action-scene.ts';
import type { ActionResult, ActionRun } from './run-action.ts';
import { PERSON, REPO, TOKENS } from './stand-in.ts';

export const BRANCH = 'fusion-gate';
export const HISTORY = 'history/stress.jsonl';
const repository = { owner: PERSON, repo: REPO };

/** A repository whose history is kept on a branch. */
export interface HistoryScene extends Scene {
  /** A run of the n-th commit of the default branch. */
  push(n: number, scores: 'truthful' | 'empty', wishes?: Partial<ActionRun>): Promise<ActionResult>;
  /** The branch's files, by path; undefined where there is no such branch. */
  branch(): Promise<Record<string, string> | undefined>;
  records(): Promise<HistoryRecord[]>;
  /** Puts a history there by hand. */
  write(text: string): Promise<void>;
  octokit(): ReturnType<typeof getOctokit>;
}

/** The stand-in lets nobody but an owner write to Git: so the repository is a person's. */
export function setHistoryScene(): HistoryScene {
  const scene = setScene();
  const octokit = () => getOctokit(TOKENS.personal, { baseUrl: scene.github.apiUrl });
  const branch = async () => {
    const snapshot = await readBranch(octokit(), repository, BRANCH);
    if (snapshot === undefined) return undefined;
    const texts: Record<string, string> = {};
    for (const [path, { sha }] of snapshot.files) texts[path] = await readBlob(octokit(), repository, sha);
    return texts;
  };
  const more = {
    octokit,
    branch,
    records: async () => recordsIn(parseHistory((await branch())?.[HISTORY] ?? '').lines),
    write: async (text: string) => {
      const before = await readBranch(octokit(), repository, BRANCH);
      const files = new Map([[HISTORY, text]]);
      await commitFiles(octokit(), repository, { branch: BRANCH, before, files, message: 'By hand' });
    },
    push: (n: number, scores: 'truthful' | 'empty', wishes: Partial<ActionRun> = {}) =>
      scene.run(scores, {
        token: TOKENS.personal,
        event: {
          name: 'push',
          payload: {
            repository: { default_branch: 'main' },
            head_commit: { message: `Retrain (#${n + 1})` },
          },
        },
        ...wishes,
        inputs: { 'history-branch': BRANCH, comment: 'never', ...wishes.inputs },
        environment: {
          GITHUB_REPOSITORY: `${PERSON}/${REPO}`,
          GITHUB_REF: 'refs/heads/main',
          GITHUB_SHA: shaOf(n),
          ...wishes.environment,
        },
      }),
  };
  // Not spread: what a scene stands on is made anew for each test.
  return Object.assign(scene, more);
}
