import { placesOfFolds, type Check } from './checked-gate.ts';
import { fusionOf } from './gate-from-file.ts';
import type { GateFile } from './schema.ts';

/** What keys must be to one another where an example may have several labels (`output.multi-label`), and where it may not. */
export const LABEL_CHECKS: Readonly<Record<string, Check>> = {
  labelKinds: ({ file: { output, modalities }, at }) => {
    if (!output['multi-label']) return undefined;
    const fits = (kind: string | undefined): boolean =>
      kind === undefined || /^(logits|probabilities)$/.test(kind);
    const expert = Object.keys(modalities).find((name) => !fits(modalities[name]['expert-kind']));
    const [where, kind] = fits(output.kind)
      ? [expert && at('modalities', expert, 'expert-kind'), expert && modalities[expert]['expert-kind']]
      : [at('output', 'kind'), output.kind];
    return (
      where &&
      `${where} is "${kind}", and with "multi-label: true" each number speaks of one label. Give logits or probabilities.`
    );
  },
  labelColumnsNeedMultiLabel: ({ file, at }) => {
    if (typeof file.columns.label === 'string' || file.output['multi-label']) return undefined;
    return `${at('columns', 'label')} lists ${file.columns.label.length} columns, and only an output with "multi-label: true" has several labels. Name one column, or say so under "output".`;
  },
  labelColumnsOnce: ({ file, at }) => {
    const columns = labelColumns(file);
    const repeated = columns.find((name, i) => columns.indexOf(name) !== i);
    return repeated && `${at('columns', 'label')} has "${repeated}" twice. Name a column for each label.`;
  },
  thresholdsNeedMultiLabel: ({ file: { output }, at }) => {
    if (typeof output['decision-threshold'] !== 'object' || output['multi-label']) return undefined;
    return `${at('output', 'decision-threshold')} is a list, and only an output with "multi-label: true" has several labels. Give one number.`;
  },
  labelsAgree: ({ file, at }) => {
    const { output } = file;
    if (!output['multi-label']) return undefined;
    const threshold = output['decision-threshold'];
    const columns = labelColumns(file);
    const counts = [
      ...(output.classes ? [[at('output', 'classes'), output.classes.length] as const] : []),
      ...(typeof threshold === 'object'
        ? [[at('output', 'decision-threshold'), threshold.length] as const]
        : []),
      ...(columns.length > 1 ? [[at('columns', 'label'), columns.length] as const] : []),
    ];
    const other = counts.find(([, count]) => count !== counts[0][1]);
    return (
      other &&
      `${counts[0][0]} has ${counts[0][1]} entries and ${other[0]} has ${other[1]}. Each has one for each label.`
    );
  },
  labelsAreOneFold: ({ file, at }) => {
    const where = file.output['multi-label'] ? placesOfFolds(file, at)[0] : undefined;
    return (
      where &&
      `${where} judges the gate fold by fold, which is not done of several labels an example (multi-label: true). Give each fold a gate of its own.`
    );
  },
  slicesAreNotOfLabels: ({ file, at }) => {
    if (!file.output['multi-label'] || file.slices === undefined) return undefined;
    return `${at('slices')} judges the gate slice by slice, which is not done of several labels an example (multi-label: true). Give each slice a gate of its own, with columns.subset.`;
  },
  predictedClassNeedsOneClass: ({ file: { output, permutations }, at }) => {
    if (!output['multi-label'] || permutations.within !== 'predicted-class') return undefined;
    return `${at('permutations', 'within')} is "predicted-class", and with "multi-label: true" an example has no class but a set of labels. Name columns to match on instead.`;
  },
  rulesForLabels: ({ file, at }) => {
    if (!file.output['multi-label'] || fusionOf(file)?.rule !== 'dempster') return undefined;
    return `${at('fusion')} is dempster, whose beliefs are about classes that exclude each other, and with "multi-label: true" labels do not. Use another rule, such as weighted-mean or logit-sum.`;
  },
};

/** One, or several with one for each label. */
export function labelColumns({ columns: { label } }: GateFile): readonly string[] {
  return typeof label === 'string' ? [label] : label;
}

/** As many as are given: none, one, or one for each label. */
export function thresholdsOf(output: GateFile['output']): readonly number[] {
  const threshold = output['decision-threshold'] ?? [];
  return typeof threshold === 'number' ? [threshold] : threshold;
}
