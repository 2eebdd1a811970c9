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
}

/** Scores of each modality [N], in; weights of each modality [N], out. */
type Weigh = (scores: readonly Float64Array[], weights: readonly Float64Array[]) => void;

export interface Rule {
  readonly reads: Reads;
  readonly gives: ClassKind;
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
    weigh: normalised,
    normalises: true,
  },
  softmax: {
    reads: 'probabilities',
    gives: 'probabilities',
    domain: ANY,
    weigh: ({ temperature }) => softmaxOver(temperature),
  },
  hard: { reads: 'probabilities', gives: 'probabilities', domain: ANY, weigh: () => winnerTakesAll },
  // Logarithmic opinion pool (Genest and Zidek 1986): p proportional to prod_m p_m ^ (Q_m / sum Q).
  'product-of-experts': {
    reads: 'logits',
    gives: 'logits',
    domain: NOT_NEGATIVE,
    weigh: normalised,
    normalises: true,
  },
  // Quality-aware multimodal fusion (Zhang et al. 2023): logits weighted by scores that are not normalised.
  'logit-sum': { reads: 'logits', gives: 'logits', domain: ANY, weigh: () => asGiven },
  // The paper's mixture of experts: softmax([M, Q] W + b) weights the experts' logits.
  'linear-router': { reads: 'logits', gives: 'logits', domain: ANY, weigh: ({ router }) => routed(router!) },
  // Trusted multi-view classification (Han et al. 2021): see dempster.ts.
  dempster: { reads: 'beliefs', gives: 'probabilities', domain: { min: 0, max: 1 } },
};

/** Q / sum Q, equal weights where the sum is 0. */
function normalised(): Weigh {
  let sums = new Float64Array();
  return (scores, weights) => {
    if (sums.length !== scores[0].length) sums = new Float64Array(scores[0].length);
    sums.fill(0);
    for (const values of scores) addTo(sums, values);
    scores.forEach((values, m) => {
      divide(values, sums, 1 / scores.length, weights[m]);
    });
  };
}

function addTo(sums: Float64Array, values: Float64Array): void {
  for (let i = 0; i < sums.length; i++) sums[i] += values[i];
}

function divide(values: Float64Array, sums: Float64Array, otherwise: number, quotients: Float64Array): void {
  for (let i = 0; i < quotients.length; i++) quotients[i] = sums[i] > 0 ? values[i] / sums[i] : otherwise;
}

/** Scores are the weights. */
export const asGiven: Weigh = (scores, weights) => {
  scores.forEach((values, m) => {
    weights[m].set(values);
  });
};

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

/** Presence is 1 throughout: only rows with every modality present are evaluated, so its half of W is part of the bias. */
function routed({ W, b }: { W: Float64Array; b: Float64Array }): Weigh {
  const count = b.length;
  const bias = b.map((value, to) => {
    let sum = value;
    for (let m = 0; m < count; m++) sum += W[m * count + to];
    return sum;
  });
  return (scores, weights) => {
    for (let to = 0; to < count; to++) {
      const gate = weights[to].fill(bias[to]);
      for (let m = 0; m < count; m++) {
        const w = W[(count + m) * count + to];
        const values = scores[m];
        for (let i = 0; i < gate.length; i++) gate[i] += values[i] * w;
      }
    }
    softmaxAcross(weights);
  };
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
