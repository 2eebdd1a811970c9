import { ancestorsOf, isWithin } from './anatomy.ts';
import { type FoundModality, modalityOf } from './modalities.ts';
import { OTHER, type ScoreKind } from './operator-kinds.ts';
import { type Probe, rootOf, type ScoreTensor } from './score-region.ts';

/** Scores that a gate could name as its reliability. */
export interface Candidate {
  /** One tensor with a score for each modality, or a tensor for each modality. */
  readonly form: 'one tensor' | 'one each';
  /** In the order of `modalities`; a single one where `form` is 'one tensor'. */
  readonly scores: readonly ScoreTensor[];
  /** The modalities that have a score, in the order of the scores. */
  readonly modalities: readonly FoundModality[];
  /** Whether the graph tells which score belongs to which modality. */
  readonly isOrderKnown: boolean;
  /** Every modality has a score. */
  readonly isComplete: boolean;
  readonly kind: ScoreKind;
  /** Higher is likelier. */
  readonly points: number;
}

/** What speaks for a candidate and against it, beside its kind. */
const POINTS = { direct: 10, derived: -15, divides: -30, incomplete: -25 } as const;
/** Below this, scores of some modalities alone are no candidate. */
const LEAST_WEIGHT_ALONE = 50;
/** From here on a score has a name of its own, and what is computed of it is derived. */
const NAMED = 80;

/** The likeliest first; of equals, what the model computes first. */
export function rankCandidates(
  probe: Probe,
  tensors: readonly ScoreTensor[],
  modalities: readonly FoundModality[],
): Candidate[] {
  const all = [...matrices(probe, tensors, modalities), ...families(probe, tensors, modalities)];
  const able = all.filter(({ scores }) => probe.anatomy.canCut(scores.map(({ tensor }) => tensor)));
  const named = able.filter(({ kind }) => kind !== OTHER);
  const found = named.length > 0 ? named : able;
  const ranked = found.map((candidate) => {
    const isDerived = found.some((other) => other !== candidate && isSourceOf(probe, other, candidate));
    return { ...candidate, points: candidate.points + (isDerived ? POINTS.derived : 0) };
  });
  const place = ({ scores }: Candidate): number => probe.anatomy.order.get(scores[0].tensor) ?? -1;
  return ranked.sort((a, b) => b.points - a.points || place(a) - place(b));
}

/** Tensors with a score for each modality. */
function matrices(
  probe: Probe,
  tensors: readonly ScoreTensor[],
  modalities: readonly FoundModality[],
): Candidate[] {
  if (modalities.length < 2) return [];
  return tensors
    .filter(({ width }) => width === modalities.length)
    .map((score) => {
      const order = slotOrder(probe, score, modalities);
      return candidate('one tensor', [score], order ?? modalities, order !== undefined);
    });
}

/** Single numbers, one for each modality: the k-th of a kind in each modality belong together. */
function families(
  probe: Probe,
  tensors: readonly ScoreTensor[],
  modalities: readonly FoundModality[],
): Candidate[] {
  const single = tensors.filter(({ width }) => width === 1);
  const kinds = [...new Set(single.map(({ kind }) => kind))];
  return kinds.flatMap((kind) => {
    const byModality = modalities.map((modality) =>
      single.filter((score) => score.kind === kind && ownerOf(probe, score, modalities) === modality),
    );
    const longest = Math.max(0, ...byModality.map((list) => list.length));
    return Array.from({ length: longest }, (_, k) => {
      const scored = modalities.filter((_, m) => byModality[m].length > k);
      const scores = byModality.flatMap((list) => list.slice(k, k + 1));
      return candidate('one each', scores, scored, true, scored.length === modalities.length);
    }).filter(({ isComplete }) => isComplete || kind.weight >= LEAST_WEIGHT_ALONE);
  });
}

function candidate(
  form: Candidate['form'],
  scores: readonly ScoreTensor[],
  modalities: readonly FoundModality[],
  isOrderKnown: boolean,
  isComplete = true,
): Candidate {
  const [{ kind }] = scores;
  const isDirect = scores.every(({ direct }) => direct.length > 0);
  const gates = scores.flatMap(({ direct, indirect }) => (isDirect ? direct : indirect));
  const divides = gates.every(({ operator }) => operator === 'Div');
  const points =
    kind.weight +
    (isDirect ? POINTS.direct : 0) +
    (divides ? POINTS.divides : 0) +
    (isComplete ? 0 : POINTS.incomplete);
  return { form, scores, modalities, isOrderKnown, isComplete, kind, points };
}

/** The modality from which alone a score is computed, else the one whose name it has, else the only one it weights. */
function ownerOf(
  { anatomy }: Probe,
  { tensor, direct }: ScoreTensor,
  modalities: readonly FoundModality[],
): FoundModality | undefined {
  const isInput = !anatomy.writer.has(tensor);
  const own = modalityOf(modalities, anatomy.inputsOf(tensor), isInput ? tensor : undefined);
  if (own !== undefined) return own;
  const weighted = new Set(direct.map(({ branch }) => modalityOf(modalities, anatomy.inputsOf(branch))));
  return weighted.size === 1 ? [...weighted][0] : undefined;
}

/** Which place of a tensor is which modality's: as the branches that it weights, or its own parts, were joined. */
function slotOrder(
  probe: Probe,
  score: ScoreTensor,
  modalities: readonly FoundModality[],
): FoundModality[] | undefined {
  const sources = [...score.direct.map(({ branch }) => branch), score.tensor];
  for (const source of sources) {
    const order = joinedParts(probe, source).map((part) =>
      modalityOf(modalities, probe.anatomy.inputsOf(part), part),
    );
    const known = order.filter((modality) => modality !== undefined);
    if (known.length === modalities.length && new Set(known).size === known.length) return known;
  }
  return undefined;
}

/** The parts of the nearest join above a tensor, each traced to where it comes from; none where there is no join. */
export function joinedParts(probe: Probe, tensor: string): readonly string[] {
  const { writer, inputsOf } = probe.anatomy;
  let name = tensor;
  for (;;) {
    const operator = writer.get(name);
    if (operator === undefined) return [];
    if (operator.type === 'Concat') return operator.reads.map((read) => rootOf(probe, read));
    const varying = operator.reads.filter((read) => inputsOf(read) !== 0n);
    if (varying.length === 0) return [];
    name = varying[0];
  }
}

/** A complete candidate with a name of its own, from which every score of another is computed. */
function isSourceOf(probe: Probe, source: Candidate, { scores }: Candidate): boolean {
  if (source.kind.weight < NAMED || source.points < NAMED) return false;
  return scores.every(({ tensor }) => {
    const above = ancestorsOf(probe.anatomy, [tensor]);
    return source.scores.every((score) => score.tensor !== tensor && above.has(score.tensor));
  });
}

/**
 * An uncertainty weights what the others say: it is computed from one modality, and weights evidence that is computed from
 * none of it. Low then means reliable.
 */
export function weightsOthers({ anatomy }: Probe, { scores, modalities, form }: Candidate): boolean {
  if (form === 'one tensor') return false;
  return scores.every(({ tensor, direct }, m) => {
    const own = anatomy.inputsOf(tensor);
    if (!anatomy.writer.has(tensor) || !isWithin(own, modalities[m].set) || direct.length === 0) return false;
    return direct.every(({ branch }) => (anatomy.inputsOf(branch) & own) === 0n);
  });
}
