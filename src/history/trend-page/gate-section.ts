import { VERDICTS } from '../../diagnostic/diagnosis.ts';
import { quantity } from '../../report/numbers.ts';
import { commitCells, dateOf, HEADS, linksOf, verdictOf } from './commit-cells.ts';
import { escapeHtml } from './escape-html.ts';
import type { GateData } from './page-data.ts';

/** Newest commits in the table that the page comes with; its script adds older ones. */
const FIRST_ROWS = 20;

/** One gate: a place for its plots, the commit that is looked at, and the table behind them. */
export function gateSection(gate: GateData, index: number, repository: string | null): string {
  const last = gate.sha.length - 1;
  const verdict = verdictOf(gate, last);
  const count = gate.sha.length === 1 ? 'the one commit' : `the ${quantity(gate.sha.length)} commits`;
  return [
    `<section id="gate-${index}" data-gate="${index}" aria-labelledby="name-${index}">`,
    `<header><h2 id="name-${index}">${escapeHtml(gate.name)}</h2>`,
    `<span class="verdict ${verdict}">${verdict}</span>`,
    `<p class="since">${escapeHtml(`Gap in ${gate.metric}; ${sinceWhenOf(gate)}`)}</p></header>`,
    keys(gate),
    '<div class="plots"><noscript><p>The plots need JavaScript. The table below has the newest commits.</p></noscript></div>',
    '<div class="readout" aria-live="polite"></div>',
    `<details><summary>Table of ${count}</summary>`,
    `<div class="scroll" tabindex="0" role="group" aria-label="Table of commits">${table(gate, repository)}</div>`,
    '<button type="button" class="older" hidden>Show older commits</button></details>',
    '</section>',
  ].join('\n');
}

/** Since when a gate has had its newest verdict: `since 0123456 (2026-11-24), for 3 commits`. */
export function sinceWhenOf(gate: GateData): string {
  const last = gate.sha.length - 1;
  const before = gate.verdict.findLastIndex((verdict) => verdict !== gate.verdict[last]);
  const row = last - before === 1 ? '1 commit' : `${quantity(last - before)} commits`;
  return `since ${gate.sha[before + 1].slice(0, 7)} (${dateOf(gate, before + 1)}), for ${row}`;
}

/** Shapes and colours of the verdicts that occur, and what the other marks mean. */
function keys(gate: GateData): string {
  const found = VERDICTS.filter((_, i) => gate.verdict.includes(i));
  const verdicts = found.map((verdict) => `<li>${shape(verdict)}${verdict}</li>`);
  const marks = [
    '<li><svg width="24" height="10" aria-hidden="true"><rect width="24" height="10" fill="var(--band)"/></svg>interval</li>',
    '<li><svg width="24" height="8" aria-hidden="true"><line x2="24" y1="4" y2="4" stroke="var(--muted)" stroke-width="1.5" stroke-dasharray="5 4"/></svg>threshold</li>',
    '<li><b>M</b> new model</li>',
    '<li><b>D</b> new evaluation set</li>',
  ];
  return `<ul class="keys">${[...verdicts, ...marks].join('')}</ul>`;
}

/** As the plot draws it: a disc for a pass, a diamond for an open question, a square for the rest. */
function shape(verdict: (typeof VERDICTS)[number]): string {
  const colour = `var(--${verdict})`;
  const shapes: Readonly<Partial<Record<typeof verdict, string>>> = {
    'quality-aware': `<circle cx="6" cy="6" r="4" fill="${colour}" stroke="${colour}" stroke-width="2"/>`,
    inconclusive: `<path d="M6 1l5 5-5 5-5-5z" fill="none" stroke="${colour}" stroke-width="2"/>`,
  };
  const square = `<rect x="2" y="2" width="8" height="8" fill="none" stroke="${colour}" stroke-width="2"/>`;
  return `<svg width="12" height="12" aria-hidden="true">${shapes[verdict] ?? square}</svg>`;
}

function table(gate: GateData, repository: string | null): string {
  const heads = HEADS.map((head) => `<th scope="col">${head}</th>`).join('');
  const newest = gate.sha.map((_, i) => i).slice(-FIRST_ROWS);
  const rows = newest.reverse().map((i) => row(gate, i, repository));
  return `<table><thead><tr>${heads}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function row(gate: GateData, i: number, repository: string | null): string {
  const id = gate.sha[i].slice(0, 7);
  const { commit } = linksOf(gate, i, repository);
  const link = commit === undefined ? id : `<a href="${escapeHtml(commit)}">${id}</a>`;
  const cells = commitCells(gate, i).map((cell) => `<td>${escapeHtml(cell)}</td>`);
  return `<tr><th scope="row"><code>${link}</code></th>${cells.join('')}</tr>`;
}
