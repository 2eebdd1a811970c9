import { fromBufferPromise, type ZipFile } from 'yauzl';

import { ask } from './ask.ts';
import { artefactErrand } from './errands.ts';
import type { Connection, Octokit } from './octokit.ts';
import type { Repository } from './occasion.ts';
import { artefactName, REPORT_NAME } from './report-artefact.ts';
import { MAX_NOTE_BYTES, NOTE_FILE, NOTE_PREFIX, parseNote, type RelayNote } from './relay-note.ts';

/** Of one run. A matrix has 256 jobs at most; a stranger may have added any number. */
const MAX_NOTES = 256;

/** An artefact that was left, and the note in it where there is one. */
export interface FoundNote {
  readonly artefact: string;
  readonly note: RelayNote | undefined;
  /** Number of the artefact with the whole report, where the run has uploaded one for this comment. */
  readonly report?: number;
}

interface Artefact {
  readonly id: number;
  readonly name: string;
}

/**
 * The notes that a run left, the oldest first: of one that was left twice, the later is posted last.
 *
 * Nothing in them is trusted. Their sizes are bounded as they are read, whatever they declare.
 *
 * @throws Refused
 */
export async function fetchNotes({ octokit, repository }: Connection, runId: number): Promise<FoundNote[]> {
  const errand = artefactErrand(repository);
  const { notes: left, reports } = await ask(errand, () => listArtefacts(octokit, repository, runId));
  const notes: FoundNote[] = [];
  for (const { id, name } of left) {
    const bytes = await ask(errand, () => download(octokit, repository, id));
    const text = bytes && (await unpack(bytes));
    const note = text === undefined ? undefined : parseNote(text);
    const report = note && reports.get(artefactName(note.form.name));
    notes.push({ artefact: name, note, ...(report !== undefined && { report }) });
  }
  return notes;
}

/** Notes from the oldest on, and the newest report of each name. */
async function listArtefacts(octokit: Octokit, repository: Repository, runId: number) {
  const pages = octokit.paginate.iterator(octokit.rest.actions.listWorkflowRunArtifacts, {
    ...repository,
    run_id: runId,
    per_page: 100,
  });
  const found: Record<'notes' | 'reports', Artefact[]> = { notes: [], reports: [] };
  for await (const { data } of pages) {
    for (const { id, name, expired } of data) {
      if (expired) continue;
      if (name.startsWith(NOTE_PREFIX)) found.notes.push({ id, name });
      if (name.startsWith(REPORT_NAME)) found.reports.push({ id, name });
    }
    if (found.notes.length > MAX_NOTES) break;
  }
  const byAge = (a: Artefact, b: Artefact): number => a.id - b.id;
  return {
    notes: found.notes.slice(0, MAX_NOTES).sort(byAge),
    reports: new Map(found.reports.sort(byAge).map(({ id, name }) => [name, id])),
  };
}

/** @returns undefined for an artefact that is too large */
async function download(octokit: Octokit, repository: Repository, id: number): Promise<Buffer | undefined> {
  const { data } = await octokit.rest.actions.downloadArtifact({
    ...repository,
    artifact_id: id,
    archive_format: 'zip',
    // As a stream, to stop where it grows too long.
    request: { parseSuccessResponseBody: false },
  });
  return bounded(data as AsyncIterable<Uint8Array>);
}

/** @returns undefined where there is no whole note of a bearable size in the zip file */
async function unpack(bytes: Buffer): Promise<string | undefined> {
  try {
    const zip = await fromBufferPromise(bytes);
    const content = await noteIn(zip);
    return content?.toString('utf8');
  } catch {
    return undefined;
  }
}

async function noteIn(zip: ZipFile): Promise<Buffer | undefined> {
  for await (const entry of zip.eachEntry()) {
    if (entry.fileName !== NOTE_FILE) return undefined;
    return bounded((await zip.openReadStreamPromise(entry)) as AsyncIterable<Uint8Array>);
  }
  return undefined;
}

async function bounded(chunks: AsyncIterable<Uint8Array>): Promise<Buffer | undefined> {
  const read: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    if (size > MAX_NOTE_BYTES) return undefined;
    read.push(chunk);
  }
  return Buffer.concat(read);
}
