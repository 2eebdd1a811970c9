import type { TensorInfo } from '../model/loaded-model.ts';
import { isWithin } from './anatomy.ts';
import { joinedParts } from './candidates.ts';
import type { FoundModality } from './modalities.ts';
import { widthOf } from './sample.ts';
import { type Gate, type Probe, rootOf } from './score-region.ts';

/** What is probably the prediction of one modality alone. */
export interface FoundExpert {
  readonly tensor: string;
  readonly isOutput: boolean;
}

/**
 * By modality: an output of the model, else what the scores weight, if it is computed from that modality alone and is as
 * wide as the fused output.
 *
 * @param classes numbers per example of the fused output
 */
export function findExperts(
  probe: Probe,
  gates: readonly Gate[],
  modalities: readonly FoundModality[],
  outputs: readonly TensorInfo[],
  classes: number,
): ReadonlyMap<FoundModality, FoundExpert> {
  const { output } = probe.anatomy;
  const others = outputs.map(({ name }) => name).filter((name) => name !== output);
  const weighted = gates.flatMap(({ branch }) => [
    branch,
    rootOf(probe, branch),
    ...joinedParts(probe, branch),
  ]);
  const found = new Map<FoundModality, FoundExpert>();
  for (const modality of modalities) {
    const fits = (tensor: string): boolean => isPrediction(probe, tensor, modality, classes);
    const tensor = others.find(fits) ?? weighted.find(fits);
    if (tensor !== undefined) found.set(modality, { tensor, isOutput: others.includes(tensor) });
  }
  return found;
}

/** Computed from one modality alone, and as wide as the fused output. */
function isPrediction(
  { anatomy, sampled }: Probe,
  tensor: string,
  modality: FoundModality,
  classes: number,
): boolean {
  const found = sampled.get(tensor);
  const own = anatomy.inputsOf(tensor);
  return found !== undefined && widthOf(found) === classes && own !== 0n && isWithin(own, modality.set);
}
