import type { GateConfig } from '../../config/gate-config.ts';
import type { EvaluatedRows } from '../../evaluation-set/evaluated-rows.ts';
import type { LoadedModel } from '../loaded-model.ts';

/** The model with the experts among its outputs that the config names and that lie inside. */
export async function withInsideExperts(
  { modalities }: GateConfig,
  { set }: EvaluatedRows,
  loaded: LoadedModel,
): Promise<LoadedModel> {
  if (loaded.show === undefined || loaded.trace === undefined) return loaded;
  const outside = new Set([...loaded.outputs, ...set.columns].map(({ name }) => name));
  const named = modalities.map(({ expert }) => expert).filter((name) => name !== undefined);
  const unknown = named.filter((name) => !outside.has(name));
  if (unknown.length === 0) return loaded;
  const { operators } = await loaded.show();
  const computed = new Set(operators.flatMap(({ writes }) => writes));
  const inside = unknown.filter((name) => computed.has(name));
  if (inside.length === 0) return loaded;
  const traced = await loaded.trace(inside);
  return { ...loaded, outputs: traced.outputs, run: (feeds, fetch) => traced.run(feeds, fetch) };
}
