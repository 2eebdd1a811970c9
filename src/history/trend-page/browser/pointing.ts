import type uPlot from 'uplot';

import type { View } from './view.ts';

/** Moves by key: from this commit, of so many, to that one. */
const KEYS: ReadonlyMap<string, (at: number, count: number) => number> = new Map([
  ['ArrowLeft', (at) => at - 1],
  ['ArrowRight', (at) => at + 1],
  ['PageUp', (at) => at - 10],
  ['PageDown', (at) => at + 10],
  ['Home', () => 0],
  ['End', (_, count) => count - 1],
] as const satisfies readonly (readonly [string, (at: number, count: number) => number])[]);

/** A press holds the commit under the cursor, so that its links can be reached; another lets go. */
export function listen(
  frame: HTMLElement,
  plot: uPlot,
  view: View,
  look: (commit: number) => void,
  count: number,
): void {
  const hold = (held: boolean): void => {
    view.held = held;
    frame.classList.toggle('held', held);
  };
  plot.over.addEventListener('click', () => {
    hold(!view.held);
    if (typeof plot.cursor.idx === 'number') look(plot.cursor.idx);
  });
  frame.addEventListener('keydown', (event) => {
    if (event.key === 'Enter') hold(!view.held);
    if (event.key === 'Escape') hold(false);
    const move = KEYS.get(event.key);
    if (move === undefined) return;
    event.preventDefault();
    hold(false);
    const commit = Math.max(0, Math.min(count - 1, move(view.at, count)));
    look(commit);
    pointAt(plot, commit);
  });
}

/** Puts the cursor on a commit, and brings it into view. */
function pointAt(plot: uPlot, commit: number): void {
  const { min = 0, max = 0 } = plot.scales.x;
  const beyond = Math.min(0, commit - 0.5 - min) + Math.max(0, commit + 0.5 - max);
  // The scale adds half a commit to either side of what it is given.
  if (beyond !== 0) plot.setScale('x', { min: min + 0.5 + beyond, max: max - 0.5 + beyond });
  plot.setCursor({ left: plot.valToPos(commit, 'x'), top: 1 });
}
