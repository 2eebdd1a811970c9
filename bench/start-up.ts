import { spawn } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { runPython } from './python.ts';
import { type Measured, median, seconds } from './table.ts';

const REPETITIONS = 5;
const SHUFFLES = 40;
const root = join(import.meta.dirname, '..');
const fixtures = join(root, '__tests__', 'fixtures', 'model', 'inside');

const GATE = `gates:
  - model: model.onnx
    engine: onnxruntime-web
    evaluation-set: evaluation.jsonl
    columns: { label: y }
    modalities: { audio: { inputs: [audio] }, video: { inputs: [video] } }
    reliability: { tensor: /Softmax_output_0, order: [audio, video] }
    permutations: { count: ${SHUFFLES}, secondary-count: ${SHUFFLES} }
`;

/** From starting `node dist/cli.js run` until it says that its first shuffles are done, on a small model. */
export async function startUp(folder: string): Promise<Measured> {
  const rows = writeCase(folder);
  const firsts: number[] = [];
  const wholes: number[] = [];
  const theirs: number[] = [];
  let peer: { onnxruntime: string } | undefined;
  for (let i = 0; i < REPETITIONS; i++) {
    const { first, whole } = await runGate(folder);
    firsts.push(first);
    wholes.push(whole);
    const start = performance.now();
    peer = runPython('start_up.py', [join(folder, 'model.onnx'), rows]) as typeof peer;
    theirs.push((performance.now() - start) / 1000);
  }
  const table = [
    [`fusion-gate, embedded engine: until the first ${SHUFFLES} shuffles are done`, seconds(median(firsts))],
    ['the whole gate, with both controls', seconds(median(wholes))],
  ];
  if (peer !== undefined) {
    table.push([
      `Python with onnxruntime ${peer.onnxruntime}: until one forward pass is`,
      seconds(median(theirs)),
    ]);
  }
  return {
    title: `Start-up, small model, ${rows} examples, median of ${REPETITIONS}, Node ${process.versions.node}:`,
    header: ['from the start of the process', 'time'],
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

/** Seconds until the terminal says that the first shuffles are done, and until the process ends. */
function runGate(folder: string): Promise<{ first: number; whole: number }> {
  const start = performance.now();
  const since = (): number => (performance.now() - start) / 1000;
  const child = spawn(process.execPath, [join(root, 'dist', 'cli.js'), 'run'], { cwd: folder });
  let first = Infinity;
  let said = '';
  const listen = (text: Buffer): void => {
    said += text.toString();
    if (said.includes('shuffles: 100 %')) first = Math.min(first, since());
  };
  child.stdout.on('data', listen);
  child.stderr.on('data', listen);
  return new Promise((resolve, reject) => {
    child.on('close', (status) => {
      if (status === 0 || status === 1) resolve({ first, whole: since() });
      else reject(new Error(`the gate did not run: ${said}`));
    });
  });
}
