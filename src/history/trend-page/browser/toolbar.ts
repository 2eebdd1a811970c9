import type { GateData } from '../page-data.ts';
import { element, svgElement } from './elements.ts';
import type { Palette } from './palette.ts';
import { lineOf, type ModalityMeasure } from './plots.ts';
import type { View } from './view.ts';

const SPANS = [50, 200, 1000];

const MEASURES: Readonly<Record<ModalityMeasure, string>> = { gap: 'Gap', auroc: 'AUROC' };

/** How many of the newest commits to show. */
export function spanButtons(view: View, count: number, zoom: () => void): HTMLElement {
  const spans = [...SPANS.filter((span) => span < count), count];
  const buttons = spans.map((span) => {
    const label =
      span === count ? `All ${count.toLocaleString('en-US')}` : `Newest ${span.toLocaleString('en-US')}`;
    const button = element('button', { type: 'button', 'aria-pressed': String(span === view.span) }, label);
    button.addEventListener('click', () => {
      view.span = span;
      for (const other of buttons) other.setAttribute('aria-pressed', String(other === button));
      zoom();
    });
    return button;
  });
  return element(
    'div',
    { class: 'toolbar', role: 'group', 'aria-label': 'Commits in view' },
    ...(spans.length > 1 ? buttons : []),
  );
}

/** Above the plot of modalities: which line is whose, and what the lines show. */
export function modalityHead(gate: GateData, view: View, palette: Palette, draw: () => void): HTMLElement {
  const buttons = (Object.keys(MEASURES) as ModalityMeasure[]).map((measure) => {
    const pressed = String(measure === view.measure);
    const button = element('button', { type: 'button', 'aria-pressed': pressed }, MEASURES[measure]);
    button.addEventListener('click', () => {
      view.measure = measure;
      draw();
    });
    return button;
  });
  const names = gate.modalities.map(({ name }, m) => element('li', {}, sampleLine(m, palette), name));
  return element(
    'div',
    { class: 'toolbar' },
    element('h3', {}, 'Each modality alone'),
    element('ul', { class: 'keys' }, ...names),
    element('span', { class: 'choice', role: 'group', 'aria-label': 'What the lines show' }, ...buttons),
  );
}

function sampleLine(m: number, palette: Palette): SVGElement {
  const { stroke, dash } = lineOf(m, palette);
  const attributes = {
    x2: '24',
    y1: '4',
    y2: '4',
    stroke,
    'stroke-width': '2',
    'stroke-dasharray': dash.join(' '),
  };
  return svgElement(
    'svg',
    { width: '24', height: '8', 'aria-hidden': 'true' },
    svgElement('line', attributes),
  );
}
