import type { LeakageCheck } from '../../diagnostic/leakage/finding.ts';
import { plain } from '../escape.ts';
import type { GateReport } from '../gate-report.ts';

/** What a finding is about, in few words. */
const TOPICS: Readonly<Record<LeakageCheck, string>> = {
  'shared-ids': 'Trained on',
  label: 'Label in the score',
  prediction: 'Prediction in the score',
  duplicates: 'Same example twice',
  'test-scaled': 'Scaled on this set',
};

/** One line for each sign of a leak; nothing where there is none. */
export function leakage({ leakage: findings }: GateReport): string[] {
  if (findings.length === 0) return [];
  const lines = findings.map(({ check, sentence }) => `- ${TOPICS[check]}: ${plain(sentence)}`);
  return [['**Possible leaks.** No number and no verdict takes them into account.', '', ...lines].join('\n')];
}
