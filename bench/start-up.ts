import { spawnSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runPython } from './python.ts';
import { type Measured, median, seconds } from './table.ts';

const REPETITIONS = 5;
const root = join(import.meta.dirname, '..');
const fixtures = join(root, '__tests__', 'fixtures', 'model', 'inside');

const GATE = `gates:
  - model: model.onnx
    engine: onnxruntime-web
    evaluation-set: evaluation.jsonl
    columns: { label: y }
    modalities: { audio: { inputs: [audio] }, video: { inputs: [video] } }
    reliability: { tensor: /Softmax_output_0, order: [audio, video] }
    permutations: { count: 40, secondary-count: 40 }
`;

/** From starting `node dist/cli.js run` to its verdict on a small model with few shuffles: the first of them is earlier. */
export function startUp(folder: string): Measured {
  const rows = writeCase(folder);
  const ours: number[] = [];
  const theirs: number[] = [];
  let peer: { onnxruntime: string } | undefined;
  for (let i = 0; i < REPETITIONS; i++) {
    let start = performance.now();
    runGate(folder);
    ours.push((performance.now() - start) / 1000);
    start = performance.now();
    peer = runPython('start_up.py', [join(folder, 'model.onnx'), rows]) as typeof peer;
    theirs.push((performance.now() - start) / 1000);
  }
  const header = ['what', 'start to end'];
  const table = [['a gate with 40 shuffles, embedded engine', seconds(median(ours))]];
  if (peer !== undefined) {
    table.push([`Python with onnxruntime ${peer.onnxruntime}, one forward pass`, seconds(median(theirs))]);
  }
  return {
    title: `Start-up, small model, ${rows} examples, median of ${REPETITIONS}, Node ${process.versions.node}:`,
    header,
    rows: table,
  };
}

function writeCase(folder: string): number {
  copyFileSync(join(fixtures, 'router-script.onnx'), join(folder, 'model.onnx'));
  const { audio, video, gates } = JSON.parse(readFileSync(join(fixtures, 'expected.json'), 'utf8')) as {
    audio: number[];
    video: number[];
    gates: { router: { labels: number[] } };
  };
  const rows = gates.router.labels.map((y, i) =>
    JSON.stringify({ y, audio: audio.slice(6 * i, 6 * i + 6), video: video.slice(5 * i, 5 * i + 5) }),
  );
  writeFileSync(join(folder, 'evaluation.jsonl'), rows.join('\n'));
  writeFileSync(join(folder, 'fusion-gate.yml'), GATE);
  return rows.length;
}

function runGate(folder: string): void {
  const cli = join(root, 'dist', 'cli.js');
  const { status, stderr } = spawnSync(process.execPath, [cli, 'run'], { cwd: folder, encoding: 'utf8' });
  if (status !== 0 && status !== 1) throw new Error(`the gate did not run: ${stderr}`);
}
