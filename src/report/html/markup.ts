import { clip, inMarkup, visible } from '../escape.ts';

/** Finished HTML, SVG or XML. Only a template makes it, so that text of a file can never pass for it. */
export interface Markup {
  readonly kind: 'markup';
  readonly source: string;
}

/** What may stand in a template: text is escaped, markup stays as it is, and nothing shows nothing. */
export type Content = Markup | string | number | null | undefined | readonly Content[];

const LONGEST_NAME = 64;
const LONGEST_SENTENCE = 1200;

/**
 * A template of markup. Every text in it is escaped, in elements as in double-quoted attributes.
 *
 * @example markup`<p title="${name}">${[one, two]}</p>`
 */
export function markup(parts: TemplateStringsArray, ...contents: readonly Content[]): Markup {
  const source = parts.map((part, i) => part + (i < contents.length ? sourceOf(contents[i]) : '')).join('');
  return { kind: 'markup', source };
}

/** A text that this program wrote itself, such as a style sheet. */
export function ownMarkup(source: string): Markup {
  return { kind: 'markup', source };
}

/** A name or path from a file, as code; clipped in the middle where it is very long. */
export function code(name: string, longest = LONGEST_NAME): Markup {
  return markup`<code>${clip(visible(name), longest)}</code>`;
}

/** A sentence that may quote names from a file. */
export function sentence(text: string): Markup {
  return markup`${clip(visible(text), LONGEST_SENTENCE)}`;
}

function sourceOf(content: Content): string {
  if (content === null || content === undefined) return '';
  if (typeof content === 'string') return inMarkup(content);
  if (typeof content === 'number') return String(content);
  return 'kind' in content ? content.source : content.map(sourceOf).join('');
}
