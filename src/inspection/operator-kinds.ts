/** What kind of score an operator makes. */
export interface ScoreKind {
  /** How likely a score that it makes is meant as reliability, 0 to 100. */
  readonly weight: number;
  /** `a softmax`: what the tensor is, in a sentence. */
  readonly phrase: string;
}

const ENERGY: ScoreKind = { weight: 90, phrase: 'a log-sum-exp (an energy)' };
const SIGMOID: ScoreKind = { weight: 90, phrase: 'a sigmoid' };
const EXTREME: ScoreKind = { weight: 75, phrase: 'a largest value' };
const POOLED: ScoreKind = { weight: 50, phrase: 'a sum or mean' };
const LEARNED: ScoreKind = { weight: 30, phrase: 'a linear score' };

/** Of an input that is no evidence. */
export const INPUT: ScoreKind = { weight: 100, phrase: 'an input' };
/** A constant divided by a sum, as the uncertainty of evidential models. */
export const RECIPROCAL: ScoreKind = { weight: 85, phrase: 'a reciprocal' };
/** Divided by the sum of itself. */
export const NORMALISED: ScoreKind = { weight: 80, phrase: 'a normalised score' };
export const OTHER: ScoreKind = { weight: 20, phrase: 'a computed number' };

/** By operator. */
export const KINDS: ReadonlyMap<string, ScoreKind> = new Map([
  ['Softmax', { weight: 90, phrase: 'a softmax' }],
  ['Sigmoid', SIGMOID],
  ['HardSigmoid', SIGMOID],
  ['ReduceLogSumExp', ENERGY],
  ['Reciprocal', RECIPROCAL],
  ['ReduceMax', EXTREME],
  ['Exp', { weight: 70, phrase: 'an exponential' }],
  ['Softplus', { weight: 70, phrase: 'a softplus' }],
  ['Tanh', { weight: 60, phrase: 'a hyperbolic tangent' }],
  ['LogSoftmax', { weight: 60, phrase: 'a log-softmax' }],
  ['ReduceSum', POOLED],
  ['ReduceMean', POOLED],
  ['ReduceL2', POOLED],
  ['MatMul', LEARNED],
  ['Gemm', LEARNED],
]);

/** Operators that hand on what they read in another shape or dtype. */
export const RESHAPES = new Set([
  ...[
    'Reshape',
    'Unsqueeze',
    'Squeeze',
    'Flatten',
    'Identity',
    'Cast',
    'Expand',
    'Tile',
    'Transpose',
    'Dropout',
  ],
]);

/** Operators that hand on a part of what they read first. */
export const SELECTS = new Set(['Slice', 'Split', 'Gather', 'GatherElements', 'GatherND']);

/** Operators that scale or shift, where one of two operands is a constant. */
export const SCALES = new Set(['Mul', 'Add', 'Div', 'Sub']);

/** Operators in which one operand weights another. */
export const GATES = new Set(['Mul', 'MatMul', 'Einsum', 'Where', 'Div', 'Pow']);
