import type { Diagnosis, VerdictName } from './diagnosis.ts';
import { roomiestOf, strongestOf } from './explain.ts';
import { decidingP } from './monte-carlo.ts';
import { ownAurocs } from './own-auroc.ts';
import type { Obstacle } from './score-findings.ts';

/**
 * Whether the rule, the scores or the data is the obstacle: what the verdict rests on, in one word. It never says more than
 * the verdict does.
 *
 * @param controlThreshold gap at which a positive control passes
 * @returns undefined where nothing could be judged
 */
export function obstacleOf(
  verdict: VerdictName,
  diagnosis: Diagnosis,
  controlThreshold: number,
): Obstacle | undefined {
  switch (verdict) {
    case 'invalid':
      return undefined;
    case 'quality-aware':
      return { what: 'none', why: howUsed(diagnosis) };
    case 'inert-rule':
      return {
        what: 'rule',
        why: 'The rule makes too little even of truthful scores, where there was headroom.',
      };
    case 'misleading':
      return { what: 'score', why: 'The rule follows the scores, and predicts worse for it.' };
    case 'decorative':
      return { what: 'score', why: whyScore(diagnosis) };
    case 'inconclusive':
      return whyOpen(diagnosis, controlThreshold);
  }
}

function howUsed({ scoreEffects = {} }: Diagnosis): string {
  const hurting = Object.keys(scoreEffects).filter((modality) => scoreEffects[modality].finding === 'hurts');
  return hurting.length === 0
    ? 'The scores are used, and to advantage.'
    : `On the whole the scores are used to advantage; that of ${hurting.join(' and ')} hurts.`;
}

function whyScore(diagnosis: Diagnosis): string {
  const known = ownAurocs(diagnosis);
  const lacking = known.filter(({ own, needed }) => own < needed);
  if (known.length === 0 || lacking.length < known.length) {
    return 'The rule profits from truthful scores, and too little from these.';
  }
  const own = known.map((auroc) => `${auroc.modality} ${auroc.own.toFixed(2)}`).join(', ');
  return `The rule profits from truthful scores once their AUROC is ${known[0].needed.toFixed(2)}, and these are below it (${own}).`;
}

/** The verdict is open: for want of examples, of anything to gain on them, or for a reason that no number here tells. */
function whyOpen(diagnosis: Diagnosis, controlThreshold: number): Obstacle {
  const { gap, p, threshold, alpha, joint, equivalence, power } = diagnosis;
  const deciding = decidingP({ gap: gap.value, p }, threshold);
  const isNoise = deciding !== undefined && deciding > alpha;
  if (!isNoise && gap.value >= threshold && joint !== null) {
    return {
      what: 'unclear',
      why: 'Shuffling whole rows of scores does not show what shuffling each modality does: it may be that scores need only agree with each other.',
    };
  }
  if (isNoise || !equivalence.shown) {
    return power.examplesNeeded === null
      ? { what: 'unclear', why: 'The gap lies too near to the threshold for any number of examples to tell.' }
      : { what: 'data', why: 'These examples are too few to settle a gap of this size.' };
  }
  const strongest = strongestOf(diagnosis);
  if (strongest !== undefined && strongest.gap >= controlThreshold) {
    return {
      what: 'data',
      why: 'These examples are too few to tell whether the rule profits from truthful scores.',
    };
  }
  const roomiest = roomiestOf(diagnosis);
  if (roomiest !== undefined && roomiest.headroom >= threshold) {
    return {
      what: 'data',
      why: 'On these examples too little is to be gained by any scores for a positive control to tell.',
    };
  }
  return roomiest === undefined
    ? { what: 'unclear', why: 'No positive control could tell whether the rule or the scores are at fault.' }
    : { what: 'data', why: 'On these examples hardly anything is to be gained by any scores.' };
}
