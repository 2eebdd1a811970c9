import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import type { GateReport, RunReport } from '../../src/report/gate-report.ts';
import { provideNode24 } from '../e2e/node24.ts';
import { differences, type Format, sameModelWorkspace } from '../same-model.ts';

const path = (relative: string): string => fileURLToPath(new URL(relative, import.meta.url));

const FORMATS: readonly Format[] = [
  ...(['scored-onnx', 'scored-layers', 'scored-graph', 'scored-saved'] as const),
  ...(['router-onnx', 'router-layers', 'router-graph'] as const),
];

const folders: string[] = [];
const workspaces = { same: sameModelWorkspace(FORMATS), digits: copy('../../examples/digits') };
const program = temporary('program');
afterAll(() => {
  for (const folder of [...folders, workspaces.same]) rmSync(folder, { recursive: true, force: true });
});
beforeAll(() => {
  const bundler = pathToFileURL(path('../../scripts/bundle.mjs')).href;
  const code = `import { bundle } from ${JSON.stringify(bundler)}; await bundle(${JSON.stringify(program)});`;
  execFileSync(process.execPath, ['--input-type=module', '-e', code]);
  for (const workspace of Object.values(workspaces)) {
    symlinkSync(path('./native/node_modules'), join(workspace, 'node_modules'), 'junction');
  }
});

function temporary(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `fusion-gate-${name}-`));
  folders.push(folder);
  return folder;
}

function copy(relative: string): string {
  const folder = temporary('example');
  cpSync(path(relative), folder, { recursive: true });
  return folder;
}

/** Runs gates as a user does, in the folder whose node_modules has tfjs-node. */
function run(node: string, workspace: string, ...flags: string[]): readonly GateReport[] {
  const report = join(workspace, 'report.json');
  const args = [join(program, 'cli.js'), 'run', '--report', report, '--quiet', ...flags];
  const { status, stderr } = spawnSync(node, args, { cwd: workspace, encoding: 'utf8' });
  expect(stderr).toBe('');
  expect(status).toBeLessThan(2);
  return (JSON.parse(readFileSync(report, 'utf8')) as RunReport).gates;
}

const nodes = [...new Set([process.execPath, provideNode24()])].map((node) => {
  return [execFileSync(node, ['--version'], { encoding: 'utf8' }).trim(), node] as const;
});

describe.each(nodes)('tfjs-node on Node %s', (_, node) => {
  it('judges the example as the embedded engine does', () => {
    const only = ['--config', 'fusion-gate.yml', '--gate', 'digits-tfjs'];
    const [native] = run(node, workspaces.digits, ...only, '--engine', 'tfjs-node');
    const [embedded] = run(node, workspaces.digits, ...only, '--engine', 'tfjs');
    expect(native.model.engine).toBe('tfjs-node 4.22.0 (tensorflow)');
    expect(embedded.model.engine).toBe('tfjs 4.22.0 (wasm)');
    expect(native.verdict).toBe('quality-aware');
    expect(differences(native, embedded)).toEqual([]);
  });

  it('gives one report on one model, whether ONNX, LayersModel, GraphModel or SavedModel', () => {
    const gates = run(node, workspaces.same, '--config', 'gates.yml');
    expect(gates.map(({ name }) => name)).toEqual(FORMATS);
    for (const gate of gates) {
      const [kind, format] = gate.name.split('-');
      const onnx = gates.find(({ name }) => name === `${kind}-onnx`);
      expect(gate.model.engine).toMatch(format === 'onnx' ? /^onnxruntime-web/ : /^tfjs-node 4\.22\.0/);
      expect(differences(gate, onnx), gate.name).toEqual([]);
    }
  });
});
