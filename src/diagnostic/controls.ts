import type { ExpertOutputs } from '../model/frozen-fusion.ts';
import { rightness } from './alignment.ts';
import type { ControlResult, CorruptionResult } from './diagnosis.ts';
import { oracleHits } from './headroom.ts';
import { measure, type Examined, type Measured } from './permutation-test.ts';
import {
  doseResponse,
  runControl,
  type Control,
  type ControlOutcome,
  type ControlPlan,
} from './positive-control.ts';
import { permutation } from './random.ts';
import { canTell, scoresFor, type Levels, type Truths } from './truthful-scores.ts';

/**
 * The correctness control: scores that name the experts that are right.
 *
 * Null where no expert differs from another in a way that two levels of score could tell.
 */
export async function correctnessControl(
  examined: Examined,
  experts: ExpertOutputs,
  levels: readonly Levels[],
  plan: ControlPlan,
): Promise<ControlResult | null> {
  const { fusion, labels, metric } = examined;
  const truth = experts.map((expert) => rightness(expert.classes, labels));
  const tested = truth.flatMap((values, m) => (canTell(values, levels[m]) ? [m] : []));
  if (tested.length === 0) return null;
  const truths: Truths = { modalities: fusion.modalities, truth, levels, tested };
  const best = metric.numerator(oracleHits(experts, labels, fusion.classes));
  const control: Control = { examined, truths, best, stream: 'correctness', tries: 1 };
  return doseResponse(control, await runControl(control, plan), plan);
}

/**
 * The corruption control: a modality's evidence is another row's on a random half of the rows, and the scores say so.
 *
 * Asked once per modality that has evidence of its own; the answer is that of the modality whose truth the rule used most.
 * All other scores say "trust", as the paper's does. Null where no modality can be corrupted.
 *
 * @param clean the fusion on its own evidence, under Clean-Q
 */
export async function corruptionControl(
  examined: Examined,
  clean: Measured,
  levels: readonly Levels[],
  plan: ControlPlan,
): Promise<CorruptionResult | null> {
  const { modalities, rows } = examined.fusion;
  const trusted = new Float64Array(rows).fill(1);
  const allTrusted = await measure(
    examined,
    levels.map((level) => scoresFor(trusted, level)),
  );
  // What a rule could reach on the corrupted evidence at most is what this one reaches on the intact evidence.
  const best = clean.numerator > allTrusted.numerator ? clean.numerator : allTrusted.numerator;
  let winner: { modality: string; control: Control; outcome: ControlOutcome } | undefined;
  for (const [m, modality] of modalities.entries()) {
    const control = await corrupted(examined, m, best, levels, plan);
    if (control === null) continue;
    const outcome = await runControl(control, plan);
    if (winner === undefined || outcome.gap > winner.outcome.gap) winner = { modality, control, outcome };
  }
  if (winner === undefined) return null;
  return { modality: winner.modality, ...(await doseResponse(winner.control, winner.outcome, plan)) };
}

async function corrupted(
  examined: Examined,
  m: number,
  best: bigint,
  levels: readonly Levels[],
  plan: ControlPlan,
): Promise<Control | null> {
  const { fusion } = examined;
  const { modalities, rows } = fusion;
  const { intact, source } = corruptHalf(rows, plan.seed, modalities[m]);
  if (!canTell(intact, levels[m])) return null;
  const corruptedFusion = await fusion.withEvidence(m, source);
  if (corruptedFusion === undefined) return null;
  const trusted = new Float64Array(rows).fill(1);
  const truth = modalities.map((_, other) => (other === m ? intact : trusted));
  return {
    examined: { ...examined, fusion: corruptedFusion },
    truths: { modalities, truth, levels, tested: [m] },
    best,
    stream: `corruption/${modalities[m]}`,
    tries: modalities.length,
  };
}

/** A random half of the rows, each of which gets the evidence of the row after it in that random order. */
function corruptHalf(
  rows: number,
  seed: number,
  modality: string,
): { intact: Float64Array; source: Uint32Array } {
  const order = permutation(rows, seed, 'corruption/rows', modality);
  const intact = new Float64Array(rows).fill(1);
  const source = Uint32Array.from(intact, (_, i) => i);
  for (let i = 0; i < Math.floor(rows / 2); i++) {
    intact[order[i]] = 0;
    source[order[i]] = order[i + 1];
  }
  return { intact, source };
}
