import { shuffledScores } from './broken-scores.ts';
import { countHits } from './cells.ts';
import { gaugeValues, measure, type Examined } from './examined.ts';
import type { Exchange } from './exchange.ts';
import type { ControlDraws, ControlFacts, DoseDraws } from './measurements.ts';
import { emptyOutcomes, outcomesOf, type Outcomes } from './outcomes.ts';
import { predictEach } from './predict.ts';
import { isPartial } from './presence.ts';
import { drawsOf } from './shard.ts';
import { chanceAuroc, mixedScores, truthfulScores, type Truths } from './truthful-scores.ts';

/** What decides the draws of all positive controls. */
export interface ControlPlan extends Exchange {
  readonly scheme: 'independent' | 'joint';
  readonly seed: number;
  /** Shuffles per control. */
  readonly count: number;
}

/** One question put to a frozen rule: do you profit from these truths? */
export interface Control {
  readonly examined: Examined;
  readonly truths: Truths;
  /** The best predictions that any rule could give here; null where the gating metric knows none. */
  readonly best: Outcomes | null;
  /** Name of its random stream. */
  readonly stream: string;
}

/** Truthful scores, and their own shuffles. */
export async function measureControl(
  { examined, truths, best, stream }: Control,
  plan: ControlPlan,
): Promise<{ facts: ControlFacts; broken: ControlDraws['broken'] }> {
  const scores = truthfulScores(truths);
  const truthful = await measure(examined, scores);
  const { hits, values } = await examined.tally(examined, truthful.predicted, {
    broken: shuffledScores(scores, truths.modalities, { ...plan, stream }),
    range: drawsOf(plan.count, examined.shard),
  });
  // One in two where all scores of a modality change places with all.
  const isFree = !plan.within && !plan.whole && !(plan.scheme === 'joint' && isPartial(truths.levels));
  const chance = isFree ? undefined : chanceAuroc(truths, plan);
  return {
    facts: { best, truthful: outcomesOf(truthful), ...(chance !== undefined && { chance }) },
    broken: { hits, values },
  };
}

/** Shares of rows with a truthful score, between none and all. */
export const DOSES = [0.25, 0.5, 0.75];
/** Random mixtures averaged per dose. */
export const DOSE_REPEATS = 20;
/** Replays of one dose-response curve. */
export const DOSE_REPLAYS = DOSES.length * DOSE_REPEATS;

/** Scores that are truthful on some of the rows. */
export async function measureDoses(
  { examined, truths, stream }: Control,
  plan: ControlPlan,
): Promise<DoseDraws> {
  const { fusion, cells, gauges, progress, shard } = examined;
  const range = drawsOf(DOSE_REPLAYS, shard);
  const auroc = new Float64Array(range.until - range.from);
  const { hits, values } = emptyOutcomes(auroc.length, cells, gauges.length);
  await predictEach(
    fusion,
    gauges,
    range,
    (k) => {
      const dose = DOSES[Math.floor(k / DOSE_REPEATS)];
      const mixed = mixedScores(truths, dose, k % DOSE_REPEATS, { ...plan, stream });
      auroc[k - range.from] = mixed.auroc;
      return mixed.scores;
    },
    (predicted, k) => {
      const at = k - range.from;
      const found = gaugeValues(gauges, predicted);
      hits.set(countHits(predicted.classes, cells), at * cells.sizes.length);
      values.set(found, at * found.length);
      progress.advance();
    },
  );
  return { auroc, hits, values };
}
