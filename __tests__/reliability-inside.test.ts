import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { silentLogger } from '../src/foundation/logger.ts';
import { splitModel } from '../src/inspection/split-model.ts';
import * as library from '../src/library.ts';

const fixtures = fileURLToPath(new URL('./fixtures/model/inside/', import.meta.url));
const { audio, video, gates } = JSON.parse(readFileSync(`${fixtures}expected.json`, 'utf8')) as {
  readonly audio: number[];
  readonly video: number[];
  readonly gates: Readonly<Record<string, { readonly labels: number[]; readonly fused: number[] }>>;
};

const folder = mkdtempSync(join(tmpdir(), 'fusion-gate-inside-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
beforeAll(() => {
  cpSync(`${fixtures}router-script.onnx`, join(folder, 'model.onnx'));
  const rows = gates.router.labels.map((y, i) => ({
    y,
    audio: audio.slice(6 * i, 6 * i + 6),
    video: video.slice(5 * i, 5 * i + 5),
  }));
  writeFileSync(join(folder, 'eval.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
});

/** One gate over the router, by the sentence it ends with or its report. */
function judge(...reliability: string[]): Promise<library.GateReport> {
  return judgeModel(['model: model.onnx', ...reliability]);
}

async function judgeModel(keys: readonly string[]): Promise<library.GateReport> {
  const lines = [
    'gates:',
    '  - name: inside',
    '    evaluation-set: eval.jsonl',
    '    columns: { label: y }',
    '    permutations: { count: 200, secondary-count: 80 }',
    ...keys.map((line) => `    ${line}`),
  ];
  writeFileSync(join(folder, 'gate.yml'), lines.join('\n'));
  const workspace = library.openWorkspace(folder);
  const suite = await library.readConfig({ config: 'gate.yml', inputs: {} }, workspace);
  return (await library.runGates(suite.gates, { workspace })).gates[0];
}

const MODALITIES = 'modalities: { audio: { inputs: [audio] }, video: { inputs: [video] } }';

describe('a gate on a tensor inside a model', () => {
  it('goes from config to verdict without a column of scores', async () => {
    const report = await judge(
      MODALITIES,
      'reliability: { tensor: /Softmax_output_0, order: [audio, video] }',
    );
    const { labels, fused } = gates.router;
    const right = labels.filter((label, i) => {
      const row = fused.slice(3 * i, 3 * i + 3);
      return row.indexOf(Math.max(...row)) === label;
    });
    expect(report.verdict).not.toBe('invalid');
    expect(report.clean!.accuracy).toBeCloseTo(right.length / labels.length, 12);
    expect(report.gap.value).toBeGreaterThan(0.1);
    expect(report.p.oneSided).toBeLessThan(0.05);
    expect(report.controls.corruption).not.toBeNull();
    // Of so few examples the interval is what it is.
    expect(report.warnings.filter((warning) => !warning.includes('too narrow'))).toEqual([]);
  });

  it('gives the report of the two files that it is split into', async () => {
    const { prefix, suffix } = await splitModel(
      { model: 'model.onnx', at: ['/Softmax_output_0'] },
      { workspace: library.openWorkspace(folder), logger: silentLogger },
    );
    writeFileSync(join(folder, 'prefix.onnx'), prefix.bytes);
    writeFileSync(join(folder, 'suffix.onnx'), suffix.bytes);
    const keys = [
      MODALITIES,
      'reliability: { tensor: /Softmax_output_0, order: [audio, video] }',
      'output: { tensor: fused, kind: logits }',
      // A pass of fewer rows than there are: the frontier holds the number of rows.
      'batch-size: 7',
    ];
    const whole = await judgeModel(['model: model.onnx', ...keys]);
    const parts = await judgeModel(['model: prefix.onnx', 'head: suffix.onnx', ...keys]);
    expect(parts.model).toMatchObject({ path: 'prefix.onnx' });
    expect({ ...parts, model: null, seconds: 0 }).toEqual({ ...whole, model: null, seconds: 0 });
  });

  it('still wants the column of a score that is an input', async () => {
    const both =
      'modalities: { audio: { reliability: audio }, video: { reliability: { tensor: video, column: Q } } }';
    await expect(judge(both)).rejects.toThrow('"eval.jsonl" has no column "Q"');
  });
});
