import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';

/** Where the user says that downloaded files are kept. */
export const CACHE_VARIABLE = 'FUSION_GATE_CACHE';

/**
 * The folder that downloaded files are kept in: the user's choice; on a runner its tool cache, which outlives the job where
 * the runner does; else the one of https://specifications.freedesktop.org/basedir-spec.
 */
export function cacheFolder(environment: NodeJS.ProcessEnv): string {
  const { [CACHE_VARIABLE]: chosen, RUNNER_TOOL_CACHE: tools, XDG_CACHE_HOME: home } = environment;
  if (chosen) return resolve(chosen);
  if (tools) return join(tools, 'fusion-gate');
  return join(home && isAbsolute(home) ? home : join(homedir(), '.cache'), 'fusion-gate');
}
