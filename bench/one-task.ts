import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

import type * as Ort from 'onnxruntime-web';

import { readConfig } from '../src/config/read-config.ts';
import { evaluateRows } from '../src/evaluation-set/evaluated-rows.ts';
import type { NumberColumn } from '../src/evaluation-set/evaluation-set.ts';
import { openEvaluationSet } from '../src/evaluation-set/open-evaluation-set.ts';
import { silentLogger } from '../src/foundation/logger.ts';
import { openWorkspace } from '../src/foundation/workspace.ts';
import { runGates } from '../src/gate.ts';
import { freeze } from '../src/model/freeze.ts';
import type { Engine, Task, TaskName } from './child.ts';
import { median } from './table.ts';

const FORWARDS = 3;
const REPLAYS = 60;
const threads = availableParallelism();

const [task, engine, folder] = process.argv.slice(2) as [TaskName, Engine, string];
const workspace = openWorkspace(folder);

/** The engine by itself: no line of fusion-gate, one batch of all rows. */
async function session(): Promise<{ run: () => Promise<unknown> }> {
  const ort =
    engine === 'onnxruntime-web'
      ? await import('onnxruntime-web')
      : (createRequire(import.meta.url)('onnxruntime-node') as typeof Ort);
  if (engine === 'onnxruntime-web') ort.env.wasm.numThreads = threads;
  const options = {
    executionProviders: [engine === 'onnxruntime-web' ? 'wasm' : 'cpu'],
    intraOpNumThreads: threads,
  };
  const opened = await ort.InferenceSession.create(readFileSync(join(folder, 'model.onnx')), options);
  const set = await openEvaluationSet('evaluation.npz', workspace);
  const feeds: Record<string, Ort.Tensor> = {};
  for (const name of opened.inputNames) {
    const { values, shape } = (await set.read(name)) as NumberColumn;
    feeds[name] = new ort.Tensor('float32', values as Float32Array, shape);
  }
  return { run: () => opened.run(feeds, ['fused']) };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await work();
  return (performance.now() - start) / 1000;
}

/** The median after one to warm up. */
async function timedForward(): Promise<number> {
  const { run } = await session();
  await run();
  const each: number[] = [];
  for (let i = 0; i < FORWARDS; i++) each.push(await timed(run));
  return median(each);
}

async function gateConfig() {
  const { gates } = await readConfig({ config: 'fusion-gate.yml', inputs: { engine } }, workspace);
  return gates;
}

/** The whole gate from its config to its report, and how many replays it made of them. */
async function timedGate(): Promise<{ seconds: number; replays: number }> {
  let replays = 0;
  const progress = () => ({ advance: (steps = 1) => (replays += steps), done: () => undefined });
  const seconds = await timed(async () =>
    runGates(await gateConfig(), {
      workspace,
      threads,
      version: 'bench',
      logger: { ...silentLogger, progress },
    }),
  );
  return { seconds, replays };
}

/** One replay of a frozen model, the mean of many. */
async function timedReplay(): Promise<number> {
  const [gate] = await gateConfig();
  const set = await openEvaluationSet('evaluation.npz', workspace);
  const { shape } = set.columns.find(({ name }) => name === 'y')!;
  const data = evaluateRows(
    set,
    Uint32Array.from({ length: shape[0] }, (_, i) => i),
  );
  const { fusion } = await freeze(gate, data, { workspace, threads, logger: silentLogger });
  const replays = async (): Promise<void> => {
    for (let k = 0; k < REPLAYS; k++) await fusion.predict(fusion.reliability);
  };
  await replays();
  const seconds = (await timed(replays)) / REPLAYS;
  await fusion.close();
  return seconds;
}

const TASKS: Record<TaskName, () => Promise<Omit<Task, 'peak'>>> = {
  load: async () => ({ seconds: await timed(async () => (await session()).run()) }),
  forward: async () => ({ seconds: await timedForward() }),
  gate: timedGate,
  replay: async () => ({ seconds: await timedReplay() }),
};

const result = await TASKS[task]();
const peak = process.resourceUsage().maxRSS * 1024;
process.stdout.write(JSON.stringify({ ...result, peak }), () => process.exit(0));
