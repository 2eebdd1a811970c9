import type { GateReport } from './gate-report.ts';
import { quantity } from './numbers.ts';

/** Most patterns that a report shows; the report file has them all. */
const MOST_PATTERNS = 8;

type Presence = NonNullable<GateReport['evaluationSet']['presence']>;

/** Where rows on which modalities are absent are evaluated too: how many rows each is on, and which are together. */
export interface ShownPresence {
  /** `audio on 90 rows, video on 60` */
  readonly modalities: string;
  /** `all on 50, only audio on 40` */
  readonly patterns: string;
}

/** @param name how a modality is written in this form of the report */
export function shownPresence(
  { modalities, patterns }: Presence,
  name: (modality: string) => string,
): ShownPresence {
  const count = Object.keys(modalities).length;
  const together = patterns.slice(0, MOST_PATTERNS).map(({ present, rows }) => {
    const which =
      present.length === count ? 'all' : `only ${present.map((modality) => name(modality)).join(' and ')}`;
    return `${which} on ${quantity(rows)}`;
  });
  const more = patterns.length - together.length;
  return {
    modalities: Object.entries(modalities)
      .map(([modality, rows], i) => `${name(modality)} on ${quantity(rows)}${i === 0 ? ' rows' : ''}`)
      .join(', '),
    patterns: [...together, ...(more > 0 ? [`${quantity(more)} more patterns`] : [])].join(', '),
  };
}
