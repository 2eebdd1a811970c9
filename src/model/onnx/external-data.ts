import { isAbsolute, normalize, sep } from 'node:path';

import { ConfigurationError } from '../../foundation/errors.ts';
import type { Workspace } from '../../foundation/workspace.ts';
import { locateWeights } from '../weights-beside.ts';
import { WireError, wireFields } from './protobuf.ts';

type Message = 'model' | 'training' | 'graph' | 'node' | 'attribute' | 'sparse' | 'function' | 'tensor';

/**
 * Which fields of which message lead to a tensor, by field number.
 * Source: https://github.com/onnx/onnx/blob/main/onnx/onnx.proto
 */
const CHILDREN: Record<Message, Readonly<Partial<Record<number, Message>>>> = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  training: { 1: 'graph', 2: 'graph' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  function: { 7: 'node', 11: 'attribute' },
  tensor: {},
};

/** `TensorProto.external_data`, a list of `StringStringEntryProto { key = 1, value = 2 }`. */
const EXTERNAL_DATA = 13;

/** Messages inside messages: graphs of `If` and `Loop` nodes in each other. */
const MAX_DEPTH = 200;

/** A file beside the model that holds weights. */
export interface ExternalFile {
  /** As the model names it. */
  readonly location: string;
  readonly file: string;
}

/**
 * The files that an ONNX model takes weights from.
 *
 * A model comes from a stranger, and so do these names: a runtime that opens them unseen would read any file.
 *
 * @param path the model as the user wrote it
 * @throws ConfigurationError when a name leads out of the model's own folder, or there is no such file
 */
export async function externalFiles(
  bytes: Uint8Array,
  path: string,
  workspace: Workspace,
): Promise<ExternalFile[]> {
  const files: ExternalFile[] = [];
  for (const location of externalLocations(bytes)) {
    const normal = normalize(location);
    if (isAbsolute(normal) || normal === '..' || normal.startsWith(`..${sep}`)) {
      throw new ConfigurationError(
        `The model "${path}" keeps weights in "${location}", outside its own folder. Save it again with its data file beside it (onnx.save_model(..., save_as_external_data=True, location="weights.bin")).`,
      );
    }
    files.push({ location, file: await locateWeights(path, location, workspace) });
  }
  return files;
}

/** Every `location` in the model, each once, in order of appearance. */
export function externalLocations(bytes: Uint8Array): string[] {
  const found = new Set<string>();
  const visit = (message: Message, content: Uint8Array, depth: number): void => {
    if (depth > MAX_DEPTH) throw new WireError('its graphs are nested too deeply');
    for (const field of wireFields(content)) {
      if (field.wireType !== 2) continue;
      if (message === 'tensor' && field.number === EXTERNAL_DATA) {
        const location = locationOf(field.bytes);
        if (location !== undefined) found.add(location);
        continue;
      }
      const child = CHILDREN[message][field.number];
      if (child !== undefined) visit(child, field.bytes, depth + 1);
    }
  };
  visit('model', bytes, 0);
  return [...found];
}

function locationOf(entry: Uint8Array): string | undefined {
  let key = '';
  let value = '';
  for (const field of wireFields(entry)) {
    if (field.number === 1) key = Buffer.from(field.bytes).toString('utf8');
    if (field.number === 2) value = Buffer.from(field.bytes).toString('utf8');
  }
  return key === 'location' ? value : undefined;
}
