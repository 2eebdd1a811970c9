import { markdownTable } from 'markdown-table';

import type { PartResult } from './parts.ts';
import { DATA_SETS } from './results.ts';
import type { PowerCurve } from './power.ts';
import { holds, rateInterval, type MayErr, type Rate } from './rate.ts';
import { reasonFor } from './reasons.ts';
import { FEW_OF_A_CLASS, FEW_THAT_COUNT } from '../src/diagnostic/thin-evidence.ts';
import { ALPHA, MOST_SHUFFLES, RESAMPLES, SHUFFLES } from './judge-data-set.ts';

const MAY_BE: Record<MayErr, string> = { below: 'at most', above: 'at least', 'neither way': '' };

const HEADER = ['data', 'what', 'nominal', 'found', '99.9 % interval', 'data sets', 'holds'];

/** @param sets data sets of each kind; of those with 1,000 examples, half as many */
const introduction = (sets: number): string => `# Simulation study

Does the program err as often as it says? Here it judges data of which everything is known, thousands of times, and what it claims is counted. Made by
\`npm run study\`, which gives the same counts every time; \`npm run study -- --quick\` prints a short version. ${howMany(sets)} What the
numbers are is said in [method.md](method.md).

![Every rate with its interval, and the power](study.svg)

**How to read it.** A rate is found in a limited number of data sets, so that beside it stands its exact interval (Clopper and Pearson 1934), of 99.9 %, as there are
dozens of rates. It holds where the nominal rate lies inside; a test may also raise fewer false alarms than it is allowed to, and an interval
may hold the truth more often. What does not hold is listed [below](#what-does-not-hold), with the reason.

**The data.** Two experts, each right on 70 % of the examples, and a score for each: of two normal distributions whose distance gives the AUROC
against the expert being right (0.5: noise; 0.7 where it is a signal), or of two values. Weighted mean on two classes, softmax and router on three. Each data set goes the program's own
way, from the frozen fusion to the verdict (positive controls are left out where no claim is about them): ${SHUFFLES} shuffles (at most ${MOST_SHUFFLES} where they are drawn sequentially), ${RESAMPLES} resamples, alpha = ${ALPHA}, threshold 0.01. The
true gap is 0 where the scores are noise, and otherwise that of two million examples.

**Subjects and sessions** have ten examples each, and an expert is right on 85 % of them or on 55 %, each on half of the subjects. Scores of an example are half a standard deviation
higher where their expert is good, and as much lower where it is not, so that they know the subject even if they know nothing else: shuffles stay within it (\`columns.block\`). Scores of a session are the same on all its
rows, and whole sessions change places (\`move: blocks\`); there AUROC, 0.9 where it is a signal, is against the expert being good. Intervals draw whole subjects.`;

function howMany(sets: number): string {
  const drawn = `Here are ${sets} data sets of each kind, and half as many where they have 1,000 examples`;
  return sets === DATA_SETS ? `${drawn}.` : `${drawn}; by default it takes ${DATA_SETS}.`;
}

/** `docs/study.md`. @param results in the order of the table */
export function asDocument(results: readonly PartResult[], sets: number): string {
  const rates = results.flatMap((result) => result.rates);
  const curves = results.flatMap(({ curve }) => (curve ? [curve] : []));
  const sections = [
    introduction(sets),
    section('False alarms', FALSE_ALARMS, rates.filter(isFalseAlarm)),
    section('Intervals', INTERVALS, rates.filter(isCoverage)),
    section('Where the report warns', WARNED, rates.filter(isWarning)),
    section('Power', POWER, rates.filter(isPower)),
    curves.length === 0 ? '' : powerTable(curves),
    misses(rates.filter((rate) => isClaim(rate) && !holds(rate))),
  ];
  return `${sections.filter((text) => text !== '').join('\n\n')}\n`;
}

const FALSE_ALARMS = `Of scores that are noise, every finding is one. Of scores with a signal the threshold is the true gap itself: then it would be false to say
that the gap lies within the threshold.`;

const INTERVALS =
  'How often the interval of the gap holds the true gap, where the report does not warn that it has too little to go by; and how often that of p holds the p of all shuffles that there are.';

const WARNED = `The same intervals where the report says that they are rough and too narrow: fewer than ${FEW_OF_A_CLASS} examples of the rarest class by balanced
accuracy, or fewer than ${FEW_THAT_COUNT} that the gap hangs on. No bootstrap of a handful knows how others differ from them. Nothing is
claimed of these. A kind of data of which the report warns in fewer than one set out of ten has no rate here; those sets are left out above.`;

const POWER = `Scores so good that their gap is the one that the report calls detectable, and as many examples as it asks for: four evaluation sets out of five
should settle it.`;

export function isFalseAlarm({ nominal }: Rate): boolean {
  return nominal === ALPHA;
}

export function isCoverage(rate: Rate): boolean {
  return rate.mayErr === 'above' && isClaim(rate);
}

export function isPower(rate: Rate): boolean {
  return rate.mayErr === 'neither way' && !isFalseAlarm(rate);
}

/** What the report itself warns of is claimed by nobody. */
export function isClaim({ isWarnedOf }: Rate): boolean {
  return !isWarnedOf;
}

export function isWarning(rate: Rate): boolean {
  return !isClaim(rate);
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
    holds(rate) ? 'yes' : isClaim(rate) ? '**no**' : 'no',
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
  const text = `By how good the scores are. Predicted is what the report says of each size of the gap: normal, with its standard error, and passed beyond the critical gap and the
threshold. Below a true gap of 0.01 nothing should pass but by chance.`;
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
