import { severity } from './conclusion.ts';
import { code, plain, webAddress } from './escape.ts';
import type { GateReport, RunReport } from './gate-report.ts';
import { quantity } from './numbers.ts';
import type { Past } from './past.ts';
import { base } from './sections/base.ts';
import { calibration } from './sections/calibration.ts';
import { accuracies, metricTable, permutationTest } from './sections/accuracies.ts';
import { doseResponse, positiveControls } from './sections/controls.ts';
import { folds } from './sections/folds.ts';
import { glossary } from './sections/glossary.ts';
import { headline, ICONS } from './sections/headline.ts';
import { leakage } from './sections/leakage.ts';
import { overTime } from './sections/over-time.ts';
import { modalities, roomToImprove } from './sections/modalities.ts';
import { provenance } from './sections/provenance.ts';
import { remedies } from './sections/remedies.ts';
import { slices } from './sections/slices.ts';
import { legend, meaning, summaryTable } from './sections/summary.ts';

/** Where a reader finds more. Anything but a web address is left out. */
export interface ReportLinks {
  /** The workflow run. */
  readonly run?: string;
  /** The report file. */
  readonly report?: string;
}

export interface MarkdownOptions {
  /** Most characters of the answer, as `String.length` counts them. Take off what else goes into the same comment. */
  readonly limit: number;
  readonly links?: ReportLinks;
  /** What earlier runs found, where a history is kept. */
  readonly past?: Past;
}

interface Level {
  /** What stands below the table. */
  readonly body: (report: RunReport, past?: Past) => readonly string[];
  readonly leftOut?: string;
}

/** From everything to little. */
const LEVELS: readonly Level[] = [
  { body: (report, past) => [...gateByGate(report, 'details with charts', past), glossary()] },
  { body: (report, past) => [...gateByGate(report, 'details', past), glossary()], leftOut: 'the charts are' },
  { body: (report) => [...gateByGate(report, 'meaning'), glossary()], leftOut: 'the details are' },
  { body: () => [], leftOut: 'everything but the table is' },
];

/**
 * The pull-request comment, which is the job summary too.
 *
 * Where it would be longer than `limit` it is rendered in less detail: without charts, without details, as the table
 * alone, at last as a table of the worst gates with the number of those left out. It is never cut.
 *
 * @throws RangeError when not even the headline fits
 */
export function renderMarkdown(report: RunReport, { limit, links = {}, past }: MarkdownOptions): string {
  for (const { body, leftOut } of LEVELS) {
    const text = page(report, report.gates, body(report, past), links, leftOut);
    if (text.length <= limit) return text;
  }
  return worstGates(report, limit, links);
}

function worstGates(report: RunReport, limit: number, links: ReportLinks): string {
  const worstFirst = report.gates.toSorted((a, b) => severity(b.conclusion) - severity(a.conclusion));
  for (let shown = worstFirst.length - 1; shown > 0; shown--) {
    const rest = worstFirst.length - shown;
    const leftOut = `the worst of ${quantity(worstFirst.length)} gates are shown and ${quantity(rest)} ${rest === 1 ? 'is' : 'are'}`;
    const text = page(report, worstFirst.slice(0, shown), [], links, leftOut);
    if (text.length <= limit) return text;
  }
  const alone = headline(report);
  if (alone.length > limit) throw new RangeError(`A report does not fit in ${limit} characters.`);
  return alone;
}

function page(
  report: RunReport,
  gates: readonly GateReport[],
  body: readonly string[],
  links: ReportLinks,
  leftOut?: string,
): string {
  const said = gates.length === 0 ? whatIsWrong(report) : [summaryTable(gates), legend(gates), ...body];
  return [headline(report), ...said, footer(report, links, leftOut)].join('\n\n');
}

/** What a run without gates has to say. */
function whatIsWrong({ error = '' }: RunReport): string[] {
  const lines = error.split('\n').filter((line) => line !== '');
  return lines.length === 0
    ? []
    : [['**What is wrong**', '', ...lines.map((line) => `- ${plain(line)}`)].join('\n')];
}

function gateByGate(
  report: RunReport,
  show: 'meaning' | 'details' | 'details with charts',
  past?: Past,
): string[] {
  return report.gates.flatMap((gate) => [
    ...(report.gates.length > 1 ? [`#### ${ICONS[gate.conclusion]} ${code(gate.name)}`] : []),
    meaning(gate),
    ...base(gate),
    ...leakage(gate),
    ...(show === 'meaning'
      ? []
      : [overTime(gate, past, show === 'details with charts')].filter((text) => text !== '')),
    ...(show === 'meaning' ? [] : [details(gate, report.tool.version, show === 'details with charts')]),
  ]);
}

function details(gate: GateReport, toolVersion: string, withChart: boolean): string {
  // Numbers of a gate that could not judge would only mislead.
  const measured =
    gate.verdict === 'invalid'
      ? []
      : [
          accuracies(gate),
          permutationTest(gate),
          metricTable(gate),
          folds(gate),
          slices(gate),
          modalities(gate),
          roomToImprove(gate),
          positiveControls(gate),
          doseResponse(gate, withChart),
          remedies(gate),
          calibration(gate),
        ];
  const sections = [...measured, provenance(gate, toolVersion)].filter((section) => section !== '');
  return [`<details>\n<summary>All numbers of ${code(gate.name)}</summary>`, ...sections, '</details>'].join(
    '\n\n',
  );
}

function footer(report: RunReport, links: ReportLinks, leftOut?: string): string {
  const named = { 'workflow run': links.run, 'report file': links.report };
  const more = Object.entries(named).flatMap(([label, link]) => {
    const address = webAddress(link);
    return address === undefined ? [] : [`<a href="${address}">${label}</a>`];
  });
  const short =
    leftOut === undefined ? [] : [`Shortened to fit: ${leftOut} left out. The report file has all`];
  return `<sub>${[...short, `fusion-gate ${code(report.tool.version)}`, ...more].join(' · ')}</sub>`;
}
