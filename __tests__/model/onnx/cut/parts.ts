import { readFileSync } from 'node:fs';

import type { CutModel, Feed, LoadedModel } from '../../../../src/model/loaded-model.ts';
import { indexGraph } from '../../../../src/model/onnx/cut/graph-index.ts';
import { distance, folder } from '../../fusion-fixture.ts';

/** Every tensor that a model computes, by its file in the folder of fixtures. */
export function computedTensors(path: string): string[] {
  return [...indexGraph(readFileSync(`${folder}${path}`)).writer.keys()];
}

/** How far the traced model and the suffix are from the whole, relative to its largest output. */
export async function errorOfParts(
  { whole, traced, suffix }: CutModel,
  feeds: Readonly<Record<string, Feed>>,
  output = 'fused',
): Promise<number> {
  const wanted = (await whole.run(feeds, [output]))[output].values;
  const own = (part: LoadedModel, all: Readonly<Record<string, Feed>>) =>
    Object.fromEntries(part.inputs.map(({ name }) => [name, all[name]]));
  const names = traced.outputs.map(({ name }) => name);
  const trace = await traced.run(own(traced, feeds), names);
  const found = (await suffix.run(own(suffix, { ...feeds, ...trace }), [output]))[output].values;
  const furthest = Math.max(distance(trace[output].values, wanted), distance(found, wanted));
  return furthest / distance(wanted, new Float32Array(wanted.length));
}
