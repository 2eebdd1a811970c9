import { readFile, stat } from 'node:fs/promises';

import { z } from 'zod';

import { ConfigurationError } from '../../foundation/errors.ts';

/** All weights of a model: they are held as one buffer. */
const MAX_WEIGHT_BYTES = 2 ** 31 - 1;

/** Bytes of a stored value. Text weights (lookup tables) have no fixed size, and no fusion model needs them. */
const BYTES = { float32: 4, int32: 4, bool: 1, uint8: 1, uint16: 2, float16: 2, complex64: 8 } as const;

const stored = z.enum(Object.keys(BYTES) as (keyof typeof BYTES)[]);

/** One weight as model.json describes it. */
export const weightSpec = z.looseObject({
  name: z.string(),
  shape: z.array(z.int().min(0)),
  dtype: stored,
  quantization: z.looseObject({ dtype: stored }).optional(),
});

export type StoredWeight = z.output<typeof weightSpec>;

/**
 * The bytes of all weight files, one behind the other.
 *
 * @param path the model as the user wrote it
 * @param files absolute paths, located inside the workspace
 * @throws ConfigurationError when they are not as long as the weights that model.json describes
 */
export async function readWeights(
  path: string,
  files: readonly string[],
  specs: readonly StoredWeight[],
): Promise<ArrayBuffer> {
  const expected = specs.reduce((sum, spec) => sum + byteLength(spec), 0);
  const sizes = await Promise.all(files.map(async (file) => (await stat(file)).size));
  const found = sizes.reduce((sum, size) => sum + size, 0);
  if (found !== expected) {
    throw new ConfigurationError(
      `The weight files of the model "${path}" have ${found} bytes, but its model.json describes ${expected}. Copy them again together with their model.json.`,
    );
  }
  if (found > MAX_WEIGHT_BYTES) {
    throw new ConfigurationError(
      `The weight files of the model "${path}" have ${found} bytes; at most ${MAX_WEIGHT_BYTES} are read.`,
    );
  }
  const data = new Uint8Array(found);
  let at = 0;
  for (const file of files) {
    const bytes = await readFile(file);
    data.set(bytes, at);
    at += bytes.length;
  }
  return data.buffer;
}

/** What a weight takes in its file. */
export function byteLength({ shape, dtype, quantization }: StoredWeight): number {
  return shape.reduce((product, size) => product * size, BYTES[quantization?.dtype ?? dtype]);
}
