/**
 * Makes text that comes from a file (names, paths, sentences that quote them) harmless where a report shows it.
 *
 * GitHub reads a comment in several passes: Markdown, then HTML, then filters that look for mentions, references, emoji and
 * links in the *text* of the page, long after entities were decoded. So two measures are needed: entities against the
 * first two, and an invisible space inside whatever a filter would recognise.
 */

/** Longest name or path that is shown whole. */
const LONGEST_NAME = 64;
/** Longest sentence that is shown whole. */
const LONGEST_SENTENCE = 1200;

const ZERO_WIDTH_SPACE = '\u200b';

/** What a reader cannot see, or what changes the order of what he sees: controls, bidi marks, line breaks, half characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Co}\p{Cn}]/gu;

/** Links that are made even inside `<code>`: by the Markdown parser, or from the plain text of an e-mail. */
const LINKS_ANYWHERE: readonly RegExp[] = [
  /@/g, // @user, @org/team, name@host
  /:(?=\/\/)/g, // https://
  /\bwww(?=\.)/gi,
];

/** Links that GitHub makes of the running text alone. */
const LINKS_IN_PROSE: readonly RegExp[] = [
  /#(?=\w)/g, // #123
  /:(?=[^\s/])/g, // mailto:, javascript:, :emoji:
  /(?<=[a-z])-(?=\d)/gi, // GH-123, and a repository's own TICKET-123
  /(?<=\b(?:[0-9a-f]{6})*)[0-9a-f]{6}(?=[0-9a-f]+\b)/gi, // commit ids: 7 digits or more, so none may stay together
];

/** What Markdown, HTML, a table or mathematics would read as its own. */
const MARKUP = /[&<>`*_~[\]\\|#$\u200b]/g;

/** The text with every unseen character spelt out, e.g. `\u{202e}`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`);
}

/** Both ends of a text that is too long, so that names that differ only at the end still differ. */
export function clip(text: string, longest: number): string {
  const characters = Array.from(text);
  if (characters.length <= longest) return text;
  const tail = Math.floor((longest - 1) / 3);
  return [...characters.slice(0, longest - 1 - tail), '…', ...characters.slice(-tail)].join('');
}

/** A sentence that stays text in Markdown and in HTML, inside a table cell or not. Not for the first word of a line. */
export function plain(sentence: string): string {
  return escape(clip(visible(sentence), LONGEST_SENTENCE), [...LINKS_ANYWHERE, ...LINKS_IN_PROSE]);
}

/**
 * A name or path, shown as code. `<code>` and not backticks, which cannot hold every pipe and backslash in a table.
 * No more invisible spaces than needed: people copy names.
 */
export function code(name: string, longest = LONGEST_NAME): string {
  return `<code>${escape(clip(visible(name), longest), LINKS_ANYWHERE)}</code>`;
}

function escape(text: string, links: readonly RegExp[]): string {
  const unlinked = links.reduce((all, link) => all.replace(link, `$&${ZERO_WIDTH_SPACE}`), text);
  // GitHub's own advice for a dollar sign that starts no mathematics is to wrap it.
  return unlinked.replace(MARKUP, (character) =>
    character === '$' ? '<span>&#36;</span>' : `&#${character.charCodeAt(0)};`,
  );
}

/**
 * A name or sentence for a terminal, or for the log of a workflow, where a line with `##[` in it, or one that starts with
 * `::`, is a command to the runner.
 */
export function terminal(text: string, longest = LONGEST_SENTENCE): string {
  return clip(visible(text), longest)
    .replaceAll('##[', '##\\u{5b}')
    .replace(/(?<=^|\s)::/g, '\\u{3a}:');
}

/** Text in HTML, SVG or XML, be it in an element or in a quoted attribute. No filter looks for links there. */
export function inMarkup(text: string): string {
  return visible(text).replace(/[&<>"'`]/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** An address to link to, or undefined where it is not one of the web. */
export function webAddress(address: string | undefined): string | undefined {
  if (address === undefined || !URL.canParse(address)) return undefined;
  const { protocol, href } = new URL(address);
  if (protocol !== 'https:' && protocol !== 'http:') return undefined;
  return href.replace(/[<>()"'`|\\[\]]/g, (character) => `%${character.charCodeAt(0).toString(16)}`);
}
