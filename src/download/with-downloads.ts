import type { GateConfig } from '../config/gate-config.ts';
import { withFiles, type Workspace } from '../foundation/workspace.ts';
import { cachedFile, type DownloadOptions } from './cached-file.ts';

/**
 * The workspace as a gate sees it: what the gate downloads is there, under the name that the gate has for it.
 *
 * @throws ConfigurationError when a file cannot be had, or is not the one that the config pins
 */
export async function withDownloads(
  { downloads = [] }: GateConfig,
  workspace: Workspace,
  options: DownloadOptions,
): Promise<Workspace> {
  const files = new Map<string, string>();
  for (const download of downloads) files.set(download.name, await cachedFile(download, options));
  return withFiles(workspace, files);
}
