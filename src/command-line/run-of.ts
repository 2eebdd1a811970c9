import { DEFAULT_CONFIG } from '../config/read-config.ts';

/** The command that judges the gates of a config file. */
export function runOf(config: string): string {
  return config === DEFAULT_CONFIG ? 'fusion-gate run' : `fusion-gate run --config ${config}`;
}
