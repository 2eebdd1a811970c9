import { basename, dirname, extname, relative, resolve, sep } from 'node:path';

import { parseYaml } from '../config/parse-yaml.ts';
import { validateConfig } from '../config/validate-config.ts';
import type { EvaluationSet } from '../evaluation-set/evaluation-set.ts';
import { standardDeviation } from '../diagnostic/spread.ts';
import { mustBeNumbers } from '../evaluation-set/numbers.ts';
import { rowName } from '../evaluation-set/wording.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import { configText, nothingFound } from './config-text.ts';
import type { Finding } from './inspect-model.ts';
import { askForLabel } from './known-columns.ts';

/**
 * The text of a config file for what was found.
 *
 * @param file where it will stand, absolute
 * @param base what the paths in the finding are relative to
 * @throws ConfigurationError when no candidate was found, or it cannot be told which column holds the labels
 */
export async function configFor(finding: Finding, file: string, base: string): Promise<string> {
  const { inspection, set, columns } = finding;
  if (set === undefined || columns === undefined) throw new Error('configFor needs an evaluation set.');
  if (inspection.candidates.length === 0 || inspection.output === null) throw nothingFound(inspection);
  if (columns.label === undefined) throw askForLabel(set, new Set(inspection.inputs.map(({ name }) => name)));
  const fromFile = (path: string): string =>
    relative(dirname(file), resolve(base, path)).split(sep).join('/');
  const text = configText(inspection, {
    model: fromFile(inspection.model.path),
    evaluationSet: fromFile(set.path),
    name: gateName(resolve(base, inspection.model.path)),
    label: columns.label,
    id: columns.id,
    presence: new Map([...columns.presence].map(([{ name }, column]) => [name, column])),
    ...(inspection.output.kind === 'value'
      ? { threshold: await likelyThreshold(set, columns.label) }
      : { classes: await classNames(set, columns.label, inspection.output.width) }),
  });
  // What would not be read back must not be written.
  validateConfig(parseYaml(text, basename(file)), (path) => path.join('.'));
  return text;
}

function gateName(model: string): string {
  const name = basename(model, extname(model));
  // The folder names a TensorFlow.js model: its file is always called model.json.
  return name === 'model' ? basename(dirname(model)) : name;
}

/** A fiftieth of the standard deviation of the labels, to one digit. */
async function likelyThreshold(set: EvaluationSet, label: string): Promise<number> {
  const { values } = mustBeNumbers(await set.read(label), `The label column "${label}"`, rowName);
  const known = Array.from(values).filter(Number.isFinite);
  const threshold = standardDeviation(known) / 50;
  return threshold > 0 ? Number(threshold.toPrecision(1)) : 1;
}

/** The names of the classes where labels are text; undefined where they are numbers. */
async function classNames(set: EvaluationSet, label: string, width: number): Promise<string[] | undefined> {
  const column = await set.read(label);
  if (column.kind === 'numbers') return undefined;
  const names = [...new Set(column.values)].sort();
  const count = Math.max(2, width);
  if (names.length === count) return names;
  throw new ConfigurationError(
    `The label column "${label}" of "${set.path}" has ${names.length} different names, but the fused output has ${count} classes. Name another column with --label.`,
  );
}
