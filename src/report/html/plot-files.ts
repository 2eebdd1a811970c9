import type { GateReport, RunReport } from '../gate-report.ts';
import { colourRules } from './colours.ts';
import { GATE_PLOTS, reliabilityOf } from './gate-plots.ts';
import type { Markup } from './markup.ts';
import { PLOT_STYLE } from './plots/plot-style.ts';

const LONGEST_SLUG = 48;

/**
 * The plots of the report page as SVG files, by file name: `1-stress-av-null-distribution.svg`. They are light or dark as
 * the reader prefers. Gates that could not be judged have none.
 */
export function renderPlots({ gates }: RunReport): Map<string, string> {
  const files = gates.flatMap((gate, i) => plotsOf(gate, i + 1));
  return new Map(files);
}

function plotsOf(gate: GateReport, number: number): [string, string][] {
  if (gate.verdict === 'invalid') return [];
  const plots = [
    ...Object.entries(GATE_PLOTS).map(([name, draw]): [string, Markup | null] => [name, draw(gate)]),
    ...reliabilityOf(gate).map((plot, i): [string, Markup] => [`reliability-${i + 1}`, plot]),
  ];
  return plots.flatMap(([name, plot]): [string, string][] =>
    plot === null ? [] : [[`${number}-${slug(gate.name)}${name}.svg`, standalone(plot)]],
  );
}

/** A name as part of a file name on any system; the number before it tells apart what is left of two names. */
function slug(name: string): string {
  const words = name.toLowerCase().match(/[a-z0-9]+/g) ?? [];
  const short = words.join('-').slice(0, LONGEST_SLUG).replace(/-$/, '');
  return short === '' ? '' : `${short}-`;
}

/** With its own style and paper, which in a page are those of the page. */
function standalone({ source }: Markup): string {
  const style = `<style>${colourRules('.plot')}\n${PLOT_STYLE}</style><rect width="100%" height="100%" fill="var(--paper)"/>`;
  return `${source.replace('>', () => `>${style}`)}\n`;
}
