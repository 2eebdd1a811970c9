import { z } from 'zod';

import type { RunReport } from '../report/gate-report.ts';
import { reportSchema } from '../report/report-schema.ts';
import type { CommentForm } from './publish-comment.ts';

/** The one file in the artefact. */
export const NOTE_FILE = 'fusion-gate-comment.json';

/** What the names of these artefacts begin with. */
export const NOTE_PREFIX = 'fusion-gate-comment-';

/** Far above what a run leaves, and little enough to read into memory. */
export const MAX_NOTE_BYTES = 4 * 2 ** 20;

const MAX_GATES = 1000;
const name = z.string().max(1000);

/**
 * A comment that a read-only token could not write, for a workflow whose token may. It says no place: where it goes, GitHub
 * tells whoever posts it.
 */
const noteSchema = z.strictObject({
  kind: z.literal('fusion-gate-comment'),
  version: z.literal(1),
  name,
  group: name.optional(),
  comment: z.enum(['always', 'on-failure']),
  report: reportSchema.refine(({ gates }) => gates.length <= MAX_GATES && gates.every(hasMetric)),
});

export interface RelayNote {
  readonly form: CommentForm;
  readonly report: RunReport;
}

/** The note as text. The shuffles' own values, which no comment shows, stay out. */
export function renderNote({ name, group, comment }: CommentForm, report: RunReport): string {
  const gates = report.gates.map((gate) => ({ ...gate, broken: { ...gate.broken, values: [] } }));
  const note = {
    kind: 'fusion-gate-comment',
    version: 1,
    name,
    group,
    comment,
    report: { ...report, gates },
  };
  return JSON.stringify(noteSchema.parse(note));
}

/**
 * Reads what a stranger may have written.
 *
 * @returns undefined for anything that is not a whole note
 */
export function parseNote(text: string): RelayNote | undefined {
  const parsed = noteSchema.safeParse(jsonOf(text));
  if (!parsed.success) return undefined;
  const { name, group, comment, report } = parsed.data;
  return { form: { name, group, comment }, report };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The schema of the report does not say that the gating metric is there. */
function hasMetric({ metrics }: { readonly metrics: readonly unknown[] }): boolean {
  return metrics.length > 0;
}
