import type { Conclusion, VerdictName } from '../../diagnostic/diagnosis.ts';
import { isMissing } from '../base-report.ts';
import type { GateReport, RunReport } from '../gate-report.ts';
import { quantity } from '../numbers.ts';

export const ICONS: Readonly<Record<Conclusion, string>> = {
  success: '✅',
  failure: '❌',
  inconclusive: '⚠️',
  error: '🛑',
};

/** The answer of a single gate, for people who know what a reliability score is and nothing else. */
const ANSWERS: Readonly<Record<VerdictName, string>> = {
  'quality-aware': 'the model uses its reliability scores',
  decorative: 'shuffling the reliability scores changes next to nothing',
  misleading: 'the model does better with shuffled reliability scores',
  'inert-rule': 'the fusion rule cannot make use of any reliability score',
  inconclusive: 'not settled whether the reliability scores matter',
  invalid: 'the reliability scores could not be judged',
};

/** How to say that so many gates ended so, the worst first. */
const COUNTS: readonly (readonly [Conclusion, (n: string, one: boolean) => string])[] = [
  ['error', (n) => `${n} could not be judged`],
  ['failure', (n, one) => `${n} ${one ? 'fails' : 'fail'}`],
  ['inconclusive', (n, one) => `${n} ${one ? 'is' : 'are'} inconclusive`],
  ['success', (n, one) => `${n} ${one ? 'passes' : 'pass'}`],
];

function answerOf({ verdict, conclusion, base }: GateReport): string {
  const hasPassed = verdict === 'quality-aware' || verdict === 'inconclusive';
  const isWorse = base !== undefined && !isMissing(base) && base.change.regressed && base.change.fails;
  return hasPassed && isWorse && conclusion === 'failure'
    ? 'the reliability scores matter less than they did at the base'
    : ANSWERS[verdict];
}

/** The answer of a run in a few words, e.g. `2 of 5 gates fail, 3 pass`. */
export function answer({ gates }: RunReport): string {
  if (gates.length === 0) return 'no gate was judged';
  if (gates.length === 1) return answerOf(gates[0]);
  const groups = COUNTS.map(
    ([conclusion, words]) => [gates.filter((gate) => gate.conclusion === conclusion).length, words] as const,
  ).filter(([count]) => count > 0);
  if (groups.length === 1) return groups[0][1](`all ${quantity(gates.length)} gates`, false);
  return groups
    .map(([count, words], i) =>
      words(i === 0 ? `${quantity(count)} of ${quantity(gates.length)} gates` : quantity(count), count === 1),
    )
    .join(', ');
}

/** The first line of the comment: the answer. */
export function headline(report: RunReport): string {
  return `### ${ICONS[report.conclusion]} fusion-gate: ${answer(report)}`;
}
