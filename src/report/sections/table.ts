import { markdownTable } from 'markdown-table';

/**
 * A Markdown table whose first row is its head.
 *
 * @param textColumns how many columns, from the left, hold text; the others hold numbers and are set flush right
 */
export function table(rows: readonly (readonly string[])[], textColumns = 1): string {
  return markdownTable(rows, {
    align: rows[0].map((_, column) => (column < textColumns ? 'l' : 'r')),
    // Cells are not padded: with escaped names the padding alone would fill a comment.
    alignDelimiters: false,
  });
}
