import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

import type { ShuffleSource } from '../diagnostic/broken-scores.ts';
import type { DrawRequest, Examined, TallyDraws } from '../diagnostic/examined.ts';
import { sizeOf } from '../diagnostic/shard.ts';
import { tallyDraws } from '../diagnostic/tally-draws.ts';
import type { FusionRecipe } from '../model/cached-experts/recipe.ts';
import type { Cells, Counts } from '../diagnostic/cells.ts';
import type { DrawTask } from './draw-task.ts';
import { share } from './share.ts';

/** Threads that share the draws of gates. */
export interface DrawThreads {
  /** Draws of cached experts where there is enough to do; all others are made in this thread. One call at a time. */
  readonly tally: TallyDraws;
  /** Ends the threads, whatever they do. */
  close(): Promise<void>;
}

/**
 * How much there must be to do before threads are started, and before those that run are given it: in products of a score
 * and an expert's number, of which one takes about a nanosecond. To start two threads takes a tenth of a second, and each
 * is slow until its code is compiled.
 */
const WORTH_A_START = 5e8;
const WORTH_A_MESSAGE = 1e7;

const MOST_THREADS = 16;
const PROGRESS_MS = 100;

/** The program of a thread lies beside this one in `dist/` and `lib/`. Sources have none, and no threads. */
const PROGRAM = new URL('./worker.js', import.meta.url);

/**
 * No thread is started before there is work for it.
 *
 * @param threads how many; with one, all is done in this thread
 */
export function openDrawThreads(threads: number): DrawThreads {
  const count = existsSync(PROGRAM) ? Math.min(threads, MOST_THREADS) : 1;
  let workers: readonly Worker[] = [];
  return {
    tally: async (examined, clean, request) => {
      const parts = partsOf(examined, request);
      const worth = workers.length === 0 ? WORTH_A_START : WORTH_A_MESSAGE;
      if (count === 1 || parts === undefined || workOf(examined, request) < worth) {
        return tallyDraws(examined, clean, request);
      }
      if (workers.length === 0) workers = Array.from({ length: count }, () => new Worker(PROGRAM));
      return tallyOn(workers, taskFor(examined, clean.classes, request, parts), examined, request);
    },
    close: async () => {
      await Promise.all(workers.map((worker) => worker.terminate()));
    },
  };
}

interface Parts {
  readonly recipe: FusionRecipe;
  readonly source: ShuffleSource;
}

/**
 * Undefined where another thread cannot make the same draws: of an engine, of a bank of scores, which is read fast, or of
 * metrics that are more than counts.
 */
function partsOf({ fusion, gauges }: Examined, { broken: { source } }: DrawRequest): Parts | undefined {
  const { recipe } = fusion;
  return gauges.length === 0 && recipe && source ? { recipe, source } : undefined;
}

function workOf({ fusion }: Examined, { range }: DrawRequest): number {
  return sizeOf(range) * fusion.rows * fusion.modalities.length * fusion.classes;
}

function taskFor(
  { cells }: Examined,
  clean: Int32Array,
  { range, only, slices = [] }: DrawRequest,
  parts: Parts,
): DrawTask {
  const draws = sizeOf(range);
  const countsFor = (length: number): Counts =>
    cells.weights
      ? new Float64Array(new SharedArrayBuffer(length * Float64Array.BYTES_PER_ELEMENT))
      : new Uint32Array(new SharedArrayBuffer(length * Uint32Array.BYTES_PER_ELEMENT));
  const hitsFor = ({ sizes }: Cells): Counts => countsFor(draws * sizes.length);
  return {
    ...share({ ...parts, cells, clean }),
    only,
    range,
    begun: new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT)),
    hits: hitsFor(cells),
    flipped: countsFor(draws),
    slices: slices.map((slicing) => ({ cells: share(slicing.cells), hits: hitsFor(slicing.cells) })),
  };
}

/** Counts are put where their draw belongs, and sums are of whole numbers: no number depends on who made which draw. */
async function tallyOn(
  workers: readonly Worker[],
  task: DrawTask,
  { progress }: Examined,
  { slices }: DrawRequest,
): ReturnType<TallyDraws> {
  let shown = 0;
  const show = (): void => {
    const begun = Math.min(Atomics.load(task.begun, 0), task.flipped.length);
    progress.advance(begun - shown);
    shown = begun;
  };
  const timer = setInterval(show, PROGRESS_MS);
  try {
    const rights = await Promise.all(workers.map((worker) => answerOf(worker, task)));
    show();
    const right = rights.reduce((sum, part) => sum.map((times, i) => times + part[i]));
    const none = new Float64Array();
    return {
      hits: task.hits.slice(),
      values: none,
      flipped: task.flipped.slice(),
      moved: none,
      right,
      ...(slices && {
        slices: task.slices.map(({ hits }) => ({ hits: hits.slice(), values: none, units: [] })),
      }),
    };
  } finally {
    clearInterval(timer);
  }
}

/** @throws what the thread threw, or that it ended: a bug of this program either way */
async function answerOf(worker: Worker, task: DrawTask): Promise<Uint32Array> {
  const settled = new AbortController();
  const { signal } = settled;
  const ended = once(worker, 'exit', { signal }).then(([code]) => {
    throw new Error(`A thread that makes draws ended with code ${String(code)}.`);
  });
  try {
    const answer = once(worker, 'message', { signal }) as Promise<[Uint32Array]>;
    worker.postMessage(task);
    const [right] = await Promise.race([answer, ended]);
    return right;
  } finally {
    settled.abort();
  }
}
