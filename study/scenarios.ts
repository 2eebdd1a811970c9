import type { ClaimName } from './claims.ts';
import type { Population, StudiedMetric, Subjects } from './population.ts';

/** Data of one kind, and what is claimed of them. */
export interface Scenario {
  readonly population: Population;
  readonly rows: number;
  readonly metric: StudiedMetric;
  /** Where two one-sided tests have to fail, the threshold is the true gap itself. */
  readonly threshold: number | 'true gap';
  /** Whether drawing stops where p is settled. Default: all shuffles are drawn. */
  readonly sequential?: boolean;
  readonly claims: readonly ClaimName[];
}

const BINARY = [0.5, 0.5];
const THREE = [0.3, 0.3, 0.4];
const RARE = [0.95, 0.05];
const NOISE = [0.5, 0.5];

const PLAIN: Population = {
  rule: 'weighted-mean',
  classes: BINARY,
  accuracy: 0.7,
  auroc: NOISE,
  scores: 'smooth',
};

const P_VALUES = ['oneSided', 'otherSide', 'twoSided', 'joint', 'qualityAware', 'misleading'] as const;
const INTERVALS = ['bca', 'percentile'] as const;

/** Scores that say nothing: whatever is found is a false alarm. */
function noise(changes: Partial<Population>, rows = 200, metric: StudiedMetric = 'accuracy'): Scenario {
  const claims = [...P_VALUES, ...INTERVALS];
  return { population: { ...PLAIN, ...changes }, rows, metric, threshold: 0.01, claims };
}

/** Scores that tell something, and a threshold that is exactly what they are worth. */
function signal(changes: Partial<Population>, rows = 200, metric: StudiedMetric = 'accuracy'): Scenario {
  const population = { ...PLAIN, auroc: [0.7, 0.7], ...changes };
  return {
    population,
    rows,
    metric,
    threshold: 'true gap',
    claims: ['equivalence', 'decorative', ...INTERVALS],
  };
}

/** Of subjects with ten examples each. @param score whether it is of an example, or one for all of a subject */
function bySubject(score: Subjects['score']): Partial<Population> {
  return { subjects: { rows: EACH, score } };
}

const EACH = 10;

/** Of so few subjects no gap is shown to be too small: what the interval holds is all that is asked. */
function signalBySubject(score: Subjects['score'], subjects: number, auroc: number): Scenario {
  const scenario = signal({ ...bySubject(score), auroc: [auroc, auroc] }, subjects * EACH);
  return { ...scenario, claims: INTERVALS };
}

/** By what the table calls the data. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  'noise, weighted mean': noise({}),
  'noise, softmax': noise({ rule: 'softmax', classes: THREE }),
  'noise, router': noise({ rule: 'linear-router', classes: THREE }),
  'noise, many examples': noise({}, 1000),
  'noise of two values': noise({ scores: 'two-valued' }),
  'noise, 5 % of one class': noise({ classes: RARE }, 200, 'balanced-accuracy'),
  'noise, 5 % of one class, many examples': noise({ classes: RARE }, 1000, 'balanced-accuracy'),
  'noise, AUROC': {
    ...noise({}, 200, 'auroc'),
    claims: ['exact', 'qualityAware', 'misleading', ...INTERVALS],
  },
  'noise, sequential': {
    ...noise({}),
    sequential: true,
    claims: ['oneSided', 'otherSide', 'twoSided', 'qualityAware', 'misleading', ...INTERVALS],
  },
  'noise, 24 subjects, shuffled within': noise(bySubject('example'), 24 * EACH),
  'noise, 40 subjects, shuffled within': noise(bySubject('example'), 40 * EACH),
  'noise, 24 sessions, shuffled as wholes': noise(bySubject('subject'), 24 * EACH),
  'noise, 40 sessions, shuffled as wholes': noise(bySubject('subject'), 40 * EACH),
  'noise that modalities share': {
    ...noise({ shared: 0.9 }),
    claims: ['joint', 'qualityAware'],
  },
  'one score of noise beside a good one': {
    ...noise({ auroc: [0.8, 0.5] }),
    claims: ['lastModality', ...INTERVALS],
  },
  'experts that guess': { ...noise({ accuracy: 0.5 }), claims: ['corruption', 'oneSided'] },
  'signal, weighted mean': signal({}),
  'signal, softmax': signal({ rule: 'softmax', classes: THREE }),
  'signal, router': signal({ rule: 'linear-router', classes: THREE }),
  'signal, many examples': signal({}, 1000),
  'signal of two values': signal({ scores: 'two-valued' }),
  'signal, 5 % of one class': signal({ classes: RARE }, 200, 'balanced-accuracy'),
  'signal, 5 % of one class, many examples': signal({ classes: RARE }, 1000, 'balanced-accuracy'),
  'signal, AUROC': signal({}, 200, 'auroc'),
  'signal, 24 subjects, shuffled within': signalBySubject('example', 24, 0.7),
  'signal, 40 subjects, shuffled within': signalBySubject('example', 40, 0.7),
  'signal, 24 sessions, shuffled as wholes': signalBySubject('subject', 24, 0.9),
  'signal, 40 sessions, shuffled as wholes': signalBySubject('subject', 40, 0.9),
  'signal on 2 % of the examples': signal({ contested: 0.02, auroc: [0.98, 0.98] }, 400),
  'harmful scores': { ...signal({ auroc: [0.3, 0.3] }), claims: ['equivalence', ...INTERVALS] },
};
