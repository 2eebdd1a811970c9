import { ConfigurationError } from '../../foundation/errors.ts';
import type { Floats } from '../decision.ts';
import type { ModalityScores, Reliability } from '../frozen-fusion.ts';
import { type FrozenPart, type Replay, replayOf, type ReplayPlan } from './replays.ts';
import type { FittedInput } from './score-blocks.ts';
import { tile } from './tile.ts';

/** Several replays as one. */
export interface StackedReplay {
  /** At most so many. */
  readonly size: number;
  /** Fused outputs [N * width] for each of these scores. */
  replay(scores: readonly Reliability[]): Promise<Awaited<ReturnType<Replay>>[]>;
}

export interface StackPlan extends ReplayPlan {
  readonly inputs: readonly FittedInput[];
  /** Clean-Q. */
  readonly reliability: Reliability;
}

/** So many rows keep an engine busy; with more of them a call costs nothing beside its work. */
const BUSY_ROWS = 4096;
/** What the frozen tensors of a call may take. */
const MOST_BYTES = 64 * 2 ** 20;

/**
 * Replays several sets of scores as one batch, the frozen examples repeated for each.
 *
 * Engines round by the shape of a batch, and a model may have the number of its rows somewhere inside. So some sets are
 * replayed both ways first.
 *
 * @param single one replay alone
 * @returns undefined where a batch is full with one set, the model fixes its rows, or the two ways differ by a bit
 */
export async function stackedReplay(
  plan: StackPlan,
  frozen: FrozenPart,
  single: Replay,
): Promise<StackedReplay | undefined> {
  const size = stackSize(plan, frozen);
  if (size < 2) return undefined;
  const stacked = stack(plan, frozen, size);
  try {
    return (await isSame(plan.reliability, stacked, single)) ? stacked : undefined;
  } catch (error) {
    if (error instanceof ConfigurationError) return undefined;
    throw error;
  }
}

function stackSize({ gate, runner, inputs }: StackPlan, { loaded, feeds }: FrozenPart): number {
  const { passes } = runner;
  if (passes.length > 1 || inputs.some(({ fit }) => fit.batch !== null)) return 1;
  const most = gate.candidate.kind === 'model' ? gate.candidate.batchSize : undefined;
  const values = loaded.inputs.reduce((sum, { name }) => sum + (feeds.get(name)?.[0].values.length ?? 0), 0);
  const fitting = MOST_BYTES / (8 * Math.max(1, values));
  return Math.floor(Math.min((most ?? BUSY_ROWS) / passes[0].rows, fitting));
}

function stack(plan: StackPlan, { loaded, feeds }: FrozenPart, size: number): StackedReplay {
  const rows = plan.runner.passes[0].rows;
  const all = rows * size;
  const taken = loaded.inputs.filter(({ name }) => feeds.has(name));
  const tiled = new Map(taken.map(({ name }) => [name, [tile(feeds.get(name)![0], rows, size)]]));
  const runner = { ...plan.runner, passes: [{ start: 0, rows: all, size: all }] };
  const replay = replayOf({ ...plan, runner }, { loaded, feeds: tiled });
  const joined = plan.reliability.map(({ width }) => ({ width, values: new Float64Array(all * width) }));
  return {
    size,
    replay: async (scores) => {
      // A batch that is not full is filled up: another shape may be rounded otherwise.
      for (let j = 0; j < size; j++) {
        const own = scores[Math.min(j, scores.length - 1)];
        joined.forEach(({ width, values }, m) => {
          values.set(own[m].values, j * rows * width);
        });
      }
      const { values, width } = await replay(joined);
      return scores.map((_, j) => {
        return { values: values.subarray(j * rows * width, (j + 1) * rows * width), width };
      });
    },
  };
}

/** Clean-Q and two shuffles of it, in turn in all places. */
async function isSame(clean: Reliability, stacked: StackedReplay, single: Replay): Promise<boolean> {
  const sets = [
    clean,
    clean.map((scores) => moved(scores, 1 / 3)),
    clean.map((scores) => moved(scores, 2 / 3)),
  ];
  const wanted: Floats[] = [];
  for (const scores of sets) wanted.push((await single(scores)).values);
  const found = await stacked.replay(Array.from({ length: stacked.size }, (_, j) => sets[j % sets.length]));
  return found.every(({ values }, j) => values.every((value, i) => value === wanted[j % sets.length][i]));
}

/** The scores of some rows further on. */
function moved({ width, values }: ModalityScores, share: number): ModalityScores {
  const by = Math.ceil((values.length / width) * share) * width;
  return { width, values: Float64Array.from(values, (_, i) => values[(i + by) % values.length]) };
}
