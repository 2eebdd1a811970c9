import { commitCells, linksOf } from '../commit-cells.ts';
import type { GateData } from '../page-data.ts';
import { element, linked } from './elements.ts';

/** Rows that one press of the button adds. */
const MORE = 100;

/** Lets the table of a gate, which comes with the newest commits, grow by older ones. */
export function growTable(section: HTMLElement, gate: GateData, repository: string | null): void {
  const body = section.querySelector('tbody');
  const button = section.querySelector<HTMLButtonElement>('button.older');
  if (body === null || button === null) return;
  const update = (): void => {
    button.hidden = body.rows.length >= gate.sha.length;
  };
  button.addEventListener('click', () => {
    const next = gate.sha.length - 1 - body.rows.length;
    for (let i = next; i > next - MORE && i >= 0; i--) body.append(row(gate, i, repository));
    update();
  });
  update();
}

function row(gate: GateData, i: number, repository: string | null): HTMLTableRowElement {
  const commit = linked(gate.sha[i].slice(0, 7), linksOf(gate, i, repository).commit);
  return element(
    'tr',
    {},
    element('th', { scope: 'row' }, element('code', {}, commit)),
    ...commitCells(gate, i).map((cell) => element('td', {}, cell)),
  );
}
