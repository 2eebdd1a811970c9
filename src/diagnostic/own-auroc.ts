import type { Diagnosis } from './diagnosis.ts';

/** How well a modality's score tells when its expert is right, beside how well a score would have to. */
export interface OwnAuroc {
  readonly modality: string;
  readonly own: number;
  /** Where the gap of this rule reaches the threshold. */
  readonly needed: number;
}

/**
 * The AUROC of each score beside the one that the rule needs. Only of the correctness control, whose truth is what a score's
 * own AUROC is against: its expert being right. What the corruption control needs is an AUROC against spoilt rows.
 *
 * @returns none where the rule never reaches the threshold, or no AUROC is known
 */
export function ownAurocs({ alignment, controls }: Pick<Diagnosis, 'alignment' | 'controls'>): OwnAuroc[] {
  const needed = controls.correctness?.requiredAuroc ?? null;
  if (needed === null) return [];
  return Object.entries(alignment ?? {}).flatMap(([modality, { auroc }]) =>
    auroc === null ? [] : [{ modality, own: auroc, needed }],
  );
}
