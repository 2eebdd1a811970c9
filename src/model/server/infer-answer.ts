import { z } from 'zod';

import { enumerate } from '../../foundation/errors.ts';
import { engineSays } from '../engine-failure.ts';
import { shapeText } from '../frozen-graph/describe.ts';
import type { Floats } from '../decision.ts';
import type { Fetched } from '../loaded-model.ts';
import { type Datatype, datatype, floatsOfBytes, floatsOfJson } from './datatypes.ts';
import type { Answer } from './exchange.ts';
import type { ServedTensor } from './metadata.ts';
import { parseJson } from './parse-json.ts';
import { ServerFailure } from '../../foundation/server-failure.ts';

const output = z.object({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(z.int().min(0)).max(32),
  data: z.unknown().optional(),
  parameters: z.object({ binary_data_size: z.int().min(0).nullish() }).nullish(),
});
const inferAnswer = z.object({ outputs: z.array(output) });

type Output = z.output<typeof output>;

/** How long the JSON is where tensors follow it as bytes. */
const JSON_LENGTH = 'inference-header-content-length';

/**
 * The tensors of an answer.
 *
 * @param outputs what the model's metadata says of them
 * @throws ServerFailure when one that was asked for is missing, or is not what it is said to be
 */
export function readAnswer(
  answer: Answer,
  outputs: readonly ServedTensor[],
  fetch: readonly string[],
): Record<string, Fetched> {
  const { json, bytes } = split(answer);
  const result = inferAnswer.safeParse(parseJson(json.toString('utf8')));
  if (!result.success) {
    throw new ServerFailure('its answer is no inference response of the Open Inference Protocol');
  }
  const found = result.data.outputs;
  const binary = binaryParts(found, bytes);
  return Object.fromEntries(
    fetch.map((name) => {
      const given = found.find((it) => it.name === name);
      if (given === undefined) {
        const names = enumerate(
          found.map((it) => engineSays(it.name)),
          5,
        );
        throw new ServerFailure(`its answer lacks the output "${name}" and has ${names}`);
      }
      const declared = outputs.find((it) => it.name === name)!;
      return [name, fetched(given, declared, binary.get(given))] as const;
    }),
  );
}

function split({ headers, body }: Answer): { json: Buffer; bytes: Buffer } {
  const length = headers[JSON_LENGTH];
  if (length === undefined) return { json: body, bytes: body.subarray(body.byteLength) };
  const at = Number(length);
  if (!Number.isInteger(at) || at < 0 || at > body.byteLength) {
    throw new ServerFailure(
      `its answer has ${body.byteLength} bytes, of which ${String(length)} should be JSON`,
    );
  }
  return { json: body.subarray(0, at), bytes: body.subarray(at) };
}

/** Tensors as bytes lie one behind the other, in the order of the outputs. */
function binaryParts(outputs: readonly Output[], bytes: Buffer): Map<Output, Uint8Array> {
  const parts = new Map<Output, Uint8Array>();
  let at = 0;
  for (const output of outputs) {
    const size = output.parameters?.binary_data_size;
    if (typeof size !== 'number') continue;
    parts.set(output, bytes.subarray(at, at + size));
    at += size;
  }
  if (at === bytes.byteLength) return parts;
  throw new ServerFailure(`its answer has ${bytes.byteLength} bytes of tensors, but announces ${at}`);
}

function fetched(given: Output, declared: ServedTensor, bytes: Uint8Array | undefined): Fetched {
  const { name, shape } = given;
  const type = datatype(given.datatype);
  if (type === undefined || given.datatype !== declared.datatype) {
    throw new ServerFailure(
      `its output "${name}" comes as ${given.datatype}, but its metadata says ${declared.datatype}`,
    );
  }
  if (!fits(shape, declared.shape!)) {
    const sizes = declared.shape!.map((size) => size ?? -1);
    throw new ServerFailure(
      `its output "${name}" has shape ${shapeText(shape)}, but its metadata says ${shapeText(sizes)}`,
    );
  }
  const count = shape.reduce((product, size) => product * size, 1);
  return {
    shape,
    values: bytes === undefined ? fromJson(given, type, count) : fromBytes(name, bytes, type, count),
  };
}

/** Axes of size 1 come and go on the way through a server. */
function fits(shape: readonly number[], declared: readonly (number | null)[]): boolean {
  if (shape.length === declared.length) {
    return shape.every((size, axis) => declared[axis] === null || declared[axis] === size);
  }
  const long = shape.filter((size) => size !== 1);
  const wanted = declared.filter((size) => size !== 1);
  return long.length <= wanted.length && long.every((size, i) => wanted[i] === null || wanted[i] === size);
}

function fromBytes(name: string, bytes: Uint8Array, type: Datatype, count: number): Floats {
  if (bytes.byteLength !== count * type.bytes) {
    throw new ServerFailure(
      `its output "${name}" has ${bytes.byteLength} bytes for ${count} numbers of ${type.bytes}`,
    );
  }
  return floatsOfBytes(bytes, type);
}

function fromJson({ name, data, shape }: Output, type: Datatype, count: number): Floats {
  // Flat or nested, as the protocol leaves it to the server.
  const flat: unknown[] = Array.isArray(data) ? data.flat(Math.max(0, shape.length - 1)) : [];
  if (flat.length !== count) {
    throw new ServerFailure(`its output "${name}" has ${flat.length} numbers for shape ${shapeText(shape)}`);
  }
  if (!areNumbers(flat)) throw new ServerFailure(`its output "${name}" holds something else than numbers`);
  return floatsOfJson(flat, type);
}

function areNumbers(values: readonly unknown[]): values is (number | boolean | null)[] {
  return values.every((value) => typeof value === 'number' || typeof value === 'boolean' || value === null);
}
