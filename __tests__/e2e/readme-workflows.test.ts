import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, beforeEach, expect, it } from 'vitest';
import { parse } from 'yaml';

import { newRepository } from '../baseline/repository.ts';
import { shaOf } from '../history/sample-record.ts';
import { pullRequestEvent, setScene, warningsOf } from './action-scene.ts';
import { ArtefactService } from './artefact-service.ts';
import type { Permissions } from './permissions.ts';
import type { ActionResult, ActionRun } from './run-action.ts';
import { OWNER, PERSON, REPO, TOKENS } from './stand-in.ts';

// The workflows of the README as they stand there: their inputs, and a token that may do what they ask for and no more.

interface Step {
  readonly uses?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly permissions?: Permissions;
  readonly strategy?: { readonly matrix: Readonly<Record<string, readonly unknown[]>> };
  readonly steps: readonly Step[];
}
interface Workflow {
  readonly permissions?: Permissions;
  readonly jobs: Readonly<Record<string, Job>>;
}

const PROGRAMS = { 'OWNER/fusion-gate@v1': 'index', 'OWNER/fusion-gate/comment@v1': 'comment' } as const;

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
/** By the heading or paragraph that they stand under. */
const workflowUnder = (title: string): Workflow[] => {
  const [, below = ''] = readme.split(title);
  const blocks = below.matchAll(/```yaml\n(# \.github\/workflows\/.*?)```/gs);
  return [...blocks].map(([, text]) => parse(text) as Workflow);
};

const scene = setScene({ index: 'src/action.ts', comment: 'src/comment-action.ts' });

beforeAll(() => {
  writeFileSync(
    join(scene.workspace, 'fusion-gate.yml'),
    gates({ 'stress-av': 'truthful', 'stress-avt': 'empty' }),
  );
});
beforeEach(() => {
  scene.github.proxy.used.clear();
});

/** Runs what a job says of ours, as often as its matrix says. */
async function runJob(
  workflow: Workflow,
  name: string,
  wishes: Partial<ActionRun> & { readonly isFork?: boolean },
): Promise<ActionResult[]> {
  const job = workflow.jobs[name];
  const token = wishes.token ?? TOKENS.workflow;
  grant(token, job.permissions ?? workflow.permissions ?? {}, wishes.isFork ?? false);
  const runs = matrixOf(job).flatMap((values) =>
    job.steps.flatMap(({ uses, with: given = {} }) => {
      if (uses === undefined || !(uses in PROGRAMS)) return [];
      const inputs = Object.entries(given).map(([input, value]) => [input, filledIn(String(value), values)]);
      return scene.runProgram(PROGRAMS[uses as keyof typeof PROGRAMS], {
        ...wishes,
        inputs: { 'github-token': token, ...(Object.fromEntries(inputs) as Record<string, string>) },
      });
    }),
  );
  return Promise.all(runs);
}

/** GitHub leaves a fork no more than reading. */
function grant(token: string, permissions: Permissions, isFork: boolean): void {
  const { proxy } = scene.github;
  const granted = Object.entries(permissions).map(([scope, level]) => [scope, isFork ? 'read' : level]);
  const { [token]: before } = proxy.options.tokens;
  const limited = { ...before, permissions: Object.fromEntries(granted) as Permissions };
  proxy.options = { ...proxy.options, tokens: { ...proxy.options.tokens, [token]: limited } };
}

/** What was granted and nothing needed. The checkout, which is not run here, needs to read. */
function unused({ permissions: ofAll = {}, jobs }: Workflow, name: string): string[] {
  const { permissions = ofAll, steps } = jobs[name];
  const { used } = scene.github.proxy;
  if (steps.some(({ uses }) => uses?.startsWith('actions/checkout'))) {
    expect(Object.keys(permissions)).toContain('contents');
    used.add('contents: read');
  }
  return Object.entries(permissions)
    .map(([scope, level]) => `${scope}: ${level}`)
    .filter((permission) => !used.has(permission));
}

/** Every choice of values of a matrix of one dimension. */
function matrixOf({ strategy }: Job): Readonly<Record<string, string>>[] {
  const [[key, values] = ['', ['']]] = Object.entries(strategy?.matrix ?? {});
  return values.map((value) => ({ [`matrix.${key}`]: String(value) }));
}

function filledIn(text: string, values: Readonly<Record<string, string>>): string {
  return text.replace(/\$\{\{ (.+?) \}\}/g, (expression, name: string) => values[name] ?? expression);
}

function gates(scores: Readonly<Record<string, 'truthful' | 'empty'>>): string {
  const all = Object.entries(scores).map(
    ([name, which]) => `  - name: ${name}
    fusion: weighted-mean
    evaluation-set: eval.csv
    columns: { label: label }
    modalities:
      audio: { expert: p_audio, reliability: ${which}_audio }
      video: { expert: p_video, reliability: ${which}_video }
    output: { kind: probabilities }
    permutations: { count: 200, secondary-count: 150, seed: 3 }
    interval: { resamples: 200 }
`,
  );
  return `gates:\n${all.join('')}`;
}

it('all of them are run here', () => {
  expect([...readme.matchAll(/^# \.github\/workflows\//gm)]).toHaveLength(7);
});

const onPullRequest = () => ({ event: pullRequestEvent(scene.github.head) });

it('on pull requests', async () => {
  const [workflow] = workflowUnder('## On your pull requests');
  const [result] = await runJob(workflow, 'reliability', onPullRequest());

  expect(result.status).toBe(1);
  expect(warningsOf(result)).toEqual([]);
  expect(await scene.github.comments()).toHaveLength(1);
  expect(unused(workflow, 'reliability')).toEqual([]);
});

it('for forks, in two halves', async () => {
  const [first, second] = workflowUnder('**Forks.**');
  const service = await ArtefactService.start();
  try {
    const { answers } = scene.github.proxy;
    answers.set('actions/list-workflow-run-artifacts', () => service.list());
    answers.set('actions/download-artifact', ({ pathValues }) => service.redirect(pathValues.artifact_id));
    const fork = await scene.github.openFork();
    const [measured] = await runJob(first, 'reliability', {
      event: pullRequestEvent(fork),
      environment: service.environment,
      isFork: true,
    });
    expect(warningsOf(measured)).toEqual([]);
    expect(await scene.github.comments(fork.number)).toEqual([]);

    const run = {
      id: 77,
      head_sha: fork.sha,
      head_branch: fork.branch,
      head_repository: { full_name: fork.repository, owner: { login: fork.repository.split('/')[0] } },
    };
    scene.github.proxy.used.clear();
    const [posted] = await runJob(second, 'comment', {
      event: { name: 'workflow_run', payload: { workflow_run: run } },
    });
    expect(posted.status).toBe(0);
    expect(posted.stdout).not.toMatch(/^::/m);
    expect(await scene.github.comments(fork.number)).toHaveLength(1);
    expect(unused(second, 'comment')).toEqual([]);
  } finally {
    await service.close();
  }
});

it('for a matrix', async () => {
  const [workflow] = workflowUnder('**Matrices.**');
  const results = await runJob(workflow, 'reliability', onPullRequest());

  expect(results.map(({ status }) => status)).toEqual([0, 1]);
  expect(results.flatMap(warningsOf)).toEqual([]);
  expect(await scene.github.comments()).toHaveLength(1);
  expect(unused(workflow, 'reliability')).toEqual([]);
});

it('for a history', async () => {
  const [workflow] = workflowUnder('## Over time');
  const [result] = await runJob(workflow, 'reliability', {
    // The stand-in lets nobody but an owner write to Git: so the repository is a person's.
    token: TOKENS.personal,
    event: { name: 'push', payload: { repository: { default_branch: 'main' } } },
    environment: {
      GITHUB_REPOSITORY: `${PERSON}/${REPO}`,
      GITHUB_REF: 'refs/heads/main',
      GITHUB_SHA: shaOf(0),
    },
  });

  expect(warningsOf(result)).toEqual([]);
  expect(result.stdout).toContain('The history on the branch "fusion-gate" has this commit now.');
  // A push is no pull request: that it may not look for one is no mistake, and not told as one.
  expect(result.stdout).toContain('pull-requests: read');
  expect(unused(workflow, 'reliability')).toEqual([]);
});

it('against the base', async () => {
  const [workflow] = workflowUnder('## Against the base');
  const base = newRepository(scene.workspace).commit({});
  const { number, sha, branch, repository } = scene.github.head;
  const pull = {
    number,
    head: { sha, ref: branch, repo: { full_name: repository } },
    base: { sha: base, ref: 'main', repo: { full_name: `${OWNER}/${REPO}` } },
  };
  const [result] = await runJob(workflow, 'reliability', {
    event: { name: 'pull_request', payload: { pull_request: pull } },
  });
  rmSync(join(scene.workspace, '.git'), { recursive: true });

  expect(warningsOf(result)).toEqual([]);
  expect((await scene.github.comments())[0].body).toContain('are those of the base');
  expect(unused(workflow, 'reliability')).toEqual([]);
});

it('on more than one machine', async () => {
  const [workflow] = workflowUnder('## More than one machine');
  const measured = await runJob(workflow, 'measure', onPullRequest());
  expect(measured.map(({ status }) => status)).toEqual([0, 0, 0, 0, 0, 0, 0, 0]);
  expect(unused(workflow, 'measure')).toEqual([]);
  // Artefacts bring them from one job to the other.
  mkdirSync(join(scene.workspace, 'shards'));
  for (const { outputs } of measured) {
    const { 'report-path': path } = outputs;
    renameSync(join(scene.workspace, path), join(scene.workspace, 'shards', path));
  }

  const [merged] = await runJob(workflow, 'reliability', onPullRequest());
  expect(merged.status).toBe(1);
  expect(warningsOf(merged)).toEqual([]);
  expect(await scene.github.comments()).toHaveLength(1);
  expect(unused(workflow, 'reliability')).toEqual([]);
}, 60_000);

it('that grants less is told what is missing', async () => {
  const [workflow] = workflowUnder('**Matrices.**');
  const permissions = { contents: 'read', 'pull-requests': 'write' } as const;
  const results = await runJob({ ...workflow, permissions }, 'reliability', onPullRequest());

  expect(results.map(({ status }) => status)).toEqual([0, 1]);
  for (const result of results) {
    expect(warningsOf(result)).toHaveLength(1);
    expect(warningsOf(result)[0]).toContain('checks: write');
  }
});
