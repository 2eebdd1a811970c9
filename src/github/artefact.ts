import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { addressOfRun } from './linked-markdown.ts';

/**
 * Uploads files as one artefact of this run, as a zip file, by GitHub's own client.
 *
 * It needs no permission of the token: the runner gives every job what it takes, on pull requests from forks too.
 *
 * @param name distinct among the artefacts of the run; without any of `" : < > | * ? \ /` and line breaks
 * @param files texts by their path in the artefact
 * @returns the address of the artefact, where the service names it
 * @throws Error where there is no such service: outside of a workflow, and on GitHub Enterprise Server
 */
export async function uploadArtefact(
  name: string,
  files: ReadonlyMap<string, string>,
  retentionDays?: number,
): Promise<string | undefined> {
  if (!process.env.ACTIONS_RESULTS_URL || !process.env.ACTIONS_RUNTIME_TOKEN) {
    throw new Error('this server has no artefact service for actions');
  }
  // Loaded only here: it is 1 MB of code that most runs do without.
  const { DefaultArtifactClient } = await import('@actions/artifact');
  const folder = mkdtempSync(join(process.env.RUNNER_TEMP ?? tmpdir(), 'fusion-gate-'));
  try {
    const paths = writeAll(folder, files);
    const { id } = await new DefaultArtifactClient().uploadArtifact(name, paths, folder, {
      ...(retentionDays !== undefined && { retentionDays }),
    });
    const run = addressOfRun();
    return run === undefined || id === undefined ? undefined : `${run}/artifacts/${id}`;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function writeAll(folder: string, files: ReadonlyMap<string, string>): string[] {
  return Array.from(files, ([name, text]) => {
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
    return path;
  });
}
