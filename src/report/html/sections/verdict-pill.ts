import type { Conclusion } from '../../../diagnostic/diagnosis.ts';
import type { GateReport } from '../../gate-report.ts';
import { type Markup, markup } from '../markup.ts';

/** How a gate or a run ended, in a word: colour alone tells nothing to many readers. */
const ENDINGS: Readonly<Record<Conclusion, string>> = {
  success: 'passes',
  failure: 'fails',
  inconclusive: 'open',
  error: 'error',
};

export function endingPill(conclusion: Conclusion): Markup {
  return markup`<span class="pill ${conclusion}">${ENDINGS[conclusion]}</span>`;
}

export function verdictPill({ conclusion, verdict }: GateReport): Markup {
  return markup`<span class="pill ${conclusion}">${verdict}</span>`;
}
