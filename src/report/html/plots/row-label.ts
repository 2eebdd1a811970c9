import { clip, visible } from '../../escape.ts';
import { type Markup, markup } from '../markup.ts';

/** Longest name that fits left of a plot of rows. */
const LONGEST = 20;
const LEFT = 2;

/** The name of a row, left of the plot. */
export function rowLabel(label: string, y: number, strong: boolean): Markup {
  return markup`<text class="${strong ? 'strong' : 'soft'}" x="${LEFT}" y="${y + 4.5}">${clip(visible(label), LONGEST)}</text>`;
}
