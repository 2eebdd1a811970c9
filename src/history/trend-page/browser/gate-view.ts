import type uPlot from 'uplot';

import type { GateData } from '../page-data.ts';
import { growTable } from './commit-table.ts';
import { element } from './elements.ts';
import { PAPER, readPalette } from './palette.ts';
import { gapPlot, modalityPlot } from './plots.ts';
import { listen } from './pointing.ts';
import { readout } from './readout.ts';
import { modalityHead, spanButtons } from './toolbar.ts';
import { firstView } from './view.ts';

/** Pixels that fit on A4 and on Letter. */
const PAPER_WIDTH = 640;

/** Draws one gate into its section, and lets pointer and keys look at its commits. */
export function showGate(section: HTMLElement, gate: GateData, repository: string | null, id: string): void {
  const stage = section.querySelector<HTMLElement>('.plots');
  const panel = section.querySelector<HTMLElement>('.readout');
  if (stage === null || panel === null) return;
  const count = gate.sha.length;
  const view = firstView(count);
  let plots: uPlot[] = [];

  const look = (commit: number): void => {
    if (view.held || !(commit in gate.sha)) return;
    view.at = commit;
    panel.replaceChildren(...readout(gate, commit, repository));
  };
  const zoom = (): void => {
    for (const plot of plots) plot.setScale('x', { min: count - view.span, max: count - 1 });
  };
  const draw = (): void => {
    const palette = readPalette();
    for (const plot of plots) plot.destroy();
    const main = element('div', frame(`Gap of ${gate.name} over ${count} commits`));
    const small = element('div', { class: 'plot' });
    const head = gate.modalities.length === 0 ? [] : [modalityHead(gate, view, palette, draw), small];
    stage.replaceChildren(spanButtons(view, count, zoom), main, ...head);
    const isPaper = document.documentElement.classList.contains(PAPER);
    const width = isPaper ? Math.min(stage.clientWidth, PAPER_WIDTH) : stage.clientWidth;
    const size = (height: number) => ({ width, height });
    const wishes = { gate, palette, key: id, look };
    const tall = stage.clientWidth < 560 ? 240 : 320;
    plots = [gapPlot({ ...wishes, size: size(tall) }, main)];
    if (gate.modalities.length > 0) {
      plots.push(modalityPlot({ ...wishes, size: size(tall / 2) }, view.measure, small));
    }
    zoom();
    listen(main, plots[0], view, look, count);
  };

  draw();
  look(view.at);
  growTable(section, gate, repository);
  whenChanged(stage, draw);
}

function frame(label: string): Record<string, string> {
  return {
    class: 'plot',
    tabindex: '0',
    role: 'group',
    'aria-roledescription': 'plot',
    'aria-label': `${label}. Arrow keys go from commit to commit; Enter holds one. The same is in the table below.`,
  };
}

/** Draws anew for another width or colour scheme, and for paper. */
function whenChanged(stage: HTMLElement, draw: () => void): void {
  let width = stage.clientWidth;
  new ResizeObserver(() => {
    if (stage.clientWidth === width) return;
    width = stage.clientWidth;
    draw();
  }).observe(stage);
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
  for (const event of ['beforeprint', 'afterprint']) addEventListener(event, draw);
}
