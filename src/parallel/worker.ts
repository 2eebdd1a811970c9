/** The program of a thread: makes draws for whoever started it. */
import { parentPort } from 'node:worker_threads';

import { makeDraws, type DrawTask } from './draw-task.ts';

parentPort!.on('message', (task: DrawTask) => {
  const right = makeDraws(task);
  parentPort!.postMessage(right, [right.buffer as ArrayBuffer]);
});
