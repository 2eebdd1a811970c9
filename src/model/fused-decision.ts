import type { OutputConfig } from '../config/gate-config.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import { type Decision, type Floats, VALUE } from './decision.ts';
import { labelsDecision } from './label-sets.ts';
import { refuseMistakenKind } from './output-kind.ts';

/** Fused outputs [N * width]. */
export interface FusedOutput {
  readonly values: Floats;
  readonly width: number;
}

/**
 * What the fused output predicts, and how.
 *
 * @param source names the output in errors: `output "logits"`
 * @throws ConfigurationError when its width and its numbers do not go with what the config says of it
 */
export function fusedDecision(output: OutputConfig, source: string, fused: FusedOutput): Decision {
  const { width, values } = fused;
  const { kind, decisionThreshold: threshold, multiLabel } = output;
  if (width < 1) {
    throw new ConfigurationError(`The ${source} has no values; one or more per row are needed.`);
  }
  if (multiLabel) return labelsDecision(output, source, fused);
  if (kind === 'value') {
    refuseSeveralValues(source, width);
    return VALUE;
  }
  const classes = Math.max(2, width);
  refuseOtherClassCount(output, source, width);
  if (kind === 'score') refuseScoreWithout(threshold, source, width);
  if (threshold !== undefined) refuseThreshold(output, threshold, source, width);
  // Rows that sum to 1 are no logits, whatever the default says; a single column may hold either.
  refuseMistakenKind(values, width, kind, source, width === 1);
  if (kind === 'logits' && width === 1 && threshold === undefined) refuseLikelyProbabilities(fused, source);
  return { kind, classes, threshold };
}

function refuseSeveralValues(source: string, width: number): void {
  if (width === 1) return;
  throw new ConfigurationError(
    `The ${source} has ${width} columns; kind: value means a single number per row. For classes say kind: logits or kind: probabilities.`,
  );
}

function refuseOtherClassCount({ classes }: OutputConfig, source: string, width: number): void {
  const found = Math.max(2, width);
  if (classes === undefined || classes.length === found) return;
  throw new ConfigurationError(
    `output.classes names ${classes.length} classes, but the ${source} has ${width} ${width === 1 ? 'column, which means 2' : 'columns'}; name one for each.`,
  );
}

function refuseScoreWithout(threshold: number | undefined, source: string, width: number): void {
  if (width !== 1) {
    throw new ConfigurationError(
      `The ${source} has ${width} columns; kind: score means a single number per row. Say kind: logits or kind: probabilities.`,
    );
  }
  if (threshold !== undefined) return;
  throw new ConfigurationError(
    `The ${source} is a bare score; say from which value on it means class 1 (output: {decision-threshold: ...}).`,
  );
}

function refuseThreshold({ kind }: OutputConfig, threshold: number, source: string, width: number): void {
  if (width > 2) {
    throw new ConfigurationError(
      `output.decision-threshold is for two classes, but the ${source} has ${width}; remove it.`,
    );
  }
  if (kind === 'score' || (threshold > 0 && threshold < 1)) return;
  throw new ConfigurationError(
    `output.decision-threshold is ${threshold}; for the ${source} it is the probability of class 1 and lies between 0 and 1.`,
  );
}

/** Class 1 would be predicted everywhere: probabilities that nobody called so. */
function refuseLikelyProbabilities({ values }: FusedOutput, source: string): void {
  if (!values.every((value) => value >= 0 && value <= 1)) return;
  throw new ConfigurationError(
    `The ${source} is taken for logits, which mean class 1 from 0 on, but every value lies between 0 and 1; say kind: probabilities, or decision-threshold: 0.5 if these are logits.`,
  );
}
