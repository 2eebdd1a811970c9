import type { Candidate, GateConfig } from '../config/gate-config.ts';
import type { EvaluatedRows } from '../evaluation-set/evaluated-rows.ts';
import type { Workspace } from '../foundation/workspace.ts';
import { freezeFusion } from './cached-experts/freeze-fusion.ts';
import { readRouterWeights } from './cached-experts/router-weights.ts';
import { freezeModel } from './freeze-model.ts';
import type { FrozenFusion } from './frozen-fusion.ts';
import { loadModel, type LoadOptions } from './load-model.ts';
import type { LocalServers } from './local-server/local-servers.ts';
import { loadWithCommand } from './local-server/load-with-command.ts';
import { refuseUnfitHead } from './refuse-head.ts';

/** A frozen fusion and the file it came from. */
export interface Frozen {
  readonly fusion: FrozenFusion;
  readonly path: string;
  /** Hexadecimal, of the model; of the evaluation set where that is all there is. */
  readonly sha256: string;
}

export interface FreezeOptions extends LoadOptions {
  readonly workspace: Workspace;
  /** Where the servers run that gates have commands for. Without it, such a gate cannot be frozen. */
  readonly servers?: LocalServers;
}

/** Freezes a gate's candidate on the evaluated rows, whatever it is made of. */
export function freeze(gate: GateConfig, data: EvaluatedRows, options: FreezeOptions): Promise<Frozen> {
  const { candidate } = gate;
  return candidate.kind === 'model'
    ? freezeFile(gate, candidate, data, options)
    : freezeRule(gate, candidate, data, options);
}

async function freezeFile(
  gate: GateConfig,
  candidate: Extract<Candidate, { kind: 'model' }>,
  data: EvaluatedRows,
  options: FreezeOptions,
): Promise<Frozen> {
  const { loaded, sha256, headed } = await loadWithCommand(candidate, options.servers, () =>
    loadModel(candidate, options.workspace, options),
  );
  try {
    if (headed !== undefined) refuseUnfitHead(gate, data.set.columns, headed);
    const fusion = await freezeModel(gate, data, loaded, options.logger);
    return { fusion, path: candidate.path, sha256 };
  } catch (error) {
    await loaded.close();
    throw error;
  }
}

async function freezeRule(
  gate: GateConfig,
  { rule }: Extract<Candidate, { kind: 'fusion' }>,
  data: EvaluatedRows,
  { workspace }: FreezeOptions,
): Promise<Frozen> {
  const { temperature, weights } = rule;
  const router =
    weights === undefined ? undefined : await readRouterWeights(weights, gate.modalities.length, workspace);
  const fusion = await freezeFusion(gate, data, { temperature, router });
  return { fusion, path: data.set.path, sha256: data.set.sha256 };
}
