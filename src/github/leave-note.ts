import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

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
  const folder = mkdtempSync(join(process.env.RUNNER_TEMP ?? tmpdir(), 'fusion-gate-'));
  try {
    const file = join(folder, NOTE_FILE);
    writeFileSync(file, renderNote(form, report));
    await uploadArtefact(artefact, [file], folder, RETENTION_DAYS);
    return artefact;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
