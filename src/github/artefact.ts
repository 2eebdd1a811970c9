/**
 * Uploads files as one artefact of this run, as a zip file, by GitHub's own client.
 *
 * It needs no permission of the token: the runner gives every job what it takes, on pull requests from forks too.
 *
 * @param name distinct among the artefacts of the run; without any of `" : < > | * ? \ /` and line breaks
 * @param files absolute paths below `root`
 * @throws Error where there is no such service: outside of a workflow, and on GitHub Enterprise Server
 */
export async function uploadArtefact(
  name: string,
  files: readonly string[],
  root: string,
  retentionDays?: number,
): Promise<void> {
  if (!process.env.ACTIONS_RESULTS_URL || !process.env.ACTIONS_RUNTIME_TOKEN) {
    throw new Error('this server has no artefact service for actions');
  }
  // Loaded only here: it is 1 MB of code that most runs do without.
  const { DefaultArtifactClient } = await import('@actions/artifact');
  await new DefaultArtifactClient().uploadArtifact(name, [...files], root, {
    ...(retentionDays !== undefined && { retentionDays }),
  });
}
