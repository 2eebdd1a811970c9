import { z } from 'zod';

import { ConfigurationError } from '../../foundation/errors.ts';
import { engineSays } from '../engine-failure.ts';
import type { TensorInfo } from '../loaded-model.ts';
import type { Connection } from './connection.ts';
import { datatype } from './datatypes.ts';
import type { Answer } from './exchange.ts';
import { parseJson } from './parse-json.ts';

const tensor = z.object({
  name: z.string(),
  datatype: z.string(),
  shape: z.array(z.union([z.int(), z.string()])),
});
const modelMetadata = z.object({
  versions: z.array(z.string()).nullish(),
  inputs: z.array(tensor).nullish(),
  outputs: z.array(tensor).nullish(),
});
const serverMetadata = z.object({
  name: z.string(),
  version: z.string(),
  extensions: z.array(z.string()).nullish(),
});
const repositoryIndex = z.array(z.object({ name: z.string() }));

export interface ServedTensor extends TensorInfo {
  /** As the protocol calls its dtype. */
  readonly datatype: string;
}

export interface ModelMetadata {
  readonly versions: readonly string[];
  readonly inputs: readonly ServedTensor[];
  readonly outputs: readonly ServedTensor[];
}

export interface ServerMetadata {
  /** `mlserver 1.7.1` */
  readonly product: string;
  /** Tensors may travel as bytes behind the JSON. */
  readonly isBinary: boolean;
}

/** @throws ConfigurationError when the answer is no metadata, or leaves out what goes in and comes out */
export function readModelMetadata({ body }: Answer, { url }: Connection): ModelMetadata {
  const result = modelMetadata.safeParse(parseJson(body.toString('utf8')));
  if (!result.success) {
    throw new ConfigurationError(
      `What the server answers to "${url.model}" is no metadata of the Open Inference Protocol. Is it the address of a model?`,
    );
  }
  const { versions, inputs, outputs } = result.data;
  if (!inputs?.length || !outputs?.length) {
    throw new ConfigurationError(
      `The metadata of "${url.model}" names no ${inputs?.length ? 'outputs' : 'inputs'}. Declare both in the server's configuration of the model, with name, datatype and shape.`,
    );
  }
  return {
    versions: versions ?? [],
    inputs: inputs.map(served),
    outputs: outputs.map(served),
  };
}

/** What a server says of itself; that is asked for the report, and not needed. */
export async function readServerMetadata(connection: Connection): Promise<ServerMetadata> {
  const nothing = { product: 'a server that gives no name', isBinary: false };
  const answer = await connection.insist({ method: 'GET', url: connection.url.root }).catch(() => undefined);
  const result = serverMetadata.safeParse(parseJson(answer?.body.toString('utf8') ?? ''));
  if (!result.success) return nothing;
  const { name, version, extensions } = result.data;
  return {
    product: engineSays(`${name} ${version}`).slice(0, 100),
    isBinary: (extensions ?? []).includes('binary_tensor_data'),
  };
}

/** The models of a server, where it has the extension that lists them. */
export async function modelNames(connection: Connection): Promise<string[]> {
  const body = new TextEncoder().encode('{}');
  const headers = { 'content-type': 'application/json' };
  const call = { method: 'POST', url: `${connection.url.root}/repository/index`, headers, body } as const;
  const answer = await connection.ask(call).catch(() => undefined);
  const result = repositoryIndex.safeParse(parseJson(answer?.body.toString('utf8') ?? ''));
  const names = result.success ? result.data.map(({ name }) => engineSays(name)) : [];
  return [...new Set(names)].sort();
}

/** A size that is free is -1, or negative, or has a name. */
function served({ name, datatype: type, shape }: z.output<typeof tensor>): ServedTensor {
  return {
    name,
    datatype: type,
    dtype: datatype(type)?.dtype ?? type,
    shape: shape.map((size) => (typeof size === 'number' && size >= 0 ? size : null)),
  };
}
