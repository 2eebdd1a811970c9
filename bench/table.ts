import { markdownTable } from 'markdown-table';

/** What one part of the bench prints. */
export interface Measured {
  /** What was measured, under which conditions. */
  readonly title: string;
  readonly header: readonly string[];
  readonly rows: readonly (readonly string[])[];
  /** What is missing, or how a figure came about. */
  readonly notes?: readonly string[];
}

export function asMarkdown({ title, header, rows, notes = [] }: Measured): string {
  const table = markdownTable([[...header], ...rows.map((row) => [...row])], {
    align: header.map((_, i) => (i === 0 ? 'l' : 'r')),
  });
  return [title, table, ...notes].join('\n\n');
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1] + sorted[Math.floor(middle)]) / 2;
}

export function seconds(value: number): string {
  return `${value < 10 ? value.toFixed(2) : value.toFixed(0)} s`;
}

/** How many times `value` goes into `other`. */
export function times(other: number, value: number): string {
  const ratio = other / value;
  return `${ratio < 20 ? ratio.toFixed(2) : ratio.toFixed(0)} x`;
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 2 ** 20)} MB`;
}
