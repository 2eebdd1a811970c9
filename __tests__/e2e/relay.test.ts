import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { crc32 } from 'node:zlib';

import { renderNote } from '../../src/github/relay-note.ts';
import type { HistoryRecord } from '../../src/history/record-schema.ts';
import { linesOf, sampleRecord } from '../history/sample-record.ts';
import { reportOf, SAMPLE_GATE } from '../github/sample-report.ts';
import { pullRequestEvent, setScene, warningsOf } from './action-scene.ts';
import { ArtefactService } from './artefact-service.ts';
import type { Head } from './stand-in.ts';
import { TOKENS } from './stand-in.ts';
import type { ValidatingProxy } from './validating-proxy.ts';

const scene = setScene({ index: 'src/action.ts', comment: 'src/comment-action.ts' });
const RUN = 'https://github.com/octo-lab/stress-model/actions/runs/77';

let service: ArtefactService;
let fork: Head;
beforeEach(async () => {
  service = await ArtefactService.start();
  fork = await scene.github.openFork();
  const { answers } = scene.github.proxy;
  answers.set('actions/list-workflow-run-artifacts', () => service.list());
  answers.set('actions/download-artifact', ({ pathValues }) => service.redirect(pathValues.artifact_id));
});
afterEach(() => service.close());

/** The run that the pull request starts: its token may only read. */
const measure = (scores: 'truthful' | 'empty', inputs: Record<string, string> = {}) =>
  scene.run(scores, {
    token: TOKENS.readOnly,
    event: pullRequestEvent(fork),
    environment: service.environment,
    inputs,
  });

/** The run that it starts in turn, in the base repository. */
const post = (head: Partial<Head> = {}, inputs: Record<string, string> = {}) => {
  const { sha, branch, repository } = { ...fork, ...head };
  const run = {
    id: 77,
    html_url: RUN,
    head_sha: sha,
    head_branch: branch,
    head_repository: { full_name: repository, owner: { login: repository.split('/')[0] } },
    pull_requests: [],
  };
  const event = { name: 'workflow_run', payload: { workflow_run: run } };
  return scene.runProgram('comment', { event, inputs: { 'github-token': TOKENS.workflow, ...inputs } });
};

const errorsOf = ({ stdout }: { readonly stdout: string }) =>
  stdout.split('\n').filter((line) => line.startsWith('::error'));

describe('a pull request from a fork', () => {
  it('has verdict, summary and outputs, and its comment from a second workflow', async () => {
    const measured = await measure('empty');

    expect(measured.status).toBe(1);
    expect(warningsOf(measured)).toEqual([]);
    expect(measured.summary).not.toBe('');
    expect(measured.outputs.conclusion).toBe('failure');
    expect(await scene.github.comments(fork.number)).toEqual([]);
    expect(service.artefacts).toHaveLength(1);

    const posted = await post();

    expect(errorsOf(posted)).toEqual([]);
    expect(posted.status).toBe(0);
    const [comment, ...more] = await scene.github.comments(fork.number);
    expect(more).toEqual([]);
    expect(posted.outputs['comment-urls']).toBe(comment.html_url);
    expect(comment.user?.login).toBe('github-actions[bot]');
    expect(comment.body.startsWith('<!-- fusion-gate:comment:stress -->\n')).toBe(true);
    expect(comment.body).toContain(RUN);
    expect(comment.body).toContain('could have changed how');
    // The text itself is that of the job summary, but for the run that is linked to.
    const [headline] = measured.summary.split('\n');
    expect(comment.body.split('\n')[1]).toBe(headline);
    // The blob store is not GitHub: it must not be shown the token.
    expect(service.authorizations).toEqual([]);
  }, 60_000);

  it('has one comment for a group of jobs, and none where it only speaks of failures', async () => {
    await measure('truthful', { comment: 'on-failure' });
    expect(service.artefacts).toEqual([]);
    for (const name of ['audio', 'video']) await measure('truthful', { name, 'comment-group': 'all' });
    expect(service.artefacts).toHaveLength(2);
    await post();

    const [comment, ...more] = await scene.github.comments(fork.number);
    expect(more).toEqual([]);
    expect(comment.body).toContain('fusion-gate:part:audio:success');
    expect(comment.body).toContain('fusion-gate:part:video:success');
  }, 60_000);

  it('has what earlier runs found in its comment, from the history of the base repository', async () => {
    serveHistory(
      scene.github.proxy,
      [0, 1, 2].map((n) => sampleRecord(n)),
    );
    await measure('empty', { 'upload-report': 'true' });
    const posted = await post({}, { 'history-branch': 'fusion-gate' });

    expect(posted.status).toBe(0);
    expect(warningsOf(posted)).toEqual([]);
    const [{ body }] = await scene.github.comments(fork.number);
    expect(body).toContain('<code>quality-aware</code> before, <code>');
    expect(body).toContain('The last 4 runs');
    // The run has uploaded its report too.
    const report = service.artefacts.findIndex(({ name }) => name === 'fusion-gate-report-stress') + 1;
    expect(report).toBeGreaterThan(0);
    expect(body).toContain(`href="${RUN}/artifacts/${report}"`);
  }, 60_000);

  it('has its comment all the same where there is no history, or none that may be read', async () => {
    await measure('empty');
    const inputs = { 'history-branch': 'fusion-gate' };
    expect(warningsOf(await post({}, inputs))).toEqual([]);

    scene.github.proxy.fail({
      operation: 'git/get-ref',
      status: 403,
      times: 1,
      message: 'Resource not accessible',
    });
    const posted = await post({}, inputs);
    expect(posted.status).toBe(0);
    expect(warningsOf(posted)).toHaveLength(1);
    expect(warningsOf(posted)[0]).toContain('contents: read');
    const [{ body }] = await scene.github.comments(fork.number);
    expect(body).not.toContain('Over time');
  }, 60_000);

  it('is told in one sentence where there is no artefact service', async () => {
    const result = await scene.run('empty', { token: TOKENS.readOnly, event: pullRequestEvent(fork) });

    expect(result.status).toBe(1);
    expect(warningsOf(result)).toHaveLength(1);
    expect(warningsOf(result)[0]).toContain('could not be left for another workflow either');
  });
});

describe('the second workflow trusts nothing', () => {
  const FORM = { name: 'stress', group: undefined, comment: 'always' } as const;
  const note = renderNote(FORM, reportOf(SAMPLE_GATE));
  /** The note with other values in its gate, whatever the schema says of them. */
  const unchecked = (changes: object): string => {
    const { report, ...rest } = JSON.parse(note) as { report: { gates: object[] } };
    return JSON.stringify({ ...rest, report: { ...report, gates: [{ ...report.gates[0], ...changes }] } });
  };
  const leave = (text: string, file?: string) => {
    service.leave('fusion-gate-comment-0123', zipOf(text, file));
  };

  it('but posts a good note', async () => {
    leave(note);
    const { status } = await post();

    expect(status).toBe(0);
    expect(await scene.github.comments(fork.number)).toHaveLength(1);
  });

  it.each([
    [
      'text',
      () => {
        leave('# Hello');
      },
    ],
    [
      'an unknown key',
      () => {
        leave(note.replace('{', '{"pullRequest":1,'));
      },
    ],
    [
      'a number for a name',
      () => {
        leave(note.replace('"name":"stress"', '"name":7'));
      },
    ],
    [
      'no gating metric',
      () => {
        leave(unchecked({ metrics: [] }));
      },
    ],
    [
      'another file',
      () => {
        leave(note, '../evil.json');
      },
    ],
    [
      'no zip file',
      () => {
        service.leave('fusion-gate-comment-0123', Buffer.from(note));
      },
    ],
    [
      'a file that is too large',
      () => {
        leave(note + ' '.repeat(5 * 2 ** 20));
      },
    ],
  ])('and refuses %s', async (_, make) => {
    make();
    const result = await post();

    expect(result.status).toBe(2);
    expect(errorsOf(result)).toHaveLength(1);
    expect(errorsOf(result)[0]).toContain('holds no comment of fusion-gate');
    expect(await scene.github.comments(fork.number)).toEqual([]);
  });

  it('and makes the text anew, with names as names', async () => {
    const gate = { ...SAMPLE_GATE, name: '<img src=x> @octocat', reason: '[click](https://evil.example)' };
    leave(renderNote({ ...FORM, name: '--> <b>' }, reportOf(gate)));
    await post();

    const [{ body }] = await scene.github.comments(fork.number);
    expect(body).not.toMatch(/<img|<b>|@octocat|\]\(https:\/\/evil/);
  });

  it('and goes nowhere but to the pull request whose head was run', async () => {
    leave(note);
    const result = await post({ sha: 'f'.repeat(40) });

    expect(result.status).toBe(0);
    expect(result.stdout).toContain('is the head of no open pull request');
    expect(await scene.github.comments(fork.number)).toEqual([]);
    expect(await scene.github.comments()).toEqual([]);
  });

  it('and ignores what other tools left', async () => {
    service.leave('coverage', zipOf(note));
    const result = await post();

    expect(result.status).toBe(0);
    expect(result.stdout).toContain('the run left no comment');
  });
});

it('says which event it is for', async () => {
  const result = await scene.runProgram('comment', { inputs: { 'github-token': TOKENS.workflow } });

  expect(result.status).toBe(2);
  expect(errorsOf(result)).toHaveLength(1);
  expect(errorsOf(result)[0]).toContain('on: workflow_run');
});

it('says what no branch is called', async () => {
  const result = await post({}, { 'history-branch': 'a..b' });

  expect(result.status).toBe(2);
  expect(errorsOf(result)[0]).toContain('with: history-branch is "a..b"');
});

it('says which permission it lacks', async () => {
  const operation = 'actions/list-workflow-run-artifacts';
  scene.github.proxy.fail({ operation, status: 403, times: 1, message: 'Resource not accessible' });
  const result = await post();

  expect(result.status).toBe(2);
  expect(errorsOf(result)).toHaveLength(1);
  expect(errorsOf(result)[0]).toContain('actions: read');
});

/** A branch with a history, for a repository of which the stand-in lets nobody write to Git. */
function serveHistory({ answers }: ValidatingProxy, records: readonly HistoryRecord[]): void {
  const [sha, node_id] = ['c'.repeat(40), 'C_1'];
  const url = 'https://api.github.com/git';
  const content = Buffer.from(linesOf(...records)).toString('base64');
  const size = content.length;
  const person = { name: 'mona', email: 'mona@example.com', date: '2026-01-01T00:00:00Z' };
  const verification = {
    verified: false,
    reason: 'unsigned',
    payload: null,
    signature: null,
    verified_at: null,
  };
  const bodies: Record<string, object> = {
    'git/get-ref': { ref: 'refs/heads/fusion-gate', node_id, url, object: { type: 'commit', sha, url } },
    'git/get-commit': {
      ...{ sha, node_id, url, html_url: url, message: 'Record', author: person, committer: person },
      ...{ tree: { sha, url }, parents: [], verification },
    },
    'git/get-tree': {
      ...{ sha, url, truncated: false },
      tree: [{ path: 'history/stress.jsonl', mode: '100644', type: 'blob', sha, size, url }],
    },
    'git/get-blob': { content, encoding: 'base64', url, sha, size, node_id },
  };
  for (const [operation, body] of Object.entries(bodies)) {
    answers.set(operation, () => ({ status: 200, headers: {}, body }));
  }
}

/** A zip file with one stored file, by the letter of the format (APPNOTE 4.3). */
function zipOf(text: string, file = 'fusion-gate-comment.json'): Buffer {
  const [name, content] = [file, text].map((value) => Buffer.from(value));
  const common = Buffer.alloc(26);
  common.writeUInt16LE(20, 0);
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(content.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(name.length, 22);
  const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), common, name, content]);
  const central = Buffer.concat([
    Buffer.from('PK\x01\x02\x14\x00', 'latin1'),
    common,
    Buffer.alloc(14),
    name,
  ]);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(1, 8);
  end.writeUInt16LE(1, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(local.length, 16);
  return Buffer.concat([local, central, end]);
}
