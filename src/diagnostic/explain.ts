import type { ControlResult, Diagnosis, Verdict, VerdictName } from './diagnosis.ts';

type Explanation = Pick<Verdict, 'reason' | 'advice'>;

/** One plain sentence of reason and one of advice, with this diagnosis's own numbers. */
export function explain(verdict: VerdictName, diagnosis: Diagnosis): Explanation {
  return EXPLANATIONS[verdict](diagnosis);
}

const EXPLANATIONS: Record<VerdictName, (diagnosis: Diagnosis) => Explanation> = {
  'quality-aware': (d) => ({
    reason: `Shuffling the reliability scores ${effect(d)}, and the threshold is ${d.threshold}: the model uses them.`,
    advice: mostUsed(d),
  }),

  decorative: (d) => ({
    reason: `Shuffling the reliability scores ${effect(d)}, all below the threshold of ${d.threshold}, while ${bestControl(d)}: the rule could use good scores, and these tell it nothing.`,
    advice: `Improve the scores rather than the rule, or drop them${neededAuroc(d)}.`,
  }),

  misleading: (d) => ({
    reason: `Shuffling the reliability scores ${effect(d)} (p = ${number(d.p.otherSide)}): the model is better off without them.`,
    advice: `Check the sign of the scores and that each belongs to its own modality and example${worstAuroc(d)}.`,
  }),

  'inert-rule': (d) => ({
    reason: `Shuffling the reliability scores ${effect(d)}, and even truthful scores bring only ${number(bestGap(d))} where up to ${number(bestHeadroom(d))} was to be had: the fusion rule cannot use any score.`,
    advice:
      'Change the fusion rule rather than the scores: check that the weights really vary with them (saturation, scale, temperature), or drop the scores.',
  }),

  inconclusive: (d) => {
    if (d.gap.value >= d.threshold) {
      return {
        reason: `Shuffling the reliability scores ${effect(d)}, but chance alone does as much too often (p = ${number(d.p.oneSided)}, and at most ${d.alpha} is allowed).`,
        advice: 'Evaluate on more examples; the effect may be real, but this evaluation set cannot show it.',
      };
    }
    if (d.gap.upper >= d.threshold) {
      return {
        reason: `Shuffling the reliability scores ${effect(d)}, and that interval holds the threshold of ${d.threshold}: these examples are too few to tell.`,
        advice: `Evaluate on more examples: about ${examplesFactor(d)} times as many would narrow the interval enough.`,
      };
    }
    return {
      reason: `Shuffling the reliability scores ${effect(d)}, below the threshold of ${d.threshold}, but no positive control could tell why: ${whySilent(d)}.`,
      advice: d.experts
        ? 'Evaluate on harder examples, on which the modalities disagree and the right choice among them matters.'
        : "Name each modality's unimodal prediction (expert) and its own inputs, so that the positive controls can run.",
    };
  },

  invalid: (d) => ({
    reason: `This gate cannot be judged: ${d.invalid ?? 'the diagnosis failed'}.`,
    advice:
      d.constantScores.length > 0
        ? 'Check that the reliability columns hold the scores that the model computes for each example.'
        : 'Export the model in evaluation mode, without dropout or sampling, and check that the evaluation set holds what it was fed.',
  }),
};

/** `lowers accuracy by 0.0612 (95 % interval 0.0480 to 0.0744)`. */
function effect({ metric, gap }: Diagnosis): string {
  const what = metric.replace('-', ' ');
  const interval = `${number(100 * gap.confidence, 0)} % interval of the gap ${number(gap.lower)} to ${number(gap.upper)}`;
  if (Math.abs(gap.value) < 0.00005) return `leaves ${what} where it was (${interval})`;
  return `${gap.value > 0 ? 'lowers' : 'raises'} ${what} by ${number(Math.abs(gap.value))} (${interval})`;
}

function mostUsed({ perModality, alpha }: Diagnosis): string {
  const gaps = Object.entries(perModality).sort(([, a], [, b]) => b.gap - a.gap);
  const [[best, { gap }]] = gaps;
  const idle = gaps.filter(([, { p }]) => p > alpha).map(([modality]) => modality);
  if (gaps.length === 1 || idle.length === gaps.length) return 'Nothing to do.';
  const most = `Nothing to do: the score of ${best} matters most (its own gap is ${number(gap)})`;
  return idle.length === 0
    ? `${most}.`
    : `${most}; that of ${idle.join(', ')} shows no influence of its own.`;
}

function controlsOf({ controls }: Diagnosis): ControlResult[] {
  return [controls.correctness, controls.corruption].filter((control) => control !== null);
}

const bestGap = (d: Diagnosis): number => Math.max(...controlsOf(d).map((control) => control.gap));
const bestHeadroom = (d: Diagnosis): number => Math.max(...controlsOf(d).map((control) => control.headroom));

function bestControl({ controls: { correctness, corruption } }: Diagnosis): string {
  if (correctness?.passed)
    return `scores that name the right experts are worth ${number(correctness.gap)} to the same rule`;
  return `scores that tell when ${corruption!.modality} is corrupted are worth ${number(corruption!.gap)} to the same rule`;
}

/** `: this rule needs an AUROC of 0.74, and yours have 0.52 to 0.56`. */
function neededAuroc(d: Diagnosis): string {
  const needed = d.controls.correctness?.requiredAuroc ?? null;
  const own = aurocs(d).map(([, auroc]) => auroc);
  if (needed === null || own.length === 0) return '';
  const range = [Math.min(...own), Math.max(...own)].map((auroc) => number(auroc, 2));
  return `: this rule reaches the threshold when scores tell right experts from wrong ones with an AUROC of ${number(needed, 2)}, and yours have ${[...new Set(range)].join(' to ')}`;
}

function worstAuroc(d: Diagnosis): string {
  const worst = aurocs(d)
    .sort(([, a], [, b]) => a - b)
    .at(0);
  return worst === undefined || worst[1] >= 0.5
    ? ''
    : `: that of ${worst[0]} has an AUROC of ${number(worst[1], 2)} against its expert being right, and 0.5 is chance`;
}

function aurocs({ alignment }: Diagnosis): [string, number][] {
  return Object.entries(alignment ?? {}).flatMap(([modality, { auroc }]): [string, number][] =>
    auroc === null ? [] : [[modality, auroc]],
  );
}

/** The interval's half-width shrinks with the square root of the number of examples. */
function examplesFactor({ gap, threshold }: Diagnosis): string {
  const factor = ((gap.upper - gap.value) / (threshold - gap.value)) ** 2;
  return factor < 10 ? (Math.ceil(factor * 10) / 10).toFixed(1) : Math.ceil(factor).toString();
}

function whySilent(d: Diagnosis): string {
  const ran = controlsOf(d);
  if (ran.length === 0) return 'none could be run';
  return `even the best choice among the experts would bring only ${number(Math.max(0, bestHeadroom(d)))}`;
}

function number(value: number, digits = 4): string {
  return value.toFixed(digits).replace('-', '−');
}
