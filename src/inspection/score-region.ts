import type { TensorInfo } from '../model/loaded-model.ts';
import type { Operator } from '../model/operator-graph.ts';
import { type Anatomy, ancestorsOf } from './anatomy.ts';
import {
  GATES,
  INPUT,
  KINDS,
  NORMALISED,
  OTHER,
  RESHAPES,
  SCALES,
  SELECTS,
  type ScoreKind,
  RECIPROCAL,
} from './operator-kinds.ts';
import { type Sampled, widthOf } from './sample.ts';

/** A model's graph together with the values that its tensors have on a few rows. */
export interface Probe {
  readonly anatomy: Anatomy;
  readonly sampled: ReadonlyMap<string, Sampled>;
  /** Inputs that hold evidence: never a score. */
  readonly evidence: ReadonlySet<string>;
  /** How many numbers per example a score may have: 1, or one for each modality. */
  readonly widths: readonly number[];
}

/** A place where a narrow tensor weights a wider one. */
export interface Gate {
  readonly score: string;
  readonly branch: string;
  readonly operator: string;
}

/** A tensor that may be a score, and what it weights. */
export interface ScoreTensor {
  readonly tensor: string;
  readonly width: number;
  readonly kind: ScoreKind;
  /** Gates that it, perhaps reshaped or scaled, weights itself. */
  readonly direct: readonly Gate[];
  /** Gates that are reached through further small computations. */
  readonly indirect: readonly Gate[];
}

/** Everywhere that a narrow tensor multiplies, divides or selects a wider one on the way to the fused output. */
export function findGates(probe: Probe): Gate[] {
  const needed = ancestorsOf(probe.anatomy, [probe.anatomy.output]);
  return probe.anatomy.operators
    .filter(({ type, writes }) => GATES.has(type) && writes.some((name) => needed.has(name)))
    .flatMap((operator) => gatesOf(probe, operator));
}

function gatesOf(probe: Probe, operator: Operator): Gate[] {
  const { type, reads } = operator;
  const pairs = reads.flatMap((score) => reads.map((branch) => ({ score, branch, operator: type })));
  return pairs.filter(({ score, branch }) => {
    if (score === branch || !isScoreLike(probe, score) || !varies(probe, branch)) return false;
    if (type === 'Where' && score !== reads[0]) return false;
    if ((type === 'Div' || type === 'Pow') && score !== reads[1]) return false;
    if (type === 'Div' && normalises(probe, score, branch)) return false;
    return weighs(probe, score, branch);
  });
}

/** The wider one is weighted; of two alike, the one that looks less like a score. */
function weighs(probe: Probe, score: string, branch: string): boolean {
  const [narrow, wide] = [score, branch].map((name) => probe.sampled.get(name));
  if (narrow === undefined || wide === undefined) return false;
  if (widthOf(narrow) !== widthOf(wide)) return widthOf(narrow) < widthOf(wide);
  return likeness(probe, score) > likeness(probe, branch);
}

/** A single sigmoid of one modality may as well be a binary expert. */
function likeness(probe: Probe, tensor: string): number {
  const { weight } = kindOf(probe, rootOf(probe, tensor));
  const width = widthOf(probe.sampled.get(rootOf(probe, tensor)) ?? { row: [] });
  return weight + (width > 1 ? 1 : 0);
}

/** A tensor divided by something that is computed from itself, as in a layer norm or a softmax that was taken apart. */
function normalises(probe: Probe, divisor: string, divided: string): boolean {
  return ancestorsOf(probe.anatomy, [divisor]).has(rootOf(probe, divided));
}

/** All narrow tensors on the way to the gates, one for each that differs by more than shape and scale. */
export function findScoreTensors(probe: Probe, gates: readonly Gate[]): ScoreTensor[] {
  const byRoot = new Map<string, { members: Set<string>; direct: Set<Gate>; indirect: Set<Gate> }>();
  for (const gate of gates) {
    const gating = rootOf(probe, gate.score);
    for (const tensor of narrowAncestors(probe, gate.score)) {
      const root = rootOf(probe, tensor);
      const entry = byRoot.get(root) ?? { members: new Set(), direct: new Set(), indirect: new Set() };
      entry.members.add(tensor);
      entry[root === gating ? 'direct' : 'indirect'].add(gate);
      byRoot.set(root, entry);
    }
  }
  return [...byRoot].map(([root, { members, direct, indirect }]) => {
    const tensor = faceOf(probe, root, members);
    const width = widthOf(probe.sampled.get(tensor)!);
    return { tensor, width, kind: kindOf(probe, root), direct: [...direct], indirect: [...indirect] };
  });
}

/** The narrow inputs that are no evidence, of a model whose inside is not shown. */
export function inputScores(probe: Probe, inputs: readonly TensorInfo[]): ScoreTensor[] {
  const narrow = inputs.filter(({ name, dtype }) => dtype.startsWith('float') && isScoreLike(probe, name));
  return narrow.map(({ name }) => ({
    tensor: name,
    width: widthOf(probe.sampled.get(name)!),
    kind: INPUT,
    direct: [],
    indirect: [],
  }));
}

/** What stands for a score in several shapes and scales: an input itself, else the last one through which all of it goes. */
function faceOf({ anatomy }: Probe, root: string, members: ReadonlySet<string>): string {
  if (!anatomy.writer.has(root)) return root;
  let face = root;
  for (let name = root; ;) {
    const readers = anatomy.readers.get(name) ?? [];
    const [next] = readers.flatMap(({ writes }) => writes);
    if (readers.length !== 1 || !members.has(next) || SELECTS.has(readers[0].type)) return face;
    if (!RESHAPES.has(readers[0].type)) face = next;
    name = next;
  }
}

/** A tensor and those that it is computed from, as long as they are narrow. */
function narrowAncestors(probe: Probe, tensor: string): Set<string> {
  const seen = new Set([tensor]);
  for (const name of seen) {
    for (const read of probe.anatomy.writer.get(name)?.reads ?? []) {
      if (isScoreLike(probe, read)) seen.add(read);
    }
  }
  return seen;
}

function isScoreLike(probe: Probe, tensor: string): boolean {
  const { anatomy, sampled, evidence, widths } = probe;
  const found = sampled.get(tensor);
  if (found === undefined || evidence.has(tensor) || !varies(probe, tensor)) return false;
  if (anatomy.writer.has(tensor) && !anatomy.cuttable.has(tensor)) return false;
  return widths.includes(widthOf(found));
}

function varies({ anatomy }: Probe, tensor: string): boolean {
  return anatomy.inputsOf(tensor) !== 0n;
}

/** The tensor of which this one is another shape, part or scale. */
export function rootOf(probe: Probe, tensor: string): string {
  const { writer, inputsOf } = probe.anatomy;
  let name = tensor;
  for (;;) {
    const operator = writer.get(name);
    if (operator === undefined) return name;
    const { type, reads } = operator;
    const varying = reads.filter((read) => inputsOf(read) !== 0n);
    const isView = RESHAPES.has(type) || SELECTS.has(type);
    const isScale = SCALES.has(type) && varying.length === 1 && reads[0] === varying[0];
    // Of a product or a sum the constant may come first; a constant minus or divided by a score is another score.
    const isSwapped = (type === 'Mul' || type === 'Add') && varying.length === 1;
    const [source] = isView ? reads : varying;
    if (!(isView || isScale || isSwapped) || !varying.includes(source)) return name;
    // A part of something wide is a score of its own.
    if (isScoreLike(probe, name) && !isScoreLike(probe, source)) return name;
    name = source;
  }
}

function kindOf(probe: Probe, root: string): ScoreKind {
  const { writer, inputsOf } = probe.anatomy;
  const operator = writer.get(root);
  if (operator === undefined) return INPUT;
  const { type, reads } = operator;
  if (type === 'Div' && inputsOf(reads[0]) === 0n) return RECIPROCAL;
  if (type === 'Div' && writer.get(reads[1])?.reads[0] === reads[0]) return NORMALISED;
  if (type === 'Log' && isSumOfExponentials(probe, reads[0])) return KINDS.get('ReduceLogSumExp')!;
  return KINDS.get(type) ?? OTHER;
}

function isSumOfExponentials({ anatomy: { writer } }: Probe, tensor: string): boolean {
  const sum = writer.get(tensor);
  return sum?.type === 'ReduceSum' && writer.get(sum.reads[0])?.type === 'Exp';
}
