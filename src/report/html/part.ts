import { type Content, type Markup, markup } from './markup.ts';

/** One question about a gate, and its answer: in words, in a plot, and in numbers. */
export interface Part {
  readonly title: string;
  /** What was found, in a sentence. */
  readonly finding: Content;
  readonly plot?: Markup | null;
  /** How to read the plot. */
  readonly note?: Content;
  readonly numbers?: Content;
  /** Whether it takes the whole width of the page. */
  readonly wide?: boolean;
}

/** A part without a plot shows its numbers at once; behind a plot they are unfolded. */
export function drawPart({ title, finding, plot, note, numbers, wide = false }: Part): Markup {
  const figure =
    plot === undefined || plot === null
      ? markup`<div>${numbers}</div><div></div>`
      : markup`<figure>${plot}<figcaption>${note}</figcaption></figure><details><summary>The numbers<span class="unseen"> of: ${title}</span></summary>${numbers}</details>`;
  return markup`<section class="part${wide ? ' wide' : ''}"><h3>${title}</h3><p>${finding}</p>${figure}</section>`;
}
