import type { Accuracies, ControlResult } from '../../src/diagnostic/diagnosis.ts';
import { worst } from '../../src/report/conclusion.ts';
import type { GateReport, RunReport } from '../../src/report/gate-report.ts';

/**
 * Hand-made reports whose numbers agree with each other: 2,000 examples, two experts, 99 shuffles. Counts of right
 * predictions come first; every metric, gap and p-value here is worked out from them, not by the program.
 */

const EXAMPLES = 2000;
const SHUFFLES = 99;

/** Right predictions as both metrics. Recall is a little lower in the rarer class, by a fixed amount. */
function accuraciesOf(right: number): Accuracies {
  return { accuracy: right / EXAMPLES, balancedAccuracy: right / EXAMPLES - 0.004 };
}

/** Broken-Q that gets `centre` examples right, give or take `spread`, and the gap and p-values it makes. */
function shuffled(cleanRight: number, centre: number, spread: number) {
  const right = Array.from({ length: SHUFFLES }, (_, k) => centre + (((k * 37) % 11) - 5) * (spread / 5));
  const values = right.map((count) => count / EXAMPLES);
  const mean = values.reduce((sum, value) => sum + value, 0) / SHUFFLES;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / SHUFFLES);
  const atLeast = right.filter((count) => count >= cleanRight).length;
  const atMost = right.filter((count) => count <= cleanRight).length;
  const oneSided = (1 + atLeast) / (SHUFFLES + 1);
  const otherSide = (1 + atMost) / (SHUFFLES + 1);
  return {
    clean: accuraciesOf(cleanRight),
    broken: {
      scheme: 'independent' as const,
      count: SHUFFLES,
      seed: 7,
      mean: { accuracy: mean, balancedAccuracy: mean - 0.004 },
      std: { accuracy: deviation, balancedAccuracy: deviation },
      values,
    },
    gap: cleanRight / EXAMPLES - mean,
    p: { oneSided, otherSide, twoSided: Math.min(1, 2 * Math.min(oneSided, otherSide)) },
  };
}

/** A straight dose-response: no gap with a score that says nothing, all of it with a truthful one. */
function control(gap: number, headroom: number, passed: boolean, threshold = 0.01): ControlResult {
  return {
    gap,
    p: passed ? 0.01 : 0.48,
    passed,
    headroom,
    doseResponse: [0, 0.25, 0.5, 0.75, 1].map((dose) => ({
      dose,
      auroc: 0.5 + dose / 2,
      gap: gap * dose,
      lower: 0.95 * gap * dose,
      upper: 1.05 * gap * dose,
    })),
    requiredAuroc: gap >= threshold ? 0.5 + threshold / gap / 2 : null,
    requiredAurocInterval:
      1.05 * gap >= threshold
        ? {
            lower: 0.5 + threshold / gap / 2.1,
            upper: 0.95 * gap >= threshold ? 0.5 + threshold / gap / 1.9 : null,
          }
        : null,
  };
}

/** What a normal gap with this half of a 95 % interval makes of the other numbers, to two digits. */
function sureness(gap: number, half: number): Pick<GateReport, 'equivalence' | 'power'> {
  const standardError = half / 1.96;
  const [lower, upper] = [gap - 1.645 * standardError, gap + 1.645 * standardError];
  const shown = lower > -0.01 && upper < 0.01;
  return {
    equivalence: { lower, upper, confidence: 0.9, p: shown ? 0.01 : 0.4, unseen: 0.0015, shown },
    power: {
      standardError,
      detectableGap: 0.01 + 0.842 * standardError,
      examples: EXAMPLES,
      examplesNeeded: 4711,
    },
  };
}

function errorsOf({ oneSided, twoSided, otherSide }: GateReport['p']): GateReport['pIntervals'] {
  const about = (p: number) => ({ lower: p / 2, upper: Math.min(1, 1.5 * p) });
  const [hurts, either, helps] = [oneSided, twoSided, otherSide].map(about);
  return {
    confidence: 0.99,
    oneSided: hurts,
    twoSided: either,
    otherSide: helps,
    joint: hurts,
    perModality: { audio: hurts, video: hurts },
    correctness: null,
    corruption: null,
  };
}

interface Story extends Partial<GateReport> {
  readonly right: { readonly clean: number; readonly broken: number; readonly spread: number };
  readonly halfInterval: number;
}

function gateReport({ right, halfInterval, ...told }: Story): GateReport {
  const { metric = 'accuracy' } = told;
  const key = metric === 'accuracy' ? 'accuracy' : 'balancedAccuracy';
  const { clean, broken, gap, p } = shuffled(right.clean, right.broken, right.spread);
  return {
    name: 'stress-avp',
    conclusion: 'failure',
    verdict: 'decorative',
    reason: '',
    advice: '',
    task: 'classification',
    metric,
    threshold: 0.01,
    alpha: 0.05,
    model: {
      path: 'models/stress.onnx',
      sha256: '4bf5122f344554c53bde2ebb8cd2b7e3d1600ad631c385a5d7cce23c7785459a',
      engine: 'onnxruntime-web 1.30.0 (wasm, 2 threads)',
    },
    evaluationSet: {
      path: 'data/eval.npz',
      sha256: 'dbc1b4c900ffe48d575b5da5c638040125f65db0fe3e24494b76ea986457d986',
      rows: 2144,
      evaluated: EXAMPLES,
    },
    clean,
    uniform: accuraciesOf(1624),
    broken,
    gap: {
      value: gap,
      lower: gap - halfInterval,
      upper: gap + halfInterval,
      confidence: 0.95,
      method: 'bca',
    },
    ...sureness(gap, halfInterval),
    pIntervals: errorsOf(p),
    p,
    folds: null,
    acrossFolds: null,
    metrics: [
      {
        name: metric,
        better: 'higher',
        clean: clean[key],
        uniform: accuraciesOf(1624)[key],
        broken: { mean: broken.mean[key], std: broken.std[key] },
        gap: { value: gap, lower: gap - halfInterval, upper: gap + halfInterval, method: 'bca' },
        p: p.oneSided,
      },
    ],
    joint: { gap: gap * 0.9, p: p.oneSided },
    flipRate: { mean: 0.0312, max: 0.0415 },
    movement: null,
    expertMetric: null,
    experts: { audio: accuraciesOf(1502), video: accuraciesOf(1466) },
    headroom: {
      oracle: 1846 / EXAMPLES,
      value: (1846 - right.clean) / EXAMPLES,
      chanceMatched: (1766 - right.clean) / EXAMPLES,
      realised: gap / (gap + (1846 - right.clean) / EXAMPLES),
    },
    competitiveness: { median: 0.1834, massBelow: 0.142, disagreement: 0.318 },
    alignment: {
      audio: { pearson: 0.0121, spearman: 0.0098, auroc: 0.5066 },
      video: { pearson: -0.0214, spearman: -0.0187, auroc: 0.4881 },
    },
    perModality: { audio: { gap: gap * 0.6, p: p.oneSided }, video: { gap: gap * 0.4, p: p.oneSided } },
    controls: {
      correctness: control(0.098, 0.11, true),
      corruption: { modality: 'audio', ...control(0.0425, 0.15, true) },
    },
    constantScores: [],
    modalities: ['audio', 'video'],
    classes: ['calm', 'stressed'],
    warnings: [],
    leakage: [],
    seconds: 1.24,
    ...told,
  };
}

/** What other scores would give a rule that gets 1,625 of 2,000 right, worked out by hand as all here. */
function otherScores(
  ...modalities: readonly string[]
): Pick<GateReport, 'obstacle' | 'arms' | 'scoreEffects' | 'remedies' | 'calibration'> {
  const gain = (value: number, half: number) => ({ value, lower: value - half, upper: value + half });
  const about = (value: number, half: number) => ({ ...gain(value, half), method: 'bca' as const });
  return {
    obstacle: {
      what: 'score',
      why: `The rule profits from truthful scores once their AUROC is 0.55, and these are below it (${modalities.map((name) => `${name} 0.51`).join(', ')}).`,
    },
    arms: [
      { name: 'constant', found: { value: 0.8125, gap: about(0, 0.003) }, leftOut: null },
      { name: 'zero', found: null, leftOut: 'the model gives no numbers' },
      { name: 'swapped', found: { value: 0.8, gap: about(0.0125, 0.006) }, leftOut: null },
      { name: 'oracle', found: { value: 0.9105, gap: about(-0.098, 0.012) }, leftOut: null },
    ],
    scoreEffects: Object.fromEntries(
      modalities.map((modality, m) => [
        modality,
        m === 0
          ? { gap: about(-0.0003, 0.004), p: 0.9, adjustedP: 1, finding: 'unclear' as const }
          : { gap: about(-0.006, 0.004), p: 0.02, adjustedP: 0.04, finding: 'hurts' as const },
      ]),
    ),
    remedies: {
      confidence: 1 - 0.05 / 4,
      tried: [
        {
          modality: modalities.at(-1)!,
          change: 'drop',
          found: { value: 0.8195, gain: gain(0.007, 0.0052), isBetter: true },
          leftOut: null,
        },
        {
          modality: null,
          change: 'drop',
          found: { value: 0.8125, gain: gain(0, 0.0035), isBetter: false },
          leftOut: null,
        },
        {
          modality: modalities[0],
          change: 'clip',
          found: { value: 0.8125, gain: gain(0, 0.001), isBetter: false },
          leftOut: null,
        },
        {
          modality: modalities[0],
          change: 'drop',
          found: { value: 0.812, gain: gain(-0.0005, 0.004), isBetter: false },
          leftOut: null,
        },
        { modality: modalities[0], change: 'floor', found: null, leftOut: 'no score would change' },
      ],
    },
    calibration: Object.fromEntries(
      modalities.map((modality, m) => [
        modality,
        {
          found: {
            reliableWhen: m === 0 ? ('high' as const) : ('low' as const),
            isProbability: m === 0,
            bins: [0, 1, 2, 3].map((b) => ({
              lower: (m + 1) * (0.25 * b),
              upper: (m + 1) * (0.25 * b + 0.24),
              count: 500,
              meanScore: (m + 1) * (0.25 * b + 0.125),
              shareRight: 0.74 + 0.01 * b,
              interval: m === 0 ? { lower: 0.7 + 0.01 * b, upper: 0.78 + 0.01 * b } : null,
            })),
            error: m === 0 ? 0.305 : null,
            riskCoverage: {
              coverage: [0.25, 0.5, 0.75, 1],
              risk: [0.23, 0.235, 0.24, m === 0 ? 0.249 : 0.267],
              aurc: 0.2385,
              optimalAurc: 0.0339,
              chanceAurc: m === 0 ? 0.249 : 0.267,
            },
          },
          leftOut: null,
        },
      ]),
    ),
  };
}

export const decorative = gateReport({
  ...otherScores('audio', 'video'),
  right: { clean: 1625, broken: 1626, spread: 10 },
  halfInterval: 0.0052,
  reason:
    'Shuffling the reliability scores raises accuracy by 0.0005 (90 % interval of the gap −0.0049 to 0.0039), all within the threshold of 0.01 either way, while scores that name the right experts are worth 0.0980 to the same rule: the rule could use good scores, and these tell it nothing.',
  advice: 'Improve the scores rather than the rule, or drop them: this rule needs an AUROC of 0.55.',
});

export const qualityAware = gateReport({
  name: 'digits-truthful',
  conclusion: 'success',
  verdict: 'quality-aware',
  right: { clean: 1762, broken: 1640, spread: 15 },
  halfInterval: 0.0125,
  flipRate: { mean: 0.0955, max: 0.1085 },
  alignment: {
    audio: { pearson: 0.4127, spearman: 0.4012, auroc: 0.7631 },
    video: { pearson: 0.3841, spearman: 0.3755, auroc: 0.7409 },
  },
  reason:
    'Shuffling the reliability scores lowers accuracy by 0.0610 (95 % interval of the gap 0.0485 to 0.0735), and the threshold is 0.01: the model uses them.',
  advice: 'Nothing to do: the score of audio matters most (its own gap is 0.0366).',
});

/** The scores of the two modalities stand in each other's place. */
export const misleading = gateReport({
  name: 'swapped-columns',
  verdict: 'misleading',
  metric: 'balanced-accuracy',
  threshold: 0.02,
  right: { clean: 1550, broken: 1625, spread: 15 },
  halfInterval: 0.0115,
  reason:
    'Shuffling the reliability scores raises balanced accuracy by 0.0375 (95 % interval of the gap −0.0490 to −0.0260) (p = 0.0100): the model is better off without them.',
  advice: 'Check the sign of the scores and that each belongs to its own modality and example.',
  leakage: [
    {
      check: 'shared-ids',
      modality: null,
      severity: 'warning',
      numbers: { shared: 12, evaluated: EXAMPLES },
      sentence:
        '12 of 2000 evaluated examples are among the training ids of "train.txt" (id "s1-03", "s1-07", "s2-01" and 9 more); what a model does on examples that it was trained on proves nothing.',
    },
    {
      check: 'label',
      modality: 'video',
      severity: 'warning',
      numbers: { label: 1, aurocWhereRight: 0.8125, aurocWhereWrong: 0.7734 },
      sentence:
        'The score of video tells the label: it tells class 1 (stressed) from the rest with an AUROC of 0.81 among the examples that the expert gets right, and of 0.77 among those that it gets wrong, where a score that knows only when to trust the expert has 0.50. A gap may come from that; see whether labels went into the score, or whether classes were recorded under different conditions.',
    },
  ],
});

/** A rule that saturates: not even a truthful score moves it. */
export const inertRule = gateReport({
  name: 'saturated-router',
  verdict: 'inert-rule',
  right: { clean: 1624, broken: 1624, spread: 0 },
  halfInterval: 0,
  flipRate: { mean: 0, max: 0 },
  perModality: { audio: { gap: 0, p: 1 }, video: { gap: 0, p: 1 } },
  controls: {
    correctness: control(0.001, 0.11, false),
    corruption: { modality: 'video', ...control(0.0005, 0.15, false) },
  },
  reason:
    'Shuffling the reliability scores leaves accuracy where it was (90 % interval of the gap 0.0000 to 0.0000), and even truthful scores bring only 0.0010 where up to 0.1500 was to be had: the fusion rule cannot use any score.',
  advice: 'Change the fusion rule rather than the scores: check that the weights really vary with them.',
});

/** A model without expert outputs and with a score that never changes; the config lets such a gate pass. */
export const inconclusive = gateReport({
  name: 'end-to-end',
  conclusion: 'inconclusive',
  verdict: 'inconclusive',
  right: { clean: 1640, broken: 1622, spread: 15 },
  halfInterval: 0.0114,
  experts: null,
  headroom: null,
  competitiveness: null,
  alignment: null,
  controls: { correctness: null, corruption: { modality: 'audio', ...control(0.0425, 0.15, true) } },
  perModality: { audio: { gap: 0.009, p: 0.01 }, video: { gap: 0, p: 1 } },
  constantScores: ['video'],
  classes: null,
  warnings: ['The score of video is the same on every row: shuffling it does nothing.'],
  reason:
    'Shuffling the reliability scores lowers accuracy by 0.0090 (90 % interval of the gap −0.0006 to 0.0186), and that interval holds the threshold of 0.01: these examples are too few to tell.',
  advice:
    'Evaluate on about 4,800 examples like these 2,000: that settles a gap of this size four times out of five.',
});

/** Dropout left on: the model does not repeat itself. */
export const invalid = gateReport({
  name: 'dropout-left-on',
  conclusion: 'error',
  verdict: 'invalid',
  right: { clean: 1610, broken: 1612, spread: 15 },
  halfInterval: 0.011,
  controls: { correctness: null, corruption: null },
  reason:
    'This gate cannot be judged: replaying the reliability scores as given differs from the model’s own output by up to 0.31.',
  advice:
    'Export the model in evaluation mode, without dropout or sampling, and check that the evaluation set holds what it was fed.',
});

/** Cached experts and a bank of shuffles: no model file, no seed. */
export const banked = gateReport({
  ...decorative,
  name: 'cached-experts',
  model: { path: 'weighted-mean', sha256: '', engine: 'cached experts' },
  right: { clean: 1625, broken: 1626, spread: 10 },
  halfInterval: 0.0052,
  broken: { ...decorative.broken, scheme: 'bank' },
});

/** What a stranger may write into a config file to be drawn into a comment by a token that is not his. */
export const HOSTILE = [
  '@everyone <img src=x onerror=alert(1)>',
  'a|b\\|c `code` **bold** _em_ ~~gone~~',
  '</code></details><script>alert(1)</script>',
  '[click](javascript:alert(1)) ![i](https://evil.example/i.png)',
  'fixes #123 GH-7 org/repo#5 0123456789abcdef0123 :bomb:',
  'mail@evil.example www.evil.example https://evil.example',
  'line\nbreak\r\n\n# heading\u2028and\u0000null',
  'right\u202eto\u2066left\u200bunseen\ud800half',
  '$\\frac{1}{0}$ $$x$$ &amp; &#64;someone',
  '```mermaid\ngraph TD; A-->B',
  '::error::pwned ##[error]pwned \u001b[31mred',
] as const;

function hostileGate(name: string): GateReport {
  return gateReport({
    ...decorative,
    right: { clean: 1625, broken: 1626, spread: 10 },
    halfInterval: 0.0052,
    name,
    reason: `The score of ${name} says nothing.`,
    advice: `Look at ${name} again.`,
    warnings: [name],
    leakage: [
      {
        check: 'test-scaled',
        modality: name,
        severity: 'warning',
        numbers: {},
        sentence: `The score of ${name} looks scaled.`,
      },
    ],
    model: { path: name, sha256: decorative.model.sha256, engine: 'tfjs' },
    evaluationSet: { ...decorative.evaluationSet, path: name },
    experts: { [name]: decorative.clean! },
    alignment: { [name]: { pearson: 0.0121, spearman: 0.0098, auroc: 0.5066 } },
    perModality: { [name]: { gap: -0.0005, p: 0.6 } },
    controls: {
      correctness: null,
      corruption: { modality: name, ...control(0.0425, 0.15, true) },
    },
    ...otherScores(name),
    constantScores: [name],
    modalities: [name],
    classes: [name],
  });
}

export const hostile: readonly GateReport[] = HOSTILE.map(hostileGate);

/** A run of these gates. */
export function runOf(...gates: readonly GateReport[]): RunReport {
  return {
    version: 1,
    tool: { name: 'fusion-gate', version: '0.1.0' },
    conclusion: worst(gates.map((gate) => gate.conclusion)),
    gates,
  };
}
