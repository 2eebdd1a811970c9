import { advantagesOf } from './advantages.ts';
import { cellsIn } from './cells.ts';
import type { Diagnosis, ExactMean, MetricName, MetricResult } from './diagnosis.ts';
import { isMean } from './exact-sums.ts';
import { resampleGaps } from './gap-interval.ts';
import type { ExactSums, Facts, Measurements } from './measurements.ts';
import { METRIC_WORDS } from './metrics/metric-words.ts';
import { METRICS } from './metrics/metric-table.ts';
import type { Outcomes } from './outcomes.ts';
import { standardDeviation } from './spread.ts';
import type { Yardstick } from './yardstick.ts';

/**
 * Means over all shuffles beside the sampled ones, for whoever asks how much of a gap is luck of the draw. p-values have no
 * such thing: they are of the whole distribution, of which a sum over pairs knows the mean alone.
 *
 * @param results of the metrics, the gating one first
 * @param yardstick of the gating metric
 */
export function concludeExact(
  { facts, draws }: Measurements,
  results: readonly MetricResult[],
  yardstick: Yardstick,
): NonNullable<Diagnosis['exact']> {
  const { modalities } = facts;
  const [gating] = results;
  const of = (sums: ExactSums | null, result: MetricResult, sampled: Sampled, why?: string): ExactMean => {
    const reason = why ?? whyNot(result.name);
    if (sums === null || reason !== undefined) return { missing: reason ?? TOO_MANY };
    const gap = exactGap(result.name, facts, sums);
    const forTheWorse = METRICS[result.name].better === 'higher' ? -gap : gap;
    const samplingError = sampled.std / Math.sqrt(sampled.count);
    return { mean: result.clean + forTheWorse, gap, samplingError };
  };
  const sampled = (broken: Outcomes): Sampled => {
    const values = yardstick.values(broken);
    return { std: standardDeviation(values), count: values.length };
  };
  const count = yardstick.values(draws.main).length;
  const metrics = results.map((result) => ({
    name: result.name,
    ...of(draws.exact.main, result, { std: result.broken.std, count }, whyNotAll(facts)),
  }));
  const { name, ...main } = metrics[0];
  const alone = (m: number): ExactMean =>
    modalities.length === 1
      ? main
      : of(
          draws.exact.perModality[m],
          gating,
          sampled(draws.perModality[m]),
          facts.scheme === 'bank' ? OF_A_FILE : undefined,
        );
  return {
    metrics,
    joint: draws.joint && of(draws.exact.joint, gating, sampled(draws.joint)),
    perModality: Object.fromEntries(modalities.map((modality, m) => [modality, alone(m)])),
  };
}

/** Of the shuffles that were drawn. */
interface Sampled {
  readonly std: number;
  readonly count: number;
}

const OF_A_FILE = 'The shuffles are those of a file, which does not say what others there are.';

/** Why the main shuffles have no sum over pairs, whatever the metric. */
function whyNotAll({ scheme, modalities }: Facts): string | undefined {
  if (scheme === 'bank') return OF_A_FILE;
  if (scheme === 'joint' || modalities.length === 1) return undefined;
  return `The scores of ${modalities.length} modalities are shuffled independently of each other: an example may get any of N^${modalities.length} combinations of them, too many to try.`;
}

function whyNot(name: MetricName): string | undefined {
  if (isMean(name)) return undefined;
  return `${METRIC_WORDS[name]} is no mean over examples, so that its mean over all shuffles does not follow from pairs of an example and a score.`;
}

const TOO_MANY =
  'It takes a replay for each row of the largest group that scores may move in, which is more than the shuffles that were drawn.';

/** As the gap is made of examples, with the mean over all scores that an example may get in place of that over draws. */
function exactGap(name: MetricName, facts: Facts, { peers, right, units }: ExactSums): number {
  const { gauges } = facts;
  const means = {
    right: Float64Array.from(right, (times, row) => times / peers[row]),
    units: units.map((sums, g) => {
      const rows = gauges[g].rows;
      return sums.map((grains, unit) => grains / peers[rows ? rows[unit] : unit]);
    }),
  };
  const none = { hits: new Uint32Array(), values: new Float64Array() };
  const measured = { facts: { ...facts, count: 1 }, draws: { main: { ...none, ...means } } };
  const advantages = advantagesOf(name, measured, 0);
  const [{ estimate }] = resampleGaps([advantages], cellsIn(facts), { resamples: 0, seed: 0 });
  return estimate;
}
