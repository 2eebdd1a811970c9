import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';

import { provideNode24 } from './node24.ts';
import type { ActionResult, ActionRun } from './run-action.ts';
import { runAction } from './run-action.ts';
import type { StandIn } from './stand-in.ts';
import { OWNER, REPO, startStandIn, TOKENS } from './stand-in.ts';
import { createWorkspace } from './workspace.ts';

/** scripts/ is plain JavaScript, which is not part of the TypeScript project. */
interface BundleScript {
  readonly bundle: (outdir: string, entries: Readonly<Record<string, string>>) => Promise<string[]>;
}
const SCRIPT = '../../scripts/bundle.mjs';

/** What a test of the bundled action stands on. */
export interface Scene {
  /** Anew for each test. */
  readonly github: StandIn;
  readonly workspace: string;
  /** Runs the action on a gate that passes (`truthful`) or fails (`empty`). */
  run(scores: 'truthful' | 'empty', wishes?: Partial<ActionRun>): Promise<ActionResult>;
  /** Runs another program of the bundle. */
  runProgram(program: string, wishes: Partial<ActionRun>): Promise<ActionResult>;
}

/**
 * Bundles the programs as they are now, and runs them on Node 24 against a GitHub that is checked: no request that its
 * description forbids, and no token in anything that a run shows.
 */
export function setScene(entries: Readonly<Record<string, string>> = { index: 'src/action.ts' }): Scene {
  let node = '';
  let workspace = '';
  let programs = '';
  let github: StandIn | undefined;
  const results: ActionResult[] = [];

  beforeAll(async () => {
    node = provideNode24();
    workspace = createWorkspace();
    programs = mkdtempSync(join(tmpdir(), 'programs-'));
    const { bundle } = (await import(SCRIPT)) as BundleScript;
    await bundle(join(programs, 'dist'), entries);
  }, 300_000);
  afterAll(() => {
    for (const folder of [workspace, programs]) rmSync(folder, { recursive: true, force: true });
  });
  beforeEach(async () => {
    github = await startStandIn();
  });
  afterEach(async () => {
    await github?.close();
    expect(github?.proxy.violations).toEqual([]);
    for (const { stdout, stderr, summary, outputs } of results.splice(0)) {
      const shown = [stdout, stderr, summary, ...Object.values(outputs)].join('\n');
      for (const token of Object.values(TOKENS)) expect(shown).not.toContain(token);
      expect(shown).not.toMatch(/authorization|x-github-request-id|\bBearer\b/i);
    }
  });

  const scene: Scene = {
    get github() {
      return github!;
    },
    get workspace() {
      return workspace;
    },
    run: (scores, wishes = {}) =>
      scene.runProgram('index', { ...wishes, inputs: { config: `${scores}.yml`, ...wishes.inputs } }),
    runProgram: async (program, wishes) => {
      const result = await runAction({
        node,
        entry: join(programs, 'dist', `${program}.js`),
        workspace,
        token: TOKENS.workflow,
        apiUrl: scene.github.apiUrl,
        event: pullRequestEvent(scene.github.head),
        inputs: {},
        ...wishes,
      });
      results.push(result);
      return result;
    },
  };
  return scene;
}

/** What the event file of `pull_request` has, as far as it matters. */
export function pullRequestEvent({ number, sha, branch, repository }: StandIn['head']): ActionRun['event'] {
  const base = { repo: { full_name: `${OWNER}/${REPO}` } };
  const head = { sha, ref: branch, repo: { full_name: repository } };
  return { name: 'pull_request', payload: { pull_request: { number, head, base } } };
}

/** The warnings that GitHub would show beside the job. */
export function warningsOf({ stdout }: ActionResult): string[] {
  return stdout.split('\n').filter((line) => line.startsWith('::warning'));
}
