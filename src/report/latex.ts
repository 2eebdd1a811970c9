import { clip, visible } from './escape.ts';
import type { FoldSummary, Spread } from '../diagnostic/diagnosis.ts';
import { familiesOf, foldsOf, summarise, type Family } from './folds.ts';
import type { GateReport, RunReport } from './gate-report.ts';
import { METRIC_WORDS } from './metrics.ts';

const DIGITS = 3;
const P_DIGITS = 2;
const LONGEST_NAME = 64;
const MISSING = '--';

/** A column: its heading, and how a family fills it. */
type Column = readonly [heading: string, cell: (summary: FoldSummary, folds: number) => string];

interface Table {
  readonly label: string;
  /** @param unit what the numbers are in, and over how many folds */
  readonly caption: (unit: string) => string;
  readonly columns: readonly Column[];
}

/** The three tables of the paper's code, with its headings, labels, digits and order. */
const TABLES: readonly Table[] = [
  {
    label: 'tab:struct',
    caption: () =>
      'Structural diagnostics. $\\Delta$ is median competitiveness (its median over folds); $\\rho$ is the alignment of a score with its expert being right (its mean over modalities and folds).',
    columns: [
      ['median $\\Delta$', ({ competitiveness }) => number(competitiveness)],
      ['$\\rho$', ({ alignment }) => number(alignment)],
    ],
  },
  {
    label: 'tab:ident',
    caption: (unit) =>
      `Decision-level identifiability: the permutation gap, its median $p$, and what the best expert of each example would add. ${unit}`,
    columns: [
      ['Clean--Perm', ({ gap }, folds) => spread(gap, folds)],
      ['$p_{\\mathrm{perm}}$ (med)', ({ p }) => fixed(p, P_DIGITS)],
      ['Oracle--C', ({ headroom }, folds) => spread(headroom, folds)],
    ],
  },
  {
    label: 'tab:baseline',
    caption: (unit) =>
      `Baselines. NoQ has the same score everywhere; Clean-Q has the scores as given. ${unit}`,
    columns: [
      ['NoQ', ({ uniform }, folds) => spread(uniform, folds)],
      ['Clean-Q', ({ clean }, folds) => spread(clean, folds)],
    ],
  },
];

/**
 * The report as the LaTeX tables of the paper's code (for the package booktabs): a row for each family of gates, which is
 * one gate, or the gates whose names differ in ` seed 11 fold 0` at the end alone. Invalid gates stay out, with a comment.
 */
export function renderLatex(report: RunReport): string {
  const [out, judged] = [
    report.gates.filter(({ verdict }) => verdict === 'invalid'),
    report.gates.filter(({ verdict }) => verdict !== 'invalid'),
  ];
  const comments = [
    ...(report.error === undefined ? [] : [`% ${visible(report.error)}`]),
    ...out.map(({ name, reason }) => `% Left out: ${visible(name)}: ${visible(reason)}`),
  ];
  const families = familiesOf(judged);
  const tables = families.length === 0 ? [] : TABLES.map((table) => tableText(table, families));
  return [...comments.map((line) => `${line}\n`), ...tables].join('\n');
}

function tableText({ label, caption, columns }: Table, families: readonly Family[]): string {
  const rows = families.map(({ name, gates }) => {
    const summary = summarise(gates);
    return [latex(name), ...columns.map(([, cell]) => cell(summary, foldsOf(gates).length))];
  });
  return [
    '\\begin{table}[t]',
    '\\centering',
    `\\caption{${caption(unitOf(families))}}`,
    `\\label{${label}}`,
    `\\begin{tabular}{l${'c'.repeat(columns.length)}}`,
    '\\toprule',
    row(['Family', ...columns.map(([heading]) => heading)]),
    '\\midrule',
    ...rows.map(row),
    '\\bottomrule',
    '\\end{tabular}',
    '\\end{table}',
    '',
  ].join('\n');
}

/** What the numbers are in, and over how many folds. */
function unitOf(families: readonly Family[]): string {
  const gates: GateReport[] = families.flatMap((family) => family.gates);
  const metrics = [...new Set(gates.map(({ metric }) => METRIC_WORDS[metric]))];
  const metric = metrics.length === 1 ? `Metric: ${metrics[0]}.` : "Metric: each family's own.";
  const counts = [...new Set(families.map((family) => foldsOf(family.gates).length))];
  if (counts.length > 1) return `${metric} Mean $\\pm$ standard deviation where a family has several folds.`;
  return counts[0] === 1 ? metric : `${metric} Mean $\\pm$ standard deviation over ${counts[0]} folds.`;
}

function row(cells: readonly string[]): string {
  return `${cells.join(' & ')} \\\\`;
}

function number(value: number | null): string {
  return value === null ? MISSING : `$${fixed(value)}$`;
}

/** Of a single fold, the number alone. */
function spread(value: Spread | null, folds: number): string {
  if (value === null) return MISSING;
  const { mean, std } = value;
  return folds === 1 ? number(mean) : `$${fixed(mean)}\\pm${fixed(std)}$`;
}

/** Nothing is less than nothing. */
function fixed(value: number, digits = DIGITS): string {
  return value.toFixed(digits).replace(/^-(?=[0.]+$)/, '');
}

const SPECIAL: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

/** A name from a config file, harmless in LaTeX. */
function latex(name: string): string {
  return clip(visible(name), LONGEST_NAME).replace(
    /[\\{}$&#^_~%]/g,
    (character) => SPECIAL[character] ?? `\\${character}`,
  );
}
