import { createHash } from 'node:crypto';

import type { RunReport } from '../report/gate-report.ts';
import { uploadArtefact } from './artefact.ts';
import type { CommentForm } from './publish-comment.ts';
import { NOTE_FILE, NOTE_PREFIX, renderNote } from './relay-note.ts';

/** It is fetched within minutes, or never. */
const RETENTION_DAYS = 1;

/**
 * Leaves a comment that this run's token may not write as an artefact, for `fusion-gate/comment` in a workflow that may.
 *
 * @returns the name of the artefact: one for each name of a comment
 * @throws what the artefact client throws
 */
export async function leaveNote(form: CommentForm, report: RunReport): Promise<string> {
  const identity = JSON.stringify([form.group, form.name]);
  const artefact = NOTE_PREFIX + createHash('sha256').update(identity).digest('hex').slice(0, 12);
  await uploadArtefact(artefact, new Map([[NOTE_FILE, renderNote(form, report)]]), RETENTION_DAYS);
  return artefact;
}
