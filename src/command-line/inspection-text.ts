import type { FoundCandidate, Inspection } from '../inspection/inspection-schema.ts';
import { terminal } from '../report/escape.ts';
import { metric } from '../report/numbers.ts';
import { wrap } from '../report/text.ts';

const INDENT = '  ';
/** So many candidates are shown. */
const MOST_SHOWN = 4;
const DIGITS = 4;

/** What was found in a model, for a terminal. */
export function renderInspection(inspection: Inspection): string {
  const { model, inputs, outputs, candidates, notes } = inspection;
  const sections = [
    [
      `${terminal(model.path)}, on ${terminal(model.engine)}`,
      ...aligned([
        ...inputs.map((input, i) => [i === 0 ? 'inputs' : '', tensorText(input)]),
        ...outputs.map((output, i) => [
          i === 0 ? 'outputs' : '',
          `${tensorText(output)}${roleOf(inspection, output.name)}`,
        ]),
        ['data', dataText(inspection)],
      ]),
    ],
    [
      'Modalities',
      ...aligned(inspection.modalities.map((modality) => [terminal(modality.name), modalityText(modality)])),
    ],
    candidates.length === 0
      ? [
          'No candidate for reliability was found.',
          ...wrap(
            'Nothing with one number per example, or one for each modality, weights anything on the way to the fused output. If you know the tensor, name it under "reliability" in a fusion-gate.yml of your own.',
          ),
        ]
      : [
          'Candidates for reliability, the likeliest first',
          ...candidates.slice(0, MOST_SHOWN).flatMap(candidateText),
        ],
    ...(notes.length === 0 ? [] : [notes.flatMap((note) => wrap(`Note: ${terminal(note)}`))]),
  ];
  return `${sections
    .filter((lines) => lines.length > 1 || lines === sections.at(-1))
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function candidateText({ scores, reason, ...candidate }: FoundCandidate, index: number): string[] {
  const tensors = [
    ...new Map(
      scores.map(({ tensor, shape }) => [tensor, `${terminal(tensor)} [${shape.join(', ')}]`]),
    ).values(),
  ];
  const [head, ...more] = wrap(`${index + 1}. ${tensors.join(', ')}`);
  return [
    head,
    ...more,
    ...wrap(`${terminal(reason)}.`).map((line) => INDENT + line),
    ...numbersText(scores),
    ...(candidate.complete ? [] : [`${INDENT}${INDENT}Not every modality has such a score.`]),
  ];
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

function modalityText({ inputs, expert }: Inspection['modalities'][number]): string {
  const said =
    expert === null
      ? 'no expert found'
      : `expert ${terminal(expert.tensor)}${expert.isOutput ? '' : ' (inside)'}`;
  return `${inputs.map((name) => terminal(name)).join(', ')}; ${said}`;
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
  return output?.tensor === name ? `: the fused output, ${output.kind}` : '';
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
