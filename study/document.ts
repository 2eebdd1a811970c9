import { markdownTable } from 'markdown-table';

import type { PartResult } from './parts.ts';
import type { PowerCurve } from './power.ts';
import { holds, rateInterval, type MayErr, type Rate } from './rate.ts';
import { reasonFor } from './reasons.ts';
import { ALPHA, MOST_SHUFFLES, RESAMPLES, SHUFFLES } from './judge-data-set.ts';

const MAY_BE: Record<MayErr, string> = { below: 'at most', above: 'at least', 'neither way': '' };

const HEADER = ['data', 'what', 'nominal', 'found', '99.9 % interval', 'data sets', 'holds'];

const INTRODUCTION = `# Simulation study

Does the program err as often as it says? Here it judges data of which everything is known, thousands of times, and what it claims is counted. Made by
\`npm run study\`, which gives the same counts every time; \`npm run study -- --quick\` prints a short version. What the numbers are is said in
[method.md](method.md).

![Every rate with its interval, and the power](study.svg)

**How to read it.** A rate is found in a limited number of data sets, so that beside it stands its exact interval (Clopper and Pearson 1934), of 99.9 %, as there are
dozens of rates. It holds where the nominal rate lies inside; a test may also raise fewer false alarms than it is allowed to, and an interval
may hold the truth more often. What does not hold is listed [below](#what-does-not-hold), with the reason.

**The data.** Two experts, each right on 70 % of the examples, and a score for each: of two normal distributions whose distance gives the AUROC
against the expert being right (0.5: noise; 0.7 where it is a signal), or of two values. Weighted mean on two classes, softmax and router on three. Each data set goes the program's own
way, from the frozen fusion to the verdict: ${SHUFFLES} shuffles (at most ${MOST_SHUFFLES} where they are drawn sequentially), ${RESAMPLES} resamples, alpha = ${ALPHA}, threshold 0.01. The
true gap is 0 where the scores are noise, and otherwise that of two million examples.`;

/** \`docs/study.md\`. @param results in the order of the table */
export function asDocument(results: readonly PartResult[]): string {
  const rates = results.flatMap((result) => result.rates);
  const curves = results.flatMap(({ curve }) => (curve ? [curve] : []));
  const sections = [
    INTRODUCTION,
    section('False alarms', FALSE_ALARMS, rates.filter(isFalseAlarm)),
    section('Intervals', INTERVALS, rates.filter(isCoverage)),
    section('Power', POWER, rates.filter(isPower)),
    curves.length === 0 ? '' : powerTable(curves),
    misses(rates.filter((rate) => !holds(rate))),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

const FALSE_ALARMS = `Of scores that are noise, every finding is one. Of scores with a signal the threshold is the true gap itself: then it would be false to say
that the gap lies within the threshold.`;

const INTERVALS =
  'How often the interval of the gap holds the true gap, and that of p the p of all shuffles that there are.';

const POWER = `Scores so good that their gap is the one that the report calls detectable, and as many examples as it asks for: four evaluation sets out of five
should settle it.`;

export function isFalseAlarm({ nominal }: Rate): boolean {
  return nominal === ALPHA;
}

export function isCoverage({ mayErr }: Rate): boolean {
  return mayErr === 'above';
}

export function isPower(rate: Rate): boolean {
  return !isFalseAlarm(rate) && !isCoverage(rate);
}

function section(title: string, text: string, rates: readonly Rate[]): string {
  if (rates.length === 0) return '';
  const table = markdownTable([HEADER, ...rates.map(row)], { align: ['l', 'l', 'r', 'r', 'r', 'r', 'l'] });
  return [`## ${title}`, text, table].join('\n\n');
}

function row(rate: Rate): string[] {
  const { data, what, nominal, mayErr, times, of } = rate;
  const { lower, upper } = rateInterval(rate);
  return [
    data,
    what,
    `${MAY_BE[mayErr]} ${share(nominal, 0)}`.trim(),
    share(times / of),
    `${share(lower)} to ${share(upper)}`,
    String(of),
    holds(rate) ? 'yes' : '**no**',
  ];
}

/** `5.1 %`. */
export function share(value: number, digits = 1): string {
  return `${(100 * value).toFixed(digits)} %`;
}

function powerTable(curves: readonly PowerCurve[]): string {
  const rows = curves.flatMap(({ rule, rows: examples, points }) =>
    points.map(({ auroc, gap, passed, of, predicted, detectable }) => [
      rule,
      String(examples),
      auroc.toFixed(2),
      gap.toFixed(4),
      share(passed / of),
      share(predicted),
      detectable.toFixed(4),
    ]),
  );
  const header = ['rule', 'N', 'AUROC', 'true gap', 'passed', 'predicted', 'detectable gap'];
  const table = markdownTable([header, ...rows], { align: ['l', 'r', 'r', 'r', 'r', 'r', 'r'] });
  const text = `By how good the scores are. Predicted is what the errors in the report say, taken for normal: the standard error of the gap, and the spread over
shuffles. Below a true gap of 0.01 nothing should pass but by chance.`;
  return [text, table].join('\n\n');
}

function misses(rates: readonly Rate[]): string {
  const found = rates.map((rate) => {
    const { lower, upper } = rateInterval(rate);
    const { data, what, nominal, times, of } = rate;
    return `- **${data}: ${what}** in ${share(times / of)} (${share(lower)} to ${share(upper)}) instead of ${share(nominal, 0)}. ${reasonFor(rate)}`;
  });
  return ['## What does not hold', found.length === 0 ? 'Nothing.' : found.join('\n')].join('\n\n');
}
