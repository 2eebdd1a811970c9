import { lackingWhereAbsent } from '../evaluation-set/numbers.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import type { Logger } from '../foundation/logger.ts';
import { lackingInMatrix, readCleanReliability } from './clean-reliability.ts';
import { checkCut, type CutCheck, largestValue } from './frozen-graph/cut-check.ts';
import { joinScore } from './frozen-graph/computed-scores.ts';
import { compareFewRows, type FewRows, runFewRows } from './frozen-graph/few-rows.ts';
import { fetchPasses, type ModelOutput } from './frozen-graph/run-passes.ts';
import { scoreTensors, type ScoreTensor } from './frozen-graph/score-tensors.ts';
import type { ExpertOutputs } from './frozen-fusion.ts';
import { fusedDecision } from './fused-decision.ts';
import {
  type Evidence,
  expertsOf,
  type Graph,
  joinedOutputs,
  modelExperts,
  namedOutputs,
  type Replays,
  replaysOf,
  traceOf,
} from './graph-fusion.ts';
import type { CutModel, LoadedModel } from './loaded-model.ts';

/** What is known before it is known where the model can be cut. */
export interface Setup extends Pick<Graph, 'gate' | 'runner' | 'inputs' | 'columns' | 'fused' | 'experts'> {
  /** The scores that the model computes itself. */
  readonly inside: readonly ScoreTensor[];
  readonly evidence: Evidence;
}

/** The model frozen in one way. */
interface Traced {
  readonly graph: Graph;
  readonly original: ModelOutput;
  /** By name: the fused output, and the experts that the model gives. */
  readonly outputs: ReadonlyMap<string, ModelOutput>;
  readonly experts?: ExpertOutputs;
  readonly replays: Replays;
}

/** The same, and how far its replay of Clean-Q is from the model's own output. */
export interface Trial extends Traced, CutCheck {
  readonly warnings?: readonly string[];
}

/** In two parts; if these are not the model, in two parts without optimisations; if these are not either, as a whole. */
export async function bestTrial(setup: Setup, logger: Logger): Promise<Trial> {
  const { loaded, model } = setup.runner;
  if (loaded.cut === undefined) return tryWhole(setup);
  // First the model as it is: to cut it, its engine may let it go.
  const few = await fewRowsOf(setup, loaded);
  const optimised = await cutModel(setup, false, logger);
  if (optimised === undefined) return tryWhole(setup);
  const first = await tryCut(setup, optimised, few);
  if (first.difference <= first.tolerance) return first;
  const plain = await cutModel(setup, true, logger);
  const second = plain && (await tryCut(setup, plain, await fewRowsOf(setup, plain.whole)));
  if (second && second.difference <= second.tolerance) return second;
  if (second && setup.inside.length > 0) return besideWhole(setup, second, plain.whole);
  const { difference } = second ?? first;
  const warning = `Cut at its scores, the model "${model}" gives outputs that differ by up to ${difference.toPrecision(3)}: every shuffle ran the whole model instead.`;
  return { ...(await tryWhole(setup)), warnings: [warning] };
}

/**
 * A score inside can be exchanged in the suffix only. If that is not the model, the diagnosis finds it invalid: by what the
 * model itself gives for all rows.
 */
async function besideWhole(setup: Setup, trial: Trial, whole: LoadedModel): Promise<Trial> {
  const names = namedOutputs(setup);
  const own = await fetchPasses({ ...setup.runner, loaded: whole }, setup.evidence.feeds, names);
  const outputs = joinedOutputs(setup, own, names, 'on the data as given');
  const experts = expertsOf(trial.graph, setup.evidence, outputs);
  return { ...trial, outputs, original: outputs.get(setup.fused)!, experts };
}

function fewRowsOf(setup: Setup, whole: LoadedModel): Promise<FewRows> {
  // An expert may lie inside, where the model itself gives none.
  const names = namedOutputs(setup).filter((name) => whole.outputs.some((output) => output.name === name));
  return runFewRows({ ...setup, names, takesScores: setup.inside.length === 0 }, whole);
}

/** The model in two parts; undefined where it stays whole because all scores are inputs and nothing is gained. */
async function cutModel(setup: Setup, plain: boolean, logger: Logger): Promise<CutModel | undefined> {
  const { gate, runner, fused, experts, inside } = setup;
  const scores = scoreTensors(gate).map(({ tensor }) => tensor);
  try {
    return await runner.loaded.cut?.({ scores, output: fused, kept: modelExperts(experts), plain });
  } catch (error) {
    if (inside.length > 0 || !(error instanceof ConfigurationError)) throw error;
    logger.debug(`${error.message} Every shuffle runs the whole model.`);
    return undefined;
  }
}

async function tryWhole(setup: Setup): Promise<Trial> {
  const traced = await trace(setup, undefined);
  return { ...traced, difference: 0, tolerance: unrest(traced) };
}

/** The two parts, and how far what they give is from what the model gives itself. */
async function tryCut(setup: Setup, cut: CutModel, few: FewRows): Promise<Trial> {
  const compared = await compareFewRows(few, cut);
  await cut.whole.rest?.();
  const traced = await trace(setup, cut);
  const { graph, original, outputs, replays } = traced;
  const { values: found } = await replays.single(graph.reliability);
  const all = [...compared, { tensor: setup.fused, found, wanted: original.values }];
  const largest = (name: string): number => largestValue(outputs.get(name)!.values);
  const { difference, tolerance } = checkCut(all, largest, setup.fused, cut.tolerance);
  return { ...traced, difference, tolerance: Math.max(tolerance, unrest(traced)) };
}

/** How far two runs of the model on the same feeds may lie apart. */
function unrest({ graph, original }: Traced): number {
  return (graph.runner.loaded.tolerance ?? 0) * largestValue(original.values);
}

/** Runs the model once on all rows. */
async function trace(setup: Setup, cut: CutModel | undefined): Promise<Traced> {
  const { gate, inputs, fused, evidence, inside } = setup;
  const runner = { ...setup.runner, loaded: cut?.whole ?? setup.runner.loaded };
  const parts = { ...setup, runner, cut };
  const found = await traceOf(parts, evidence.feeds);
  const computed = inside.map((score) => {
    const info = cut!.traced.outputs.find(({ name }) => name === score.tensor)!;
    const mayLack =
      score.modality === undefined
        ? lackingInMatrix(gate, runner.data)
        : lackingWhereAbsent(runner.data.presence?.[score.modality]);
    const { column, row } = joinScore(runner, score, info, found.get(score.tensor)!, mayLack);
    return { column, slot: { ...score, info, row } };
  });
  const clean = new Map(computed.map(({ column }) => [column.name, column]));
  const reliability = await readCleanReliability(gate, runner.data, clean);
  const given = inputs.filter(({ fills }) => fills !== 'evidence');
  const slots = [
    ...given.map((input) => ({ ...input, row: input.fit.row })),
    ...computed.map(({ slot }) => slot),
  ];
  const outputs = joinedOutputs(parts, found, namedOutputs(setup), 'on the data as given');
  const original = outputs.get(fused)!;
  const decision = fusedDecision(gate.output, `output "${fused}"`, original);
  const graph = { ...parts, slots, reliability, decision };
  const replays = { ...replaysOf(graph, evidence.feeds, found), known: found };
  return { graph, original, outputs, experts: expertsOf(graph, evidence, outputs), replays };
}
