import { clip, visible } from '../../report/escape.ts';

/** Longest name or path that is shown whole. */
const LONGEST_NAME = 120;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text of a page or of an attribute in quotes. */
export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character]);
}

/** A name from a file: nothing unseen in it, and not too long. */
export function shownName(name: string): string {
  return clip(visible(name), LONGEST_NAME);
}

/**
 * JSON for inside a `<script>`: nothing in it can end the element or begin a comment
 * (https://html.spec.whatwg.org/multipage/scripting.html#restrictions-for-contents-of-script-elements).
 */
export function scriptJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[<>&\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
