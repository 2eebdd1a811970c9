import { digitsOf } from '../foundation/digits.ts';
import type { Interval } from './bootstrap-interval.ts';
import type { ControlResult, Diagnosis, Verdict, VerdictName } from './diagnosis.ts';
import { decidingP } from './monte-carlo.ts';
import { METRICS } from './metrics/metric-table.ts';
import { METRIC_WORDS } from './metrics/metric-words.ts';
import type { ChangeName, ScoreEffect } from './score-findings.ts';

type Explanation = Pick<Verdict, 'reason' | 'advice'>;

/**
 * One plain sentence of reason and one of advice, with this diagnosis's own numbers.
 *
 * @param controlThreshold gap at which a positive control passes
 */
export function explain(verdict: VerdictName, diagnosis: Diagnosis, controlThreshold: number): Explanation {
  const explanation = EXPLANATIONS[verdict](diagnosis, controlThreshold);
  const remedy = verdict === 'invalid' ? undefined : bestRemedy(diagnosis);
  return remedy === undefined ? explanation : { ...explanation, advice: `${explanation.advice} ${remedy}` };
}

/** What is done to a score; null: to all. */
const DOING: Readonly<Record<ChangeName, (modality: string | null) => string>> = {
  drop: (modality) =>
    modality === null ? 'holding every score at its mean' : `holding the score of ${modality} at its mean`,
  clip: (modality) => `clipping the score of ${modality} to its 5 % and 95 % quantiles`,
  floor: (modality) => `never trusting the score of ${modality} less than at its median`,
};

/** The change that is surely for the better on these examples, and the most of those; undefined where there is none. */
function bestRemedy(d: Diagnosis): string | undefined {
  const { tried = [], confidence = 0 } = d.remedies ?? {};
  const best = tried.find(({ found }) => found?.isBetter);
  if (best === undefined) return undefined;
  const { gain } = best.found!;
  const doing = DOING[best.change](best.modality);
  const rises = METRICS[d.metric].better === 'higher' ? 'raises' : 'lowers';
  const count = tried.filter(({ found }) => found !== null).length;
  const of = count === 1 ? '' : `, of ${count} changes tried`;
  return `On these examples ${doing} ${rises} ${METRIC_WORDS[d.metric]} by ${size(d, gain.value)} (${percentage(confidence)} interval of the gain ${size(d, gain.lower)} to ${size(d, gain.upper)}${of}): it was selected on this very set, so expect less on others.`;
}

const EXPLANATIONS: Record<VerdictName, (diagnosis: Diagnosis, controlThreshold: number) => Explanation> = {
  'quality-aware': (d) => ({
    reason: `Shuffling the reliability scores ${effect(d)}, and the threshold is ${d.threshold}: the model uses them.`,
    advice: mostUsed(d),
  }),

  decorative: (d) => ({
    reason: `Shuffling the reliability scores ${effect(d, d.equivalence)}, all within the threshold of ${d.threshold} either way, while ${bestControl(d)}: the rule could use good scores, and these tell it too little.`,
    advice: `Improve the scores rather than the rule, or drop them${neededAuroc(d)}.`,
  }),

  misleading: (d) => ({
    reason: `Shuffling the reliability scores ${effect(d)}, with p = ${number(d.p.otherSide)}: the model is better off without them.`,
    advice: `Check the sign of the scores and that each belongs to its own modality and example${worstAuroc(d)}.`,
  }),

  'inert-rule': (d) => {
    const { gap, headroom } = roomiestOf(d)!;
    const most = d.task === 'classification' ? 'up to ' : '';
    return {
      reason: `Shuffling the reliability scores ${effect(d, d.equivalence)}, and even truthful scores bring only ${size(d, gap)} where ${most}${size(d, headroom)} was to be had: the fusion rule makes too little of any score.`,
      advice:
        'Change the fusion rule rather than the scores: check that the weights really vary with them (saturation, scale, temperature), or drop the scores.',
    };
  },

  inconclusive: (d, controlThreshold) => {
    const p = decidingP({ gap: d.gap.value, p: d.p }, d.threshold);
    if (p !== undefined && p > d.alpha) {
      return {
        reason: `Shuffling the reliability scores ${effect(d)}, but chance alone does as much too often (p = ${number(p)}, and at most ${d.alpha} is allowed).`,
        advice: `The effect may be real, but this evaluation set cannot show it. ${moreExamples(d)}`,
      };
    }
    if (d.gap.value >= d.threshold && d.joint !== null) {
      return {
        reason: `Shuffling each modality's scores on its own ${effect(d)}, but shuffling whole rows of scores does not show it (gap ${size(d, d.joint.gap)}, p = ${number(d.joint.p)}, and at most ${d.alpha} is allowed): it may be that the scores only have to agree with each other, not to belong to the example.`,
        advice:
          'Use "scheme: joint" to measure what the scores say about the example, and evaluate on more examples if its gap is real but small.',
      };
    }
    if (!d.equivalence.shown) {
      return {
        reason: `Shuffling the reliability scores ${effect(d, d.equivalence)}, ${whyNotNone(d)}.`,
        advice: moreExamples(d),
      };
    }
    const { why, advice } = silence(d, controlThreshold);
    return {
      reason: `Shuffling the reliability scores ${effect(d, d.equivalence)}, all within the threshold of ${d.threshold} either way, but no positive control could tell why: ${why}.`,
      advice,
    };
  },

  invalid: (d) => ({
    reason: `This gate cannot be judged: ${d.invalid ?? 'the diagnosis failed'}.`,
    advice: whatToMend(d),
  }),
};

/** Of a gate that cannot be judged. */
function whatToMend({ constantScores, perModality, exchange }: Diagnosis): string {
  if (constantScores.length < Object.keys(perModality).length) {
    return 'Check that the gate runs the model as your code does: exported in evaluation mode (no dropout, no sampling), fed the same columns, or with the same fusion rule and options.';
  }
  if (exchange === undefined) {
    return 'Check that the reliability columns hold the scores that the model computes for each example.';
  }
  if (exchange.moved === 'blocks') {
    return 'Give blocks the same number of rows, e.g. by leaving rows out with columns.subset, or evaluate on more blocks.';
  }
  return exchange.within.length > 1
    ? 'Use a coarser permutations.within: more neighbours, or none.'
    : 'Use larger groups or, where a score belongs to a whole block, "permutations: { move: blocks }".';
}

/** `lowers accuracy by 0.0612 (95 % interval 0.0480 to 0.0744)`. */
function effect(
  d: Diagnosis,
  { lower, upper, confidence }: Interval & { readonly confidence: number } = d.gap,
): string {
  const { metric, gap } = d;
  const what = METRIC_WORDS[metric];
  const interval = `${percentage(confidence)} interval of the gap ${size(d, lower)} to ${size(d, upper)}`;
  if (Number(gap.value.toFixed(digitsFor(d))) === 0) return `leaves ${what} where it was (${interval})`;
  const isLower = gap.value > 0 === (METRICS[metric].better === 'higher');
  return `${isLower ? 'lowers' : 'raises'} ${what} by ${size(d, Math.abs(gap.value))} (${interval})`;
}

/** Whose scores matter, and whose do harm, as their own shuffles show it. */
function mostUsed(d: Diagnosis): string {
  const gaps = Object.entries(d.perModality).sort(([, a], [, b]) => b.gap - a.gap);
  const of = (finding: ScoreEffect['finding']) =>
    gaps.filter(([modality, { p }]) => {
      const found = d.scoreEffects?.[modality]?.finding ?? (p <= d.alpha ? 'helps' : 'unclear');
      return found === finding;
    });
  const [helping, hurting] = [of('helps'), of('hurts')];
  const start = hurting.length > 0 || bestRemedy(d) !== undefined ? 'It passes as it is' : 'Nothing to do';
  if (gaps.length === 1 || helping.length + hurting.length === 0) return `${start}.`;
  const idle = of('unclear').map(([modality]) => modality);
  const parts = [
    ...helping
      .slice(0, 1)
      .map(([best, { gap }]) => `the score of ${best} matters most (its own gap is ${size(d, gap)})`),
    ...hurting.map(
      ([modality, { gap }]) => `the score of ${modality} hurts (its own gap is ${size(d, gap)})`,
    ),
    ...(idle.length === 0 ? [] : [`shuffled on its own, that of ${idle.join(' or ')} shows no influence`]),
  ];
  return `${start}: ${parts.join('; ')}.`;
}

function controlsOf({ controls }: Diagnosis): ControlResult[] {
  return [controls.correctness, controls.corruption].filter((control) => control !== null);
}

/** The control with the largest gap; undefined where none was run. */
export function strongestOf(d: Diagnosis): ControlResult | undefined {
  return controlsOf(d)
    .toSorted((a, b) => b.gap - a.gap)
    .at(0);
}

/** The control with the largest headroom; undefined where none is known. */
export function roomiestOf(d: Diagnosis): (ControlResult & { readonly headroom: number }) | undefined {
  return controlsOf(d)
    .flatMap((control) => (control.headroom === null ? [] : [{ ...control, headroom: control.headroom }]))
    .toSorted((a, b) => b.headroom - a.headroom)
    .at(0);
}

/** What truthful scores name, and what an expert is that they name. */
const TRUSTED: Readonly<Record<Diagnosis['task'], string>> = {
  classification: 'the right experts',
  regression: 'the expert nearest to the truth',
  'multi-label': 'the expert with the fewest wrong labels',
};
const BEING: Readonly<Record<Diagnosis['task'], string>> = {
  classification: 'right',
  regression: 'the nearest to the truth',
  'multi-label': 'the one with the fewest wrong labels',
};

function bestControl(d: Diagnosis): string {
  const { correctness, corruption } = d.controls;
  if (correctness?.passed) {
    return `scores that name ${TRUSTED[d.task]} are worth ${size(d, correctness.gap)} to the same rule`;
  }
  return `scores that tell when ${corruption!.modality} is corrupted are worth ${size(d, corruption!.gap)} to the same rule`;
}

/** `: this rule needs an AUROC of 0.74, and yours have 0.52 to 0.56`. */
function neededAuroc(d: Diagnosis): string {
  const needed = d.controls.correctness?.requiredAuroc ?? null;
  const own = aurocs(d).map(([, auroc]) => auroc);
  // Scores may tell when their expert is right, and still not which expert is: the comparison would only puzzle then.
  if (needed === null || own.length === 0 || Math.max(...own) >= needed) return '';
  const range = [Math.min(...own), Math.max(...own)].map((auroc) => number(auroc, 2));
  const what = d.task === 'classification' ? 'right experts from wrong ones' : TRUSTED[d.task];
  return `: this rule reaches the threshold when scores tell ${what} with an AUROC of ${number(needed, 2)}, and yours have ${[...new Set(range)].join(' to ')}`;
}

function worstAuroc(d: Diagnosis): string {
  const worst = aurocs(d)
    .sort(([, a], [, b]) => a - b)
    .at(0);
  return worst === undefined || worst[1] >= 0.5
    ? ''
    : `: that of ${worst[0]} has an AUROC of ${number(worst[1], 2)} against its expert being ${BEING[d.task]}, and 0.5 is chance`;
}

function aurocs({ alignment }: Diagnosis): [string, number][] {
  return Object.entries(alignment ?? {}).flatMap(([modality, { auroc }]): [string, number][] =>
    auroc === null ? [] : [[modality, auroc]],
  );
}

/** Which of two one-sided tests did not succeed, or what these examples cannot hold, as the rest of a sentence. */
function whyNotNone(d: Diagnosis): string {
  const { threshold, power } = d;
  const { lower, upper, unseen } = d.equivalence;
  const tooFew = 'these examples are too few to tell';
  const { clusters } = power;
  const these = clusters === undefined ? `${many(power.examples)} examples` : `${many(clusters)} blocks`;
  if (upper >= threshold) return `and that interval holds the threshold of ${threshold}: ${tooFew}`;
  if (lower <= -threshold)
    return `so the scores help by less than the threshold of ${threshold}, but they may harm by as much: ${tooFew}`;
  return `but what ${these} do not hold may well be there: a gap of up to ${size(d, unseen ?? 0)} could hide, and the threshold is ${threshold}`;
}

/** How many examples would settle it. */
function moreExamples({ power: { examples, examplesNeeded, clusters } }: Diagnosis): string {
  if (examplesNeeded === null) {
    return 'Reconsider the threshold: this gap is so near to it that over 100 times as many examples would be needed to tell the two apart.';
  }
  // The estimate of how many may fall short of those that did not suffice.
  const about = many(twoDigits(Math.max(examplesNeeded, examples + 1)));
  const where = clusters === undefined ? '' : `, in as many times more blocks than these ${many(clusters)}`;
  return `Evaluate on about ${about} examples like these ${many(examples)}${where}: that settles a gap of this size four times out of five.`;
}

/** Rounded up. */
function twoDigits(value: number): number {
  const unit = 10 ** Math.max(0, Math.floor(Math.log10(value)) - 1);
  return Math.ceil(value / unit) * unit;
}

function many(value: number): string {
  return value.toLocaleString('en-US');
}

/** Metrics by which it is known how much there is to be had. */
const KNOWN_HEADROOM: Readonly<Record<Diagnosis['task'], string>> = {
  classification: 'accuracy or balanced-accuracy',
  regression: 'mae or rmse',
  'multi-label': 'subset-accuracy or hamming-loss',
};

/** Why neither control passed or failed, as the rest of a sentence, and what to do about it. */
function silence(d: Diagnosis, controlThreshold: number): { why: string; advice: string } {
  const strongest = strongestOf(d);
  if (strongest !== undefined && strongest.gap >= controlThreshold) {
    return {
      why: `truthful scores bring ${size(d, strongest.gap)}, but chance alone does as much too often (p = ${number(strongest.p)})`,
      advice:
        'Evaluate on more examples, so that the controls can tell whether the rule or the scores are at fault.',
    };
  }
  const advice = d.alignment
    ? 'Evaluate on harder examples, on which the modalities disagree and the right choice among them matters.'
    : "Name each modality's unimodal prediction (expert) and its own inputs, so that the positive controls can run.";
  if (strongest === undefined) return { why: 'none could be run', advice };
  const roomiest = roomiestOf(d);
  if (roomiest === undefined) {
    return {
      why: `truthful scores bring only ${size(d, strongest.gap)}, and by ${METRIC_WORDS[d.metric]} it is not known how much there was to be had`,
      advice: `Name each modality's own inputs, so that the corruption control can run, or judge by ${KNOWN_HEADROOM[d.task]}.`,
    };
  }
  const best =
    roomiest.headroom === d.controls.correctness?.headroom
      ? 'the best choice among the experts'
      : 'knowing every corrupted example';
  const why = `even ${best} would bring only ${size(d, Math.max(0, roomiest.headroom))}`;
  if (roomiest.headroom < d.threshold) return { why, advice };
  return {
    why: `${why}, and a control passes at ${size(d, controlThreshold)}`,
    advice: `${advice} Or lower control.threshold, if less than that is worth having.`,
  };
}

function percentage(share: number): string {
  return `${Number((100 * share).toPrecision(4))} %`;
}

/** A gap: with as many digits as show the threshold. */
function size(d: Diagnosis, value: number): string {
  return number(value, digitsFor(d));
}

function digitsFor({ threshold }: Diagnosis): number {
  return Math.max(4, digitsOf(threshold));
}

/** With a real minus sign, and none before a zero. */
function number(value: number, digits = 4): string {
  const text = value.toFixed(digits);
  return Number(text) === 0 ? (0).toFixed(digits) : text.replace('-', '−');
}
