import { type Content, type Markup, markup } from '../markup.ts';

/** Every plot is drawn this wide, in pixels, and scaled by the page. */
export const WIDTH = 480;

/** Where the data are drawn, in pixels from the upper left corner. */
export interface Area {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
}

/** What a reader who cannot see the plot is told. */
export interface Words {
  readonly title: string;
  readonly description: string;
}

/** The plot as an `<svg>` element, which needs PLOT_STYLE and the colours around it. */
export function canvas(height: number, { title, description }: Words, content: Content): Markup {
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="plot" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-label="${title}. ${description}">${content}</svg>`;
}

/** A coordinate: a hundredth of a pixel is enough, and every machine writes the same one. */
export function px(value: number): number {
  return Math.round(value * 100) / 100;
}

/** Rough, and rather too wide than too narrow: there is nothing here to measure a font with. */
export function textWidth(text: string): number {
  return Array.from(text).length * 7.7;
}

/** Something a reader may point at, or step to: what it says is in its title. */
export function tipped(tip: string, mark: Content): Markup {
  return markup`<g class="mark"><title>${tip}</title>${mark}</g>`;
}
