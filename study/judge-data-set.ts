import { EXCEEDANCES } from '../src/config/shuffle-counts.ts';
import type { Interval } from '../src/diagnostic/bootstrap-interval.ts';
import { conclude } from '../src/diagnostic/conclude.ts';
import type { Diagnosis, VerdictName } from '../src/diagnostic/diagnosis.ts';
import { randomFor } from '../src/diagnostic/random.ts';
import { takeMeasurements, type DiagnosisPlan } from '../src/diagnostic/take-measurements.ts';
import { thinEvidence } from '../src/diagnostic/thin-evidence.ts';
import { verdictName } from '../src/diagnostic/verdict.ts';
import { silentLogger } from '../src/foundation/logger.ts';
import type { FrozenFusion } from '../src/model/frozen-fusion.ts';
import { freeze } from './freeze.ts';
import { sample, structureOf, type Population, type StudiedMetric } from './population.ts';

/** What is asked of each data set of a scenario. */
export interface Question {
  readonly population: Population;
  /** Examples of a data set, N. */
  readonly rows: number;
  readonly metric: StudiedMetric;
  readonly threshold: number;
  /** Whether drawing stops where p is settled. */
  readonly sequential?: boolean;
  /** Whether positive controls are run, on which few claims depend, and which take most of the time. Default: no. */
  readonly controls?: boolean;
}

/** What the program finds in one data set. */
export interface Found {
  readonly diagnosis: Diagnosis;
  readonly verdict: VerdictName;
  /** 95 % interval of the gap by plain percentiles; that of the diagnosis is BCa. */
  readonly percentile: () => Interval;
  /** The report warns that there is too little for its intervals to be as good as they say. */
  readonly isThin: boolean;
}

export const ALPHA = 0.05;
/** Shuffles, K: so that alpha is one of the values that p can take. */
export const SHUFFLES = 199;
/** The same where drawing may stop. */
export const MOST_SHUFFLES = 999;
export const RESAMPLES = 1000;

const SEQUENTIAL = {
  count: MOST_SHUFFLES,
  stopping: { exceedances: EXCEEDANCES, most: MOST_SHUFFLES },
};

/**
 * The program's own way from a frozen fusion to a verdict, all defaults but for fewer shuffles and resamples.
 *
 * @param key of the data set: with the question it decides every number
 */
export async function judgeDataSet(question: Question, ...key: (string | number)[]): Promise<Found> {
  const { population, rows, metric, threshold, sequential, controls } = question;
  const seed = Number(key.at(-1));
  const data = sample(population, rows, randomFor('study', ...key));
  const plan: DiagnosisPlan = {
    metric,
    metrics: [],
    threshold,
    alpha: ALPHA,
    permutations: {
      secondaryCount: 99,
      scheme: 'independent',
      seed,
      ...(sequential ? SEQUENTIAL : { count: SHUFFLES }),
    },
    uniformScore: 'mean',
    interval: { method: 'bca', confidence: 0.95, resamples: RESAMPLES },
    control: { threshold: 0.05, quantiles: [0.05, 0.95] },
    reliableWhen: population.auroc.map(() => 'high'),
  };
  const frozen = freeze(population, data);
  const fusion = controls ? frozen : withoutControls(frozen);
  const examples = { labels: data.labels, ...structureOf(population, data) };
  const measurements = await takeMeasurements(fusion, examples, plan, silentLogger);
  const diagnosis = conclude(measurements, plan);
  const plain = { ...plan, interval: { ...plan.interval, method: 'percentile' as const } };
  return {
    diagnosis,
    verdict: verdictName(diagnosis, plan.control.threshold),
    percentile: () => conclude(measurements, plain).gap,
    isThin: thinEvidence(diagnosis) !== undefined,
  };
}

/** As a model of which neither experts nor evidence of its modalities are known. */
function withoutControls({ experts: _, ...fusion }: FrozenFusion): FrozenFusion {
  return { ...fusion, withEvidence: () => Promise.resolve(undefined) };
}
