import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

/** The engines of ONNX models. */
export const ENGINES = ['onnxruntime-node', 'onnxruntime-web'] as const;
export type Engine = (typeof ENGINES)[number];

/** What one task of `one-task.ts` took, in a process of its own. */
export interface Task {
  readonly seconds: number;
  /** Bytes: the most that the process held. */
  readonly peak: number;
  /** Replays of a gate. */
  readonly replays?: number;
}

export type TaskName = 'load' | 'forward' | 'gate' | 'replay';

/** Runs a task in a process of its own, so that memory and start are its own too. */
export function runTask(task: TaskName, engine: Engine, folder: string): Task {
  const script = join(process.env.BENCH_BUNDLE!, 'one-task.mjs');
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, task, engine, folder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${task} with ${engine} failed: ${stderr}`);
  return JSON.parse(stdout) as Task;
}
