import type { Truth } from '../diagnostic/examples.ts';
import { enumerate } from '../foundation/errors.ts';
import { type Candidate, weightsOthers } from './candidates.ts';
import type { FoundExpert } from './experts.ts';
import type { FoundCandidate, FoundScore } from './inspection-schema.ts';
import { alignmentOf, kindOf, scoreAt, spreadOf } from './measure.ts';
import type { FoundModality } from './modalities.ts';
import type { Sampled } from './sample.ts';
import type { Gate, Probe } from './score-region.ts';

/** What tensors hold on the evaluation set. */
export interface Measured {
  readonly rows: number;
  readonly values: ReadonlyMap<string, Sampled>;
  /** What is true of the rows. */
  readonly truth?: Truth;
}

/** So many branches are named in a reason. */
const MOST_NAMED = 3;

/** A candidate as it is printed. */
export function describeCandidate(
  probe: Probe,
  candidate: Candidate,
  experts: ReadonlyMap<FoundModality, FoundExpert>,
  measured: Measured | undefined,
): FoundCandidate {
  const { scores, modalities, form, isOrderKnown, isComplete } = candidate;
  const isUncertainty = weightsOthers(probe, candidate);
  return {
    reason: reasonOf(probe, candidate, isUncertainty),
    inside: scores.every(({ tensor }) => probe.anatomy.writer.has(tensor)),
    axis: form === 'one tensor' ? axisOf(probe.sampled.get(scores[0].tensor)!) : null,
    orderKnown: isOrderKnown,
    complete: isComplete,
    reliableWhen: isUncertainty ? 'low' : 'high',
    scores: modalities.map((modality, m) => {
      const place = form === 'one tensor' ? m : null;
      const { tensor } = scores[place === null ? m : 0];
      const expert = experts.get(modality);
      const numbers = numbersOf(tensor, place ?? 0, expert?.tensor, measured, isUncertainty);
      return {
        modality: modality.name,
        tensor,
        place,
        shape: shapeOf(probe.sampled.get(tensor)!),
        ...numbers,
      };
    }),
  };
}

function numbersOf(
  tensor: string,
  place: number,
  expert: string | undefined,
  measured: Measured | undefined,
  isUncertainty: boolean,
): Pick<FoundScore, 'spread' | 'auroc'> {
  const sampled = measured?.values.get(tensor);
  if (sampled === undefined) return { spread: null, auroc: null };
  const score = scoreAt(sampled, place);
  const said = expert === undefined ? undefined : measured?.values.get(expert);
  if (said === undefined || measured?.truth === undefined) return { spread: spreadOf(score), auroc: null };
  // Of values and of labels it takes all experts to say which one to trust.
  if (!('labels' in measured.truth)) return { spread: spreadOf(score), auroc: null };
  const { labels } = measured.truth;
  const kind = kindOf(said) ?? 'logits';
  const turned = isUncertainty ? score.map((value) => -value) : score;
  return { spread: spreadOf(score), auroc: alignmentOf(turned, said, labels, kind) };
}

/** `a softmax over the modalities, which weights stack [N, 2, 3]` */
function reasonOf(
  probe: Probe,
  { kind, form, scores, modalities }: Candidate,
  isUncertainty: boolean,
): string {
  const scope =
    form === 'one tensor'
      ? 'over the modalities'
      : modalities.length === 1
        ? `for ${modalities[0].name}`
        : 'for each modality';
  const isDirect = scores.every(({ direct }) => direct.length > 0);
  const gates = scores.flatMap(({ direct, indirect }) => (isDirect ? direct : indirect));
  if (gates.length === 0) return `${kind.phrase} ${scope}`;
  const branches = [...new Set(gates.map(({ branch }) => branch))];
  const shown = branches.map((name) => `${name} ${shapeText(probe.sampled.get(name)!)}`);
  const turned = isUncertainty ? ', each of the other modality, so that low means reliable' : '';
  return `${kind.phrase} ${scope}, which ${isDirect ? '' : 'in the end '}${verbOf(gates)} ${enumerate(shown, MOST_NAMED)}${turned}`;
}

function verbOf(gates: readonly Gate[]): string {
  if (gates.every(({ operator }) => operator === 'Div')) return 'divides';
  return gates.every(({ operator }) => operator === 'Where') ? 'selects' : 'weights';
}

function axisOf({ batchAxis }: Sampled): 0 | 1 {
  return batchAxis === 0 ? 1 : 0;
}

function shapeOf({ row, batchAxis }: Sampled): (number | 'N')[] {
  return batchAxis === 0 ? ['N', ...row] : [...row, 'N'];
}

function shapeText(sampled: Sampled): string {
  return `[${shapeOf(sampled).join(', ')}]`;
}
