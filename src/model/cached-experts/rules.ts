import type { RuleName } from '../../config/schema.ts';
import type { ClassKind } from '../decision.ts';

/** What a rule reads of each expert, [N * width] row-major, width 1 (binary, speaks of class 1) or C. */
export type Reads =
  /** Posteriors. */
  | 'probabilities'
  /** Logits; log-odds or log-posteriors where the expert gives probabilities. */
  | 'logits'
  /** Posteriors with one column per class, also for binary experts: beliefs are about classes. */
  | 'beliefs';

export interface RuleOptions {
  readonly temperature: number;
  /** `linear-router`: W [2M * M] and b [M]. */
  readonly router?: { readonly W: Float64Array; readonly b: Float64Array };
  /** Per modality, 1 where it is present, else 0 [N]. Default: all are, on every row. */
  readonly presence?: readonly Uint8Array[];
}

/** Scores of each modality [N], in; weights of each modality [N], out. */
type Weigh = (scores: readonly Float64Array[], weights: readonly Float64Array[]) => void;

export interface Rule {
  readonly reads: Reads;
  readonly gives: ClassKind;
  /** The score with which the rule leaves out an expert whose modality is absent: no weight, or nothing but uncertainty. */
  readonly absent: number;
  /** Scores that the rule is defined for. */
  readonly domain: { readonly min: number; readonly max: number };
  /**
   * How modalities are weighted: the fused output is sum_m weight_m * expert_m. Undefined for the rules that are no
   * weighted sum.
   */
  readonly weigh?: (options: RuleOptions) => Weigh;
  /** True where `weigh` is Q / sum Q, which the vector code has too, to the same bits. */
  readonly normalises?: boolean;
}

const ANY = { min: -Infinity, max: Infinity };
const NOT_NEGATIVE = { min: 0, max: Infinity };

export const RULE_TABLE: Record<RuleName, Rule> = {
  // The paper's late fusion: posteriors weighted by Q / sum Q.
  'weighted-mean': {
    reads: 'probabilities',
    gives: 'probabilities',
    domain: NOT_NEGATIVE,
    absent: 0,
    weigh: normalised,
    normalises: true,
  },
  softmax: {
    reads: 'probabilities',
    gives: 'probabilities',
    domain: ANY,
    absent: -Infinity,
    weigh: ({ temperature }) => softmaxOver(temperature),
  },
  hard: {
    reads: 'probabilities',
    gives: 'probabilities',
    domain: ANY,
    absent: -Infinity,
    weigh: () => winnerTakesAll,
  },
  // Logarithmic opinion pool (Genest and Zidek 1986): p proportional to prod_m p_m ^ (Q_m / sum Q).
  'product-of-experts': {
    reads: 'logits',
    gives: 'logits',
    domain: NOT_NEGATIVE,
    absent: 0,
    weigh: normalised,
    normalises: true,
  },
  // Quality-aware multimodal fusion (Zhang et al. 2023): logits weighted by scores that are not normalised.
  'logit-sum': { reads: 'logits', gives: 'logits', domain: ANY, absent: 0, weigh: () => asGiven },
  // The paper's mixture of experts: softmax([M, Q] W + b) weights the experts' logits.
  // Of absent modalities, whose M and Q are 0, the softmax is not taken.
  'linear-router': {
    reads: 'logits',
    gives: 'logits',
    domain: ANY,
    absent: 0,
    weigh: ({ router, presence }) => routed(router!, presence),
  },
  // Trusted multi-view classification (Han et al. 2021): see dempster.ts. All mass on "any class" changes no other's.
  dempster: { reads: 'beliefs', gives: 'probabilities', domain: { min: 0, max: 1 }, absent: 1 },
};

/** Q / sum Q, equal weights of those that are present where the sum is 0. */
function normalised({ presence }: RuleOptions): Weigh {
  let sums = new Float64Array();
  return (scores, weights) => {
    if (sums.length !== scores[0].length) sums = new Float64Array(scores[0].length);
    sums.fill(0);
    for (const values of scores) addTo(sums, values);
    scores.forEach((values, m) => {
      divide(values, sums, 1 / scores.length, weights[m]);
    });
    if (presence !== undefined) shareEqually(presence, sums, weights);
  };
}

/** Where scores sum to 0, among the modalities that are present. */
function shareEqually(
  presence: readonly Uint8Array[],
  sums: Float64Array,
  weights: readonly Float64Array[],
): void {
  for (let i = 0; i < sums.length; i++) {
    if (sums[i] > 0) continue;
    const count = presence.reduce((sum, present) => sum + present[i], 0);
    weights.forEach((weight, m) => (weight[i] = presence[m][i] / count));
  }
}

function addTo(sums: Float64Array, values: Float64Array): void {
  for (let i = 0; i < sums.length; i++) sums[i] += values[i];
}

function divide(values: Float64Array, sums: Float64Array, otherwise: number, quotients: Float64Array): void {
  for (let i = 0; i < quotients.length; i++) quotients[i] = sums[i] > 0 ? values[i] / sums[i] : otherwise;
}

/** Scores are the weights. */
const asGiven: Weigh = (scores, weights) => {
  scores.forEach((values, m) => {
    weights[m].set(values);
  });
};

/**
 * What `normalised` divides by its sum over the modalities: the scores, and on rows where they sum to 0, presence, which is
 * shared out equally by that.
 *
 * @param presence per modality [N]; undefined: all are present, which the vector code knows
 */
export function unnormalised(presence: readonly Uint8Array[] | undefined): Weigh {
  if (presence === undefined) return asGiven;
  const sums = new Float64Array(presence[0].length);
  return (scores, weights) => {
    asGiven(scores, weights);
    sums.fill(0);
    for (const values of scores) addTo(sums, values);
    for (let i = 0; i < sums.length; i++) {
      if (sums[i] > 0) continue;
      weights.forEach((weight, m) => (weight[i] = presence[m][i]));
    }
  };
}

/** All weight to the largest score, to the first modality on ties. */
const winnerTakesAll: Weigh = (scores, weights) => {
  for (let i = 0; i < scores[0].length; i++) {
    let best = 0;
    for (let m = 0; m < scores.length; m++) {
      weights[m][i] = 0;
      if (scores[m][i] > scores[best][i]) best = m;
    }
    weights[best][i] = 1;
  }
};

function softmaxOver(temperature: number): Weigh {
  return (scores, weights) => {
    scores.forEach((values, m) => {
      for (let i = 0; i < values.length; i++) weights[m][i] = values[i] / temperature;
    });
    softmaxAcross(weights);
  };
}

/** Presence never changes, so its half of W is part of the bias: one for all rows where it is 1 throughout. */
function routed(
  { W, b }: { W: Float64Array; b: Float64Array },
  presence: readonly Uint8Array[] | undefined,
): Weigh {
  const count = b.length;
  const biasOf = (isPresent: (m: number) => number): Float64Array =>
    b.map((value, to) => {
      let sum = value;
      for (let m = 0; m < count; m++) sum += isPresent(m) * W[m * count + to];
      return sum;
    });
  const bias = biasOf(() => 1);
  const ofRows = presence && rowBiases(presence, biasOf);
  return (scores, weights) => {
    for (let to = 0; to < count; to++) {
      const gate = weights[to];
      if (ofRows) gate.set(ofRows[to]);
      else gate.fill(bias[to]);
      for (let m = 0; m < count; m++) {
        const w = W[(count + m) * count + to];
        const values = scores[m];
        for (let i = 0; i < gate.length; i++) gate[i] += values[i] * w;
      }
    }
    softmaxAcross(weights);
  };
}

/** Per modality [N]: what its gate is without scores; that of an absent one is never open. */
function rowBiases(
  presence: readonly Uint8Array[],
  biasOf: (isPresent: (m: number) => number) => Float64Array,
): Float64Array[] {
  const biases = presence.map((present) => new Float64Array(present.length));
  for (let i = 0; i < presence[0].length; i++) {
    biasOf((m) => presence[m][i]).forEach((bias, to) => {
      biases[to][i] = presence[to][i] === 1 ? bias : -Infinity;
    });
  }
  return biases;
}

/** Softmax over modalities, in place, shifted by the row's maximum. */
function softmaxAcross(weights: readonly Float64Array[]): void {
  const count = weights.length;
  for (let i = 0; i < weights[0].length; i++) {
    let max = -Infinity;
    for (let m = 0; m < count; m++) if (weights[m][i] > max) max = weights[m][i];
    let sum = 0;
    for (let m = 0; m < count; m++) sum += weights[m][i] = Math.exp(weights[m][i] - max);
    for (let m = 0; m < count; m++) weights[m][i] /= sum;
  }
}
