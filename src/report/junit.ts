import type { Conclusion } from '../diagnostic/diagnosis.ts';
import type { GateReport, RunReport } from './gate-report.ts';
import { type Content, type Markup, markup } from './html/markup.ts';
import { renderText } from './text.ts';

const SUITE = 'fusion-gate';

/** A test case of the file, in the words that GitLab, Jenkins and Azure share. */
interface Case {
  readonly name: string;
  readonly conclusion: Conclusion;
  /** What was found, in a word. */
  readonly type: string;
  readonly message: string;
  /** Everything the terminal would say. */
  readonly text: string;
  readonly seconds: number;
}

/**
 * The report as JUnit XML: a suite for the run, a case for each gate.
 *
 * A case fails or errs exactly where the exit status is not 0. A gate that is inconclusive, and that the config lets pass,
 * is `skipped`: none of these servers fails a build for it, and all of them show that it is no pass. GitLab takes the suite's
 * name from `classname` and knows a case again by both names; so they hold nothing that changes from run to run.
 */
export function renderJUnit(report: RunReport): string {
  const cases = report.gates.length === 0 ? [caseOfRun(report)] : report.gates.map(caseOfGate(report));
  const count = (...conclusions: readonly Conclusion[]): number =>
    cases.filter(({ conclusion }) => conclusions.includes(conclusion)).length;
  const seconds = cases.reduce((sum, one) => sum + one.seconds, 0).toFixed(3);
  const [failures, errors] = [count('failure'), count('error')];
  const totals = markup`name="${SUITE}" tests="${cases.length}" failures="${failures}" errors="${errors}"`;
  return markup`<?xml version="1.0" encoding="UTF-8"?>
<testsuites ${totals} time="${seconds}">
<testsuite ${totals} skipped="${count('inconclusive')}" time="${seconds}">
${cases.map(drawCase)}</testsuite>
</testsuites>
`.source;
}

function caseOfGate(report: RunReport): (gate: GateReport) => Case {
  return (gate) => ({
    name: gate.name,
    conclusion: gate.conclusion,
    type: gate.verdict,
    message: gate.reason,
    text: renderText({ ...report, conclusion: gate.conclusion, gates: [gate] }, { colour: false }),
    seconds: gate.seconds,
  });
}

/** Nothing was judged: a file without a case would look like a pass. */
function caseOfRun({ conclusion, error = 'No gate was judged.' }: RunReport): Case {
  return { name: SUITE, conclusion, type: 'error', message: error, text: error, seconds: 0 };
}

function drawCase({ name, conclusion, type, message, text, seconds }: Case): Markup {
  const lines = markup`${text.split('\n').map((line, i): Content => [i === 0 ? null : markup`\n`, inert(line)])}`;
  const outcome: Readonly<Record<Conclusion, Content>> = {
    success: markup`<system-out>${lines}</system-out>`,
    failure: markup`<failure type="${type}" message="${inert(message)}">${lines}</failure>`,
    inconclusive: markup`<skipped message="${inert(message)}"/><system-out>${lines}</system-out>`,
    error: markup`<error type="${type}" message="${inert(message)}">${lines}</error>`,
  };
  return markup`<testcase classname="${SUITE}" name="${inert(name)}" time="${seconds.toFixed(3)}">${outcome[conclusion]}</testcase>\n`;
}

/** GitLab and a plugin of Jenkins take files along that a text names as `[[ATTACHMENT|path]]`. */
function inert(text: string): string {
  return text.replaceAll('[[', '[\\u{5b}');
}
