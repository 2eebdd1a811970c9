import { resolve } from 'node:path';
import { statSync } from 'node:fs';

import { chooseFile } from '../config/read-config.ts';
import { thresholdLines } from '../config/threshold-lines.ts';
import type { Workspace } from '../foundation/workspace.ts';
import type { GatePlaces } from '../report/gate-places.ts';
import type { GateReport, RunReport } from '../report/gate-report.ts';
import { fromRoot } from './report-file.ts';
import { given, readWishes, SPEAKER } from './step-inputs.ts';

/** Where the gates of a report stand in the repository, by their names; as far as it can be told. */
export async function gatePlaces(
  { gates }: RunReport,
  workspace: Workspace,
): Promise<ReadonlyMap<string, GatePlaces>> {
  const rooted = (path: string): string => fromRoot(resolve(workspace.base, path), workspace);
  const config = configFile(workspace);
  const lines = config === undefined ? new Map<string, number>() : await linesOf(config, workspace);
  return new Map(
    gates.map((gate) => {
      const line = lines.get(gate.name);
      const model = modelFile(gate, workspace);
      return [
        gate.name,
        {
          ...(config !== undefined && line !== undefined && { threshold: { path: rooted(config), line } }),
          ...(model !== undefined && { model: rooted(model) }),
        },
      ];
    }),
  );
}

/** Merged shards were measured by other steps, with a config that this one has not. */
function configFile(workspace: Workspace): string | undefined {
  if (given('merge') !== undefined) return undefined;
  try {
    return chooseFile(readWishes(), workspace, SPEAKER);
  } catch {
    return undefined;
  }
}

/** A file that cannot be read has been complained of, and holds no gate of the report. */
async function linesOf(config: string, workspace: Workspace): Promise<ReadonlyMap<string, number>> {
  try {
    return await thresholdLines(config, workspace);
  } catch {
    return new Map();
  }
}

/** Rules have no file, and servers have no path. */
function modelFile({ model }: GateReport, { base }: Workspace): string | undefined {
  const isFile = statSync(resolve(base, model.path), { throwIfNoEntry: false })?.isFile() ?? false;
  return model.sha256 !== '' && isFile ? model.path : undefined;
}
