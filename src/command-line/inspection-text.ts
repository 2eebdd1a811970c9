import type { FoundCandidate, Inspection } from '../inspection/inspection-schema.ts';
import { nothingFound } from '../inspection/config-text.ts';
import { terminal } from '../report/escape.ts';
import { metric } from '../report/numbers.ts';
import { wrap } from '../report/text.ts';

const INDENT = '  ';
/** So many candidates are shown. */
const MOST_SHOWN = 4;
const DIGITS = 4;

/** What was found in a model, for a terminal. */
export function renderInspection(inspection: Inspection): string {
  const { model, modalities, candidates, notes } = inspection;
  const sections = [
    [`${terminal(model.path)}, on ${terminal(model.engine)}`, ...aligned(tensorRows(inspection))],
    modalities.length === 0 ? [] : ['Modalities', ...aligned(modalities.map(modalityRow))],
    candidates.length === 0
      ? wrap(terminal(nothingFound(inspection).message), '')
      : [
          'Candidates for reliability, the likeliest first',
          ...candidates.slice(0, MOST_SHOWN).flatMap(candidateText),
        ],
    notes.flatMap((note) => wrap(`Note: ${terminal(note)}`, '')),
  ];
  const shown = sections.filter((lines) => lines.length > 0).map((lines) => lines.join('\n'));
  return `${shown.join('\n\n')}\n`;
}

function tensorRows(inspection: Inspection): (readonly [string, string])[] {
  const { inputs, outputs } = inspection;
  const label = (text: string, i: number): string => (i === 0 ? text : '');
  return [
    ...inputs.map((input, i) => [label('inputs', i), tensorText(input)] as const),
    ...outputs.map(
      (output, i) => [label('outputs', i), tensorText(output) + roleOf(inspection, output.name)] as const,
    ),
    ['data', dataText(inspection)],
  ];
}

function candidateText({ scores, reason, ...candidate }: FoundCandidate, index: number): string[] {
  const tensors = [
    ...new Map(
      scores.map(({ tensor, shape }) => [tensor, `${terminal(tensor)} [${shape.join(', ')}]`]),
    ).values(),
  ];
  const [head, ...more] = wrap(unbroken(`${index + 1}. ${tensors.join(', ')}`));
  return [
    head,
    ...more,
    ...wrap(`${unbroken(terminal(reason))}.`).map((line) => INDENT + line),
    ...numbersText(scores),
    ...(candidate.complete ? [] : [`${INDENT}${INDENT}Not every modality has such a score.`]),
  ];
}

/** Shapes stay on one line. */
function unbroken(text: string): string {
  return text.replace(/\[[^\]]*\]/g, (shape) => shape.replaceAll(' ', '\u00a0'));
}

function numbersText(scores: FoundCandidate['scores']): string[] {
  if (scores.every(({ spread }) => spread === null)) return [];
  const hasAuroc = scores.some(({ auroc }) => auroc !== null);
  const head = ['', 'min', 'mean', 'max', 'std', ...(hasAuroc ? ['AUROC'] : [])];
  const rows = scores.map(({ modality, spread, auroc }) => [
    terminal(modality),
    ...(spread === null
      ? ['n/a', 'n/a', 'n/a', 'n/a']
      : [spread.min, spread.mean, spread.max, spread.std].map(shortNumber)),
    ...(hasAuroc ? [metric(auroc)] : []),
    ...(spread?.constant ? ['the same on every row'] : []),
  ]);
  return flushRight([head, ...rows]).map((line) => INDENT + INDENT + line);
}

function modalityRow({ name, inputs, expert }: Inspection['modalities'][number]): readonly [string, string] {
  const said =
    expert === null
      ? 'no expert found'
      : `expert ${terminal(expert.tensor)}${expert.isOutput ? '' : ' (inside)'}`;
  return [terminal(name), `${inputs.map((input) => terminal(input)).join(', ')}; ${said}`];
}

/** `audio [N, 6] float32` */
export function tensorText({
  name,
  dtype,
  shape,
}: {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly (number | null)[] | null;
}): string {
  const sizes = shape?.map((size, axis) => String(size ?? (axis === 0 ? 'N' : '?')));
  return `${terminal(name)} ${sizes === undefined ? '(shape not stated)' : `[${sizes.join(', ')}]`} ${dtype}`;
}

function roleOf({ output }: Inspection, name: string): string {
  return output?.tensor === name
    ? `: the fused output, ${output.kind}${output.multiLabel ? ' of several labels' : ''}`
    : '';
}

function dataText({ evaluationSet }: Inspection): string {
  if (evaluationSet === null) return 'none: shapes were seen on made-up rows';
  const { path, rows, used, label } = evaluationSet;
  const said = label === null ? 'no label known (--label)' : `label ${terminal(label)}`;
  return `${terminal(path)}: ${used} of ${rows} rows, ${said}`;
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(DIGITS)));
}

function aligned(rows: readonly (readonly string[])[]): string[] {
  const width = Math.max(...rows.map(([label]) => label.length));
  return rows.map(([label, value]) => `${INDENT}${label.padEnd(width)}  ${value}`);
}

/** The first column flush left, the others flush right. */
function flushRight(rows: readonly (readonly string[])[]): string[] {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows.map((row) =>
    row.map((cell, c) => (c === 0 ? cell.padEnd(widths[0]) : cell.padStart(widths[c] ?? 0))).join('  '),
  );
}
