import { createHash } from 'node:crypto';

import type { Octokit } from '../../src/github/octokit.ts';

/** What Octokit throws, by its shape. */
class RequestError extends Error {
  readonly status: number;
  readonly response: object;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
    this.response = { headers: {}, data: { message } };
  }
}

/** Every answer takes a while, and some never come: before their work is done, or after it. */
export interface Weather {
  readonly random: () => number;
  /** Share of the requests that fail. */
  readonly failures: number;
  readonly pause: (milliseconds: number) => Promise<void>;
}

/**
 * The Git data of one repository in memory, as far as a branch needs it: for more writers than a server over HTTP could
 * take in a test. The real thing is stood in for in history-branch.test.ts.
 */
export function memoryGit({ random, failures, pause }: Weather): Octokit {
  const objects = new Map<string, unknown>();
  const refs = new Map<string, string>();
  const store = (value: unknown): string => {
    const sha = createHash('sha1').update(JSON.stringify(value)).digest('hex');
    objects.set(sha, value);
    return sha;
  };
  const operation =
    <A, T>(work: (asked: A) => T) =>
    async (asked: A): Promise<{ data: T }> => {
      await pause(50 + 100 * random());
      const fate = random();
      if (fate < failures / 2) throw new RequestError(502, 'Bad Gateway');
      const data = work(asked);
      if (fate < failures) throw new RequestError(504, 'Gateway Timeout');
      return { data };
    };
  const git = {
    getRef: operation(({ ref }: { ref: string }) => {
      const sha = refs.get(`refs/${ref}`);
      if (sha === undefined) throw new RequestError(404, 'Not Found');
      return { object: { sha } };
    }),
    getCommit: operation(({ commit_sha }: { commit_sha: string }) => {
      const { tree } = objects.get(commit_sha) as { tree: string };
      return { tree: { sha: tree } };
    }),
    getTree: operation(({ tree_sha }: { tree_sha: string }) => {
      const entries = objects.get(tree_sha) as [string, string][];
      return { truncated: false, tree: entries.map(([path, sha]) => ({ type: 'blob', path, sha, size: 1 })) };
    }),
    getBlob: operation(({ file_sha }: { file_sha: string }) => objects.get(file_sha)),
    createBlob: operation(({ content }: { content: string }) => ({ sha: store({ content }) })),
    createTree: operation(
      ({ base_tree, tree }: { base_tree?: string; tree: { path: string; sha: string }[] }) => {
        const base = base_tree === undefined ? [] : (objects.get(base_tree) as [string, string][]);
        const entries = new Map([...base, ...tree.map(({ path, sha }): [string, string] => [path, sha])]);
        return { sha: store([...entries]) };
      },
    ),
    createCommit: operation((asked: { tree: string; parents: string[]; message: string }) => ({
      sha: store({ ...asked, nonce: random() }),
    })),
    createRef: operation(({ ref, sha }: { ref: string; sha: string }) => {
      if (refs.has(ref)) throw new RequestError(422, 'Reference already exists');
      refs.set(ref, sha);
      return {};
    }),
    updateRef: operation(({ ref, sha }: { ref: string; sha: string }) => {
      const { parents } = objects.get(sha) as { parents: string[] };
      if (!parents.includes(refs.get(`refs/${ref}`)!)) {
        throw new RequestError(422, 'Update is not a fast forward');
      }
      refs.set(`refs/${ref}`, sha);
      return {};
    }),
  };
  return { rest: { git } } as unknown as Octokit;
}
