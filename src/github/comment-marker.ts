/** GitHub refuses a longer comment with a 422. Counted in characters, the hidden marker included. */
export const MAX_COMMENT_LENGTH = 65_536;

/**
 * The hidden first line by which a later run finds its comment again.
 *
 * The name is percent-encoded, so that no name, not even `-->`, can end the HTML comment that it stands in.
 */
export function commentMarker(name: string): string {
  return `<!-- fusion-gate:comment:${encodedName(name)} -->`;
}

/** The first line of a comment that several jobs share. */
export function groupMarker(group: string): string {
  return `<!-- fusion-gate:comment-group:${encodedName(group)} -->`;
}

/** How many characters of Markdown fit under the marker of this name. */
export function commentRoom(name: string): number {
  return MAX_COMMENT_LENGTH - commentMarker(name).length - 1;
}

/** A name as markers have it: without blanks, colons, `>` and two hyphens in a row. */
export function encodedName(name: string): string {
  // A Buffer replaces lone surrogates, on which encodeURIComponent throws.
  return encodeURIComponent(Buffer.from(name).toString()).replaceAll('--', '%2D%2D');
}
