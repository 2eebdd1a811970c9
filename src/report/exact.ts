import type { ExactMean } from '../diagnostic/diagnosis.ts';
import type { GateReport } from './gate-report.ts';
import { gap, metric } from './numbers.ts';

/** A mean over all shuffles that is known. */
export type KnownMean = Exclude<ExactMean, { readonly missing: string }>;

/** That of the gating metric; null where it is not known. */
export function exactGap({ exact }: GateReport): KnownMean | null {
  return known(exact?.metrics[0]);
}

/** With whole rows of scores shuffled, beside independent shuffles. */
export function exactJointGap({ exact }: GateReport): KnownMean | null {
  return known(exact?.joint);
}

/** With the scores of one modality shuffled; null where none is known, or they are those of the gate. */
export function exactGapsByModality({
  exact,
  modalities,
}: GateReport): Readonly<Record<string, KnownMean | null>> | null {
  if (exact === undefined || modalities.length === 1) return null;
  const found = Object.entries(exact.perModality).map(([name, alone]) => [name, known(alone)] as const);
  return found.some(([, alone]) => alone !== null) ? Object.fromEntries(found) : null;
}

/** `+0.0213 (standard error of the sampled one 0.0004)` */
export function exactWords({ gap: value, samplingError }: KnownMean, threshold: number): string {
  return `${gap(value, threshold)} (standard error of the sampled one ${metric(samplingError, threshold)})`;
}

function known(exact: ExactMean | null | undefined): KnownMean | null {
  return exact === null || exact === undefined || 'missing' in exact ? null : exact;
}
