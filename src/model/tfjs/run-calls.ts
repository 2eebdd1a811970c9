import type { NamedTensorMap, Tensor } from '@tensorflow/tfjs-core';

import type { LayerCall } from './layer-calls.ts';
import type { TfEngine } from './tfjs-engine.ts';

/**
 * Calls layers on tensors, as the library does it for a whole model: it ignores tensors that are fed in between without a
 * word, so the calls behind them are made here, by the very same layers.
 *
 * @param calls each after those that it reads from
 */
export function runCalls(
  { core }: TfEngine,
  calls: readonly LayerCall[],
  inputs: NamedTensorMap,
  fetch: readonly string[],
): Tensor[] {
  const readers = countReaders(calls);
  return core.tidy(() => {
    const tensors = new Map<string, Tensor>();
    const masks = new Map<string, Tensor>();
    // By tensor, not by name: a layer may give one tensor twice.
    const uses = new Map<Tensor, number>();
    const give = (name: string, tensor: Tensor, isKept: boolean): void => {
      tensors.set(name, tensor);
      uses.set(tensor, (uses.get(tensor) ?? 0) + (isKept ? Infinity : (readers.get(name) ?? 0)));
    };
    for (const [name, tensor] of Object.entries(inputs)) give(name, tensor, true);
    for (const { layer, reads, writes } of calls) {
      const given = reads.map((name) => tensors.get(name)!);
      const marks = reads.map((name) => masks.get(name)!);
      const results = [layer.apply(given, maskOf(marks))].flat() as Tensor[];
      const marked = layer.supportsMasking ? [layer.computeMask(given, marks)].flat()[0] : null;
      writes.forEach((name, i) => {
        give(name, results[i], layer.stateful || fetch.includes(name));
        if (marked) masks.set(name, marked);
      });
      // Activations are large: each goes as soon as nobody reads it any more.
      for (const tensor of given) {
        uses.set(tensor, uses.get(tensor)! - 1);
        if (uses.get(tensor) === 0) tensor.dispose();
      }
    }
    return fetch.map((name) => tensors.get(name)!);
  });
}

/** The library hands on the first one, where there is any. */
function maskOf(marks: readonly (Tensor | undefined)[]): { readonly mask?: Tensor } {
  return marks.some((mark) => mark !== undefined) ? { mask: marks[0] } : {};
}

/** How often each tensor is read. */
function countReaders(calls: readonly LayerCall[]): Map<string, number> {
  const readers = new Map<string, number>();
  for (const name of calls.flatMap(({ reads }) => reads)) readers.set(name, (readers.get(name) ?? 0) + 1);
  return readers;
}
