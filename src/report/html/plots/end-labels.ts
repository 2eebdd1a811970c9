import { type Markup, markup } from '../markup.ts';
import { px } from './canvas.ts';

/** Words at the right end of a line. */
export interface EndLabel {
  readonly y: number;
  readonly text: string;
  readonly look: string;
}

const LINE = 16;

/** The words of lines that end on the right, beside their ends, pushed apart where those lie together. */
export function endLabels(labels: readonly EndLabel[], x: number, lowest: number): Markup[] {
  const fromBelow = labels.toSorted((a, b) => b.y - a.y);
  let free = lowest;
  return fromBelow.map(({ y, text, look }) => {
    const at = Math.min(y, free);
    free = at - LINE;
    return markup`<text class="${look}" x="${px(x)}" y="${px(at + 4.5)}">${text}</text>`;
  });
}
