import type { VerdictName } from '../diagnostic/diagnosis.ts';
import { gap } from '../report/numbers.ts';
import type { HistoryRecord } from './record-schema.ts';

const LABEL = 'reliability scores';

/** White on each of them has the contrast that WCAG AA asks for. */
const COLOURS: Readonly<Record<VerdictName, string>> = {
  'quality-aware': '#15803d',
  decorative: '#c81e1e',
  misleading: '#a21878',
  'inert-rule': '#b04300',
  inconclusive: '#8a5d00',
  invalid: '#5a6072',
};

/** Advance widths of Verdana at 11 pixels, as far as a badge has these characters, in pixels. */
const WIDTHS: Readonly<Record<string, number>> = {
  ' ': 3.9,
  '+': 9,
  '−': 9,
  '-': 5,
  '.': 4,
  a: 6.6,
  b: 6.9,
  c: 5.7,
  d: 6.9,
  e: 6.6,
  f: 3.9,
  i: 3,
  l: 3,
  m: 10.7,
  n: 7,
  o: 6.7,
  q: 6.9,
  r: 4.7,
  s: 5.7,
  t: 4.3,
  u: 7,
  v: 6.5,
  w: 9,
  y: 6.5,
};
const OTHER_WIDTH = 7;
const PADDING = 6;

/** A badge as shields.io takes it from an address (https://shields.io/badges/endpoint-badge). */
export function badgeJson(records: readonly HistoryRecord[]): string {
  const { verdict } = records.at(-1)!;
  const badge = { schemaVersion: 1, label: LABEL, message: messageOf(records), color: COLOURS[verdict] };
  return `${JSON.stringify(badge, null, 2)}\n`;
}

/** The same, drawn. Nothing in it comes from a file but numbers. */
export function badgeSvg(records: readonly HistoryRecord[]): string {
  const message = messageOf(records);
  const [left, right] = [LABEL, message].map((text) => Math.round(widthOf(text) + 2 * PADDING));
  // Stretched or pressed to its room, whatever font a reader has.
  const text = (x: number, words: string, room: number): string =>
    `<text x="${x}" y="14" textLength="${room - 2 * PADDING}">${words}</text>`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${left + right}" height="20" role="img" aria-label="${LABEL}: ${message}">`,
    `<title>${LABEL}: ${message}</title>`,
    `<clipPath id="r"><rect width="${left + right}" height="20" rx="3"/></clipPath>`,
    `<g clip-path="url(#r)"><rect width="${left}" height="20" fill="#444b5a"/>`,
    `<rect x="${left}" width="${right}" height="20" fill="${COLOURS[records.at(-1)!.verdict]}"/></g>`,
    '<g fill="#fff" text-anchor="middle" font-family="Verdana,Geneva,DejaVu Sans,sans-serif" font-size="11">',
    `${text(left / 2, LABEL, left)}${text(left + right / 2, message, right)}</g></svg>`,
    '',
  ].join('\n');
}

function messageOf(records: readonly HistoryRecord[]): string {
  const { verdict, gap: found, threshold } = records.at(-1)!;
  return verdict === 'invalid' ? verdict : `${verdict} ${gap(found.value, threshold)}`;
}

function widthOf(text: string): number {
  return Array.from(text).reduce((sum, character) => sum + (WIDTHS[character] ?? OTHER_WIDTH), 0);
}
