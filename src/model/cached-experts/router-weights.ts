import { openNpz } from '../../evaluation-set/npz.ts';
import { ConfigurationError } from '../../foundation/errors.ts';
import type { Workspace } from '../../foundation/workspace.ts';
import type { RuleOptions } from './rules.ts';

/**
 * The weights of a `linear-router`: W [2M, M] and b [M] of a `.npz`, applied to [presence, Q] in the order of the
 * modalities.
 *
 * @param modalities their number M
 */
export async function readRouterWeights(
  path: string,
  modalities: number,
  workspace: Workspace,
): Promise<NonNullable<RuleOptions['router']>> {
  const npz = await openNpz(path, workspace, 'router weights');
  const read = async (name: string, shape: readonly number[]): Promise<Float64Array> => {
    const array = await npz.read(name);
    if (array.kind === 'text' || array.shape.join() !== shape.join()) {
      throw new ConfigurationError(
        `The array "${name}" of "${path}" is ${array.dtype} with shape [${array.shape.join(', ')}]; a linear router over ${modalities} modalities needs numbers with shape [${shape.join(', ')}].`,
      );
    }
    const values = Float64Array.from(array.values);
    if (values.every(Number.isFinite)) return values;
    throw new ConfigurationError(
      `The array "${name}" of "${path}" holds NaN or infinity; finite weights are needed.`,
    );
  };
  return { W: await read('W', [2 * modalities, modalities]), b: await read('b', [modalities]) };
}
