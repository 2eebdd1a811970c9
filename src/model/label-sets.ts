import type { OutputConfig } from '../config/gate-config.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import { decideLabels, type Floats, labelPosteriors, type LabelsDecision } from './decision.ts';
import type { ExpertOutput } from './frozen-fusion.ts';
import { looksLikeProbabilities } from './output-kind.ts';

type Numbers = LabelsDecision['numbers'];

/** Where a label is predicted, unless the config says otherwise. */
const THRESHOLD = 0.5;

/** What an expert says of labels, in every form. @param values [N * L] */
export function labelsSaid(
  values: Floats,
  decision: Omit<LabelsDecision, 'kind'>,
): Required<Pick<ExpertOutput, 'classes' | 'posteriors' | 'sets'>> {
  return {
    classes: new Int32Array(values.length / decision.thresholds.length),
    posteriors: labelPosteriors(values, decision.numbers),
    sets: decideLabels(values, decision),
  };
}

/**
 * From which probability on each label is predicted [L].
 *
 * @param source names the output in errors: `output "logits"`
 * @param width its columns
 * @throws ConfigurationError where there are not several, or the config speaks of another number of labels
 */
export function labelThresholds(output: OutputConfig, source: string, width: number): readonly number[] {
  const { classes, labelThresholds: each, decisionThreshold: all = THRESHOLD } = output;
  if (width < 2) {
    throw new ConfigurationError(
      `The ${source} has ${width} ${width === 1 ? 'column' : 'columns'}, and multi-label: true means one for each of several labels. For a single one leave multi-label out: it is a binary output then.`,
    );
  }
  const [key, count] =
    classes && classes.length !== width
      ? ['classes', classes.length]
      : ['decision-threshold', each?.length ?? width];
  if (count !== width) {
    throw new ConfigurationError(
      `output.${key} has ${count} entries, but the ${source} has ${width} columns; give one for each label.`,
    );
  }
  return each ?? new Array<number>(width).fill(all);
}

/**
 * Refuses numbers that are plainly not what the config calls them.
 *
 * @param values [N * width]
 * @param what names the numbers in the error
 * @param stated the user named the kind, so that logits which happen to lie in [0, 1] are believed
 * @param key of the config that says the kind
 */
export function refuseMistakenLabels(
  values: Floats,
  width: number,
  kind: Numbers,
  { what, stated, key = 'kind' }: { readonly what: string; readonly stated: boolean; readonly key?: string },
): void {
  const stray = values.findIndex((value) => !(value >= 0 && value <= 1));
  if (kind === 'probabilities' && stray !== -1) {
    throw new ConfigurationError(
      `The ${what} is said to hold probabilities, but evaluated row ${Math.floor(stray / width)} has ${values[stray]}; if these are logits, say ${key}: logits.`,
    );
  }
  if (kind === 'probabilities' && width > 1 && looksLikeProbabilities(values, width)) {
    throw new ConfigurationError(
      `Every row of the ${what} sums to 1, as probabilities of classes do, of which an example has one; with multi-label: true each label has a probability of its own (a sigmoid, no softmax). Leave multi-label out, or give the logits of the labels.`,
    );
  }
  if (kind === 'logits' && stray === -1 && !stated) {
    throw new ConfigurationError(
      `The ${what} is taken for logits, but every value lies between 0 and 1; say ${key}: probabilities, or ${key === 'kind' ? 'decision-threshold: 0.5' : `${key}: logits`} if these are logits.`,
    );
  }
}

/**
 * What a fused output says of labels.
 *
 * @param source names the output in errors: `output "logits"`
 * @param values [N * width]
 * @throws ConfigurationError when its width and its numbers do not go with what the config says of it
 */
export function labelsDecision(
  output: OutputConfig,
  source: string,
  { values, width }: { readonly values: Floats; readonly width: number },
): LabelsDecision {
  const thresholds = labelThresholds(output, source, width);
  const numbers = numbersOf(output.kind);
  const stated = (output.labelThresholds ?? output.decisionThreshold) !== undefined;
  refuseMistakenLabels(values, width, numbers, { what: source, stated });
  return { kind: 'labels', numbers, classes: 1, thresholds };
}

/** What numbers of this kind say of a label. The config refuses other kinds. */
export function numbersOf(kind: string): Numbers {
  if (kind === 'logits' || kind === 'probabilities') return kind;
  throw new ConfigurationError(
    `With multi-label: true each number speaks of one label, and "${kind}" does not; say logits or probabilities.`,
  );
}
