import { parse } from 'yaml';

import { CONTROL_THRESHOLD, CONTROL_TIMES, isInUnitOfLabel, metricsFor } from '../config/metric-keys.ts';
import { gateFile } from '../config/schema.ts';
import { ConfigurationError, enumerate } from '../foundation/errors.ts';
import type { FoundCandidate, Inspection } from './inspection-schema.ts';

/** What a config file says beside what was found in the model. */
export interface ConfigFacts {
  /** As the config file names them, relative to its folder. */
  readonly model: string;
  readonly evaluationSet: string;
  readonly name: string;
  readonly label: string;
  readonly id?: string;
  /** By modality: the column that is 1 where it was observed. */
  readonly presence: ReadonlyMap<string, string>;
  /** Where labels are text: their names in the order of the outputs, as far as it can be told. */
  readonly classes?: readonly string[];
  /** Where the output is a value: a gap that may matter, in the unit of the label. */
  readonly threshold?: number;
}

type FusedOutput = NonNullable<Inspection['output']>;

/** So many other candidates are named in a comment. */
const MOST_OTHERS = 3;
const WIDTH = 110;

/**
 * A commented config file with one gate on the likeliest candidate.
 *
 * @throws ConfigurationError when there is no candidate, or no fused output
 */
export function configText(inspection: Inspection, facts: ConfigFacts): string {
  const { candidates, output } = inspection;
  if (candidates.length === 0 || output === null) throw nothingFound(inspection);
  const [chosen, ...others] = candidates;
  const lines = [
    `# Written by "fusion-gate init" from what it found in ${oneLine(facts.model)}. Read it, mend what is wrong, and commit it.`,
    'gates:',
    `  - name: ${scalar(facts.name)}`,
    `    model: ${scalar(facts.model)}`,
    `    evaluation-set: ${scalar(facts.evaluationSet)}`,
    `    columns: ${columnsText(facts)}`,
    '',
    ...comment(`The scores under test: ${chosen.reason}.`),
    ...doubts(inspection, chosen),
    ...gateText(inspection, chosen, facts),
    ...othersText(others),
    '',
    ...comment(fusedText(output)),
    ...classDoubt(facts),
    `    output: { tensor: ${scalar(output.tensor)}, kind: ${output.kind}${output.multiLabel ? ', multi-label: true' : ''}${classesText(facts)} }`,
    ...thresholdText(facts),
    '',
    ...defaults(output),
  ];
  return `${lines.join('\n')}\n`;
}

/** @returns a sentence for a model in which no candidate was found */
export function nothingFound({ model, modalities, output }: Inspection): ConfigurationError {
  const names = enumerate(modalities.map(({ name }) => name));
  const fused = output === null ? 'the output' : `"${output.tensor}"`;
  return new ConfigurationError(
    `No candidate for reliability was found in "${model.path}": nothing with one number per example, or one for each modality (found: ${names}), weights anything on the way to ${fused}. If you know the tensor, name it under reliability in a fusion-gate.yml of your own.`,
  );
}

function columnsText({ id, label }: ConfigFacts): string {
  return `{ ${id === undefined ? '' : `id: ${scalar(id)}, `}label: ${scalar(label)} }`;
}

function gateText({ modalities, output }: Inspection, chosen: FoundCandidate, facts: ConfigFacts): string[] {
  const scored = modalities.filter(({ name }) => chosen.scores.some(({ modality }) => modality === name));
  const hasExperts = scored.every(({ expert }) => expert !== null && expert.kind !== null);
  const lines = scored.map(({ name, inputs, expert }) => {
    const score = chosen.scores.find(({ modality }) => modality === name)!;
    const presence = facts.presence.get(name);
    const kind = expert?.kind === output?.kind ? [] : [`expert-kind: ${expert?.kind}`];
    const keys = [
      `inputs: [${inputs.map(scalar).join(', ')}]`,
      ...(score.place === null ? [`reliability: ${scalar(score.tensor)}`] : []),
      ...(presence === undefined ? [] : [`presence: ${scalar(presence)}`]),
      ...(hasExperts ? [`expert: ${scalar(expert!.tensor)}`, ...kind] : []),
      ...(chosen.reliableWhen === 'low' ? ['reliable-when: low'] : []),
    ];
    return `      ${scalar(name)}: { ${keys.join(', ')} }`;
  });
  const withoutExperts = hasExperts
    ? []
    : comment(
        'No sure prediction of one modality alone was found. With "expert: NAME" in each modality (a tensor or a column, and its expert-kind) the gate also tells how much an ideal score would bring.',
      );
  return ['    modalities:', ...lines, ...matrixText(chosen), ...withoutExperts];
}

function matrixText({ axis, scores }: FoundCandidate): string[] {
  if (axis === null) return [];
  const order = scores.map(({ modality }) => scalar(modality)).join(', ');
  const turned = axis === 0 ? ', axis: 0' : '';
  return [`    reliability: { tensor: ${scalar(scores[0].tensor)}, order: [${order}]${turned} }`];
}

function doubts(
  { modalities }: Inspection,
  { orderKnown, complete, scores, reliableWhen }: FoundCandidate,
): string[] {
  const names = new Set(scores.map(({ modality }) => modality));
  const without = modalities.filter(({ name }) => !names.has(name)).map(({ name }) => name);
  return [
    ...(orderKnown
      ? []
      : comment(
          'CHECK: which score belongs to which modality could not be told; this is the order of the inputs.',
        )),
    ...(complete ? [] : comment(`CHECK: no score of ${enumerate(without)} was found.`)),
    ...(reliableWhen === 'low'
      ? comment('CHECK: it looks like an uncertainty, so low is taken to mean reliable.')
      : []),
  ];
}

function othersText(others: readonly FoundCandidate[]): string[] {
  if (others.length === 0) return [];
  const named = others.slice(0, MOST_OTHERS).map(({ scores, reason }) => {
    const tensors = enumerate([...new Set(scores.map(({ tensor }) => tensor))]);
    return `${tensors} (${reason.split(',', 1)[0]})`;
  });
  return comment(`Also possible: ${named.join('; ')}.`);
}

function classesText({ classes }: ConfigFacts): string {
  return classes === undefined ? '' : `, classes: [${classes.map(scalar).join(', ')}]`;
}

function classDoubt({ classes }: ConfigFacts): string[] {
  return classes === undefined
    ? []
    : comment('CHECK: classes must stand in the order of the outputs; this is that of the alphabet.');
}

function fusedText({ kind, multiLabel }: FusedOutput): string {
  if (multiLabel) {
    return `The fused output. Rows have several labels, or none, so each of its numbers is taken for that of one label. They look like ${kind}.`;
  }
  return kind === 'value'
    ? 'The fused output. Labels have fractions, so its one number is taken for the prediction itself.'
    : `The fused output. Its numbers look like ${kind}.`;
}

/** In the unit of the label there is no default. */
function thresholdText({ threshold }: ConfigFacts): string[] {
  if (threshold === undefined) return [];
  return [
    ...comment(
      "CHECK: the smallest gap that counts is in the unit of the label; this is a fiftieth of the label's standard deviation.",
    ),
    `    threshold: ${threshold}`,
  ];
}

/** Keys that are often changed, with the defaults of the schema. */
function defaults({ kind, multiLabel }: FusedOutput): string[] {
  const { shape } = gateFile;
  const [metric, other] = metricsFor({ kind, 'multi-label': multiLabel ?? false });
  const { count, scheme, seed } = shape.permutations.parse(undefined);
  const keys = [
    [`metric: ${metric}`, `or ${other}`],
    ...(isInUnitOfLabel(metric)
      ? []
      : [
          [
            `threshold: ${shape.threshold.parse(undefined)}`,
            'smallest permutation gap that counts, in the unit of the metric',
          ],
        ]),
    [`alpha: ${shape.alpha.parse(undefined)}`, 'level of significance'],
    [`permutations: { count: ${count}, scheme: ${scheme}, seed: ${seed} }`, ''],
    [
      isInUnitOfLabel(metric)
        ? 'control: { threshold: ... }'
        : `control: { threshold: ${CONTROL_THRESHOLD} }`,
      `gap at which a positive control passes${isInUnitOfLabel(metric) ? `, ${CONTROL_TIMES} times the threshold` : ''}`,
    ],
    [`fail-on-inconclusive: ${shape['fail-on-inconclusive'].parse(undefined)}`, ''],
  ];
  return [
    '    # Defaults:',
    ...keys.map(([key, what]) => `    # ${what === '' ? key : `${key.padEnd(30)}# ${what}`}`),
  ];
}

/** Text as comment lines of the gate. */
function comment(text: string): string[] {
  const lines = ['    #'];
  for (const word of oneLine(text).split(' ')) {
    const last = lines.at(-1)!;
    if (last.length + word.length + 1 > WIDTH) lines.push(`    # ${word}`);
    else lines[lines.length - 1] = `${last} ${word}`;
  }
  return lines;
}

/** A name as a YAML scalar: quoted wherever plain text would be something else. */
export function scalar(text: string): string {
  const isPlain = /^[\p{L}_/.][\p{L}\p{N}_/.-]*$/u.test(text) && parse(text) === text;
  return isPlain ? text : JSON.stringify(text);
}

/** Names come from files: in a comment they must not end its line. */
export function oneLine(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
}
