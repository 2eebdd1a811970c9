import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { parse } from 'yaml';

import { OWNER, REPO } from './stand-in.ts';

export interface ActionRun {
  /** The Node that runs it. */
  readonly node: string;
  /** The bundled action. */
  readonly entry: string;
  /** What `runs-on` would check the repository out to. */
  readonly workspace: string;
  /** What the workflow says under `with:`. */
  readonly inputs: Readonly<Record<string, string>>;
  readonly token: string;
  readonly apiUrl: string;
  readonly event: { readonly name: string; readonly payload: unknown };
  /** Variables to add, or with undefined to take away. */
  readonly environment?: Readonly<Record<string, string | undefined>>;
}

export interface ActionResult {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly outputs: Readonly<Record<string, string>>;
  readonly summary: string;
}

const FILES = ['output', 'summary', 'state', 'env', 'path'] as const;

/** Runs the action the way GitHub's runner does: its inputs, its files, its folder and little else. */
export async function runAction(run: ActionRun): Promise<ActionResult> {
  const folder = mkdtempSync(join(tmpdir(), 'runner-'));
  try {
    for (const name of FILES) writeFileSync(join(folder, name), '');
    writeFileSync(join(folder, 'event.json'), JSON.stringify(run.event.payload));
    const { status, stdout, stderr } = await spawnNode(run, folder);
    const read = (name: (typeof FILES)[number]) => readFileSync(join(folder, name), 'utf8');
    return { status, stdout, stderr, outputs: parseOutputs(read('output')), summary: read('summary') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function spawnNode(run: ActionRun, folder: string): Promise<Omit<ActionResult, 'outputs' | 'summary'>> {
  const env = { ...runnerVariables(run, folder), ...inputVariables(run), ...run.environment };
  const child = spawn(run.node, [run.entry], { cwd: run.workspace, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = [child.stdout, child.stderr].map(textOf);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (status) => {
      Promise.all(texts).then(([stdout = '', stderr = '']) => {
        resolve({ status, stdout, stderr });
      }, reject);
    });
  });
}

function runnerVariables(run: ActionRun, folder: string): Record<string, string | undefined> {
  const server = new URL(run.apiUrl).origin;
  return {
    PATH: '/usr/bin:/bin',
    SystemRoot: process.env.SystemRoot,
    CI: 'true',
    GITHUB_ACTIONS: 'true',
    GITHUB_ACTION: '__octo-lab_fusion-gate',
    GITHUB_ACTOR: 'mona',
    GITHUB_API_URL: run.apiUrl,
    GITHUB_ENV: join(folder, 'env'),
    GITHUB_EVENT_NAME: run.event.name,
    GITHUB_EVENT_PATH: join(folder, 'event.json'),
    GITHUB_GRAPHQL_URL: `${server}/graphql`,
    GITHUB_JOB: 'gate',
    GITHUB_OUTPUT: join(folder, 'output'),
    GITHUB_PATH: join(folder, 'path'),
    GITHUB_REF: 'refs/pull/1/merge',
    GITHUB_REPOSITORY: `${OWNER}/${REPO}`,
    GITHUB_RUN_ATTEMPT: '1',
    GITHUB_RUN_ID: '4242',
    GITHUB_RUN_NUMBER: '7',
    GITHUB_SERVER_URL: server,
    GITHUB_SHA: '0123456789abcdef0123456789abcdef01234567',
    GITHUB_STATE: join(folder, 'state'),
    GITHUB_STEP_SUMMARY: join(folder, 'summary'),
    GITHUB_WORKFLOW: 'model',
    GITHUB_WORKSPACE: run.workspace,
    HOME: folder,
    RUNNER_ARCH: 'X64',
    RUNNER_OS: 'Linux',
    RUNNER_TEMP: folder,
    RUNNER_TOOL_CACHE: folder,
  };
}

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
}

/** Every input of action.yml becomes a variable: as given, else its default, else empty. Hyphens stay. */
function inputVariables({ inputs, token }: ActionRun): Record<string, string> {
  const action = parse(readFileSync(new URL('../../action.yml', import.meta.url), 'utf8')) as ActionFile;
  const declared = Object.entries(action.inputs).map(([name, { default: value = '' }]) => [
    name,
    value.replace('${{ github.token }}', token),
  ]);
  const values: Record<string, string> = {
    ...(Object.fromEntries(declared) as Record<string, string>),
    ...inputs,
  };
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      `INPUT_${name.replaceAll(' ', '_').toUpperCase()}`,
      value,
    ]),
  );
}

/** `name<<delimiter`, the value's lines, `delimiter`; a later value of the same name wins. */
function parseOutputs(text: string): Record<string, string> {
  const outputs: Record<string, string> = {};
  for (const [, name, , value] of text.matchAll(/^(.+?)<<(.+)\r?\n([^]*?)\r?\n\2\r?$/gm)) {
    outputs[name] = value!;
  }
  return outputs;
}

async function textOf(stream: NodeJS.ReadableStream): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
