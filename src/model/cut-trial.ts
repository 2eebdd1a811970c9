import { ConfigurationError } from '../foundation/errors.ts';
import type { Logger } from '../foundation/logger.ts';
import { readCleanReliability } from './clean-reliability.ts';
import { checkCut, type CutCheck, largestValue } from './frozen-graph/cut-check.ts';
import { joinScore } from './frozen-graph/computed-scores.ts';
import { compareFewRows } from './frozen-graph/few-rows.ts';
import type { ModelOutput } from './frozen-graph/run-passes.ts';
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
import type { CutModel } from './loaded-model.ts';

/** What is known before it is known where the model can be cut. */
export interface Setup extends Pick<Graph, 'gate' | 'runner' | 'inputs' | 'columns' | 'fused' | 'experts'> {
  /** The scores that the model computes itself. */
  readonly inside: readonly ScoreTensor[];
  readonly evidence: Evidence;
}

/** The model frozen in one way, and how far its replay of Clean-Q is from its own output. */
export interface Trial extends CutCheck {
  readonly graph: Graph;
  readonly original: ModelOutput;
  readonly experts?: ExpertOutputs;
  readonly replays: Replays;
  readonly warnings?: readonly string[];
}

/** In two parts; if these are not the model, in two parts without optimisations; if these are not either, as a whole. */
export async function bestTrial(setup: Setup, logger: Logger): Promise<Trial> {
  const optimised = await cutModel(setup, false, logger);
  if (optimised === undefined) return tryCut(setup, undefined);
  const first = await tryCut(setup, optimised);
  if (first.difference <= first.tolerance) return first;
  const second = await tryCut(setup, await cutModel(setup, true, logger));
  // A score inside can be exchanged in the suffix only: if that is not the model, the diagnosis finds it invalid.
  if (second.difference <= second.tolerance || setup.inside.length > 0) return second;
  const warning = `Cut at its scores, the model "${setup.runner.model}" gives outputs that differ by up to ${second.difference.toPrecision(3)}: every shuffle ran the whole model instead.`;
  return { ...(await tryCut(setup, undefined)), warnings: [warning] };
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

/** Runs the model once on all rows, and compares what the parts give with what it gives itself. */
async function tryCut(setup: Setup, cut: CutModel | undefined): Promise<Trial> {
  const { gate, inputs, fused, evidence, inside } = setup;
  const runner = { ...setup.runner, loaded: cut?.whole ?? setup.runner.loaded };
  const parts = { ...setup, runner, cut };
  const compared = cut
    ? await compareFewRows({ ...parts, names: namedOutputs(parts) }, cut, inside.length > 0)
    : [];
  await cut?.whole.rest?.();
  const trace = await traceOf(parts, evidence.feeds);
  const computed = inside.map((score) => {
    const info = cut!.traced.outputs.find(({ name }) => name === score.tensor)!;
    const { column, row } = joinScore(runner, score, info, trace.get(score.tensor)!);
    return { column, slot: { ...score, info, row } };
  });
  const clean = new Map(computed.map(({ column }) => [column.name, column]));
  const reliability = await readCleanReliability(gate, runner.data, clean);
  const given = inputs.filter(({ fills }) => fills !== 'evidence');
  const slots = [
    ...given.map((input) => ({ ...input, row: input.fit.row })),
    ...computed.map(({ slot }) => slot),
  ];
  const outputs = joinedOutputs(parts, trace, 'on the data as given');
  const original = outputs.get(fused)!;
  const decision = fusedDecision(gate.output, `output "${fused}"`, original);
  const graph = { ...parts, slots, reliability, decision };
  const replays = replaysOf(graph, evidence.feeds, trace);
  const trial = { graph, original, experts: expertsOf(graph, evidence, outputs), replays };
  if (cut === undefined) return { ...trial, difference: 0, tolerance: 0 };
  const { values: found } = await replays.single(reliability);
  const all = [...compared, { tensor: fused, found, wanted: original.values }];
  const largest = (name: string): number => largestValue(outputs.get(name)!.values);
  return { ...trial, ...checkCut(all, largest, fused, cut.tolerance) };
}
