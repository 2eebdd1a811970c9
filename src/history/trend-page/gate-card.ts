import { gap } from '../../report/numbers.ts';
import { verdictOf } from './commit-cells.ts';
import { escapeHtml } from './escape-html.ts';
import { sinceWhenOf } from './gate-section.ts';
import type { GateData } from './page-data.ts';

/** Newest commits that the small line shows. */
const MOST = 60;
const WIDTH = 200;
const HEIGHT = 40;

/** A gate at a glance: a link to its section. */
export function gateCard(gate: GateData, index: number): string {
  const last = gate.sha.length - 1;
  const verdict = verdictOf(gate, last);
  return [
    `<li><a href="#gate-${index}">`,
    `<span class="name">${escapeHtml(gate.name)}</span>`,
    `<span class="value">${gap(gate.gap[last], gate.threshold[last])}</span>`,
    `<span class="verdict ${verdict}">${verdict}</span><span class="since">${escapeHtml(sinceWhenOf(gate))}</span>`,
    spark(gate),
    '</a></li>',
  ].join('');
}

function spark({ gap: gaps, threshold }: GateData): string {
  const from = Math.max(0, gaps.length - MOST);
  const shown = gaps.slice(from);
  const bound = threshold.at(-1)!;
  const bounds = [...shown, bound, 0];
  const low = Math.min(...bounds);
  const range = Math.max(...bounds) - low || 1;
  const y = (value: number): string => (HEIGHT - ((value - low) / range) * HEIGHT).toFixed(1);
  const x = (i: number): string => ((i / Math.max(1, shown.length - 1)) * WIDTH).toFixed(1);
  const points = (shown.length === 1 ? [shown[0], shown[0]] : shown).map((value, i) => `${x(i)},${y(value)}`);
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" aria-hidden="true">`,
    `<line class="threshold" x1="0" x2="${WIDTH}" y1="${y(bound)}" y2="${y(bound)}"/>`,
    `<polyline class="spark" points="${points.join(' ')}"/>`,
    '</svg>',
  ].join('');
}
