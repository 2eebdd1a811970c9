import { type Content, type Markup, markup } from './markup.ts';

/** A cell that is sorted by a number which its text does not show as a computer would read it. */
export interface NumberCell {
  readonly show: Content;
  /** Null is sorted behind all numbers. */
  readonly by: number | null;
}

export type Cell = Content | NumberCell;

export interface TableOptions {
  /** What the table holds, for readers who cannot see where it stands. */
  readonly label: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly Cell[])[];
  /** How many columns, from the left, hold text; the others hold numbers and are set flush right. Default: 1. */
  readonly textColumns?: number;
  /** Whether its rows may be put in another order. Default: true. */
  readonly sortable?: boolean;
}

/** A table; with the script of the page its columns can be sorted where there is something to sort. */
export function table({ label, head, rows, textColumns = 1, sortable = true }: TableOptions): Markup {
  const side = (column: number): string => (column < textColumns ? 'text' : 'number');
  const cells = (row: readonly Cell[]): Markup[] =>
    row.map((cell, column) => (column === 0 ? rowHead(cell) : drawCell(cell, side(column))));
  return markup`<div class="scroll" role="group" aria-label="${label}" tabindex="0"><table${sortable && rows.length > 1 ? markup` class="sortable"` : null}><thead><tr>${head.map(
    (text, column) => markup`<th scope="col" class="${side(column)}">${text}</th>`,
  )}</tr></thead><tbody>${rows.map((row) => markup`<tr>${cells(row)}</tr>`)}</tbody></table></div>`;
}

/** A number, to be shown as a reader wants it and sorted as what it is. */
export function number(by: number | null, show: (value: number) => Content): NumberCell {
  return { by, show: by === null ? 'n/a' : show(by) };
}

function isNumber(cell: Cell): cell is NumberCell {
  return typeof cell === 'object' && cell !== null && 'by' in cell;
}

function rowHead(cell: Cell): Markup {
  return markup`<th scope="row" class="text">${isNumber(cell) ? cell.show : cell}</th>`;
}

function drawCell(cell: Cell, side: string): Markup {
  if (!isNumber(cell)) return markup`<td class="${side}">${cell}</td>`;
  return markup`<td class="${side}" data-by="${cell.by}">${cell.show}</td>`;
}
