import type { Feed } from '../loaded-model.ts';
import { bytesOf, datatype } from './datatypes.ts';
import type { ServedTensor } from './metadata.ts';

/** What is sent of a feed. */
interface Payload {
  /** The member of the tensor's JSON object that holds the numbers, or says how many bytes they are. */
  readonly member: string;
  /** Numbers that travel behind the JSON. */
  readonly bytes?: Uint8Array;
}

export interface InferRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

export type Encode = (feeds: Readonly<Record<string, Feed>>, fetch: readonly string[]) => InferRequest;

/**
 * How feeds become requests of the Open Inference Protocol: as JSON, or by its binary tensor data extension with the
 * numbers behind the JSON, in the order of the inputs.
 */
export function requestEncoder(inputs: readonly ServedTensor[], isBinary: boolean): Encode {
  const payloadOf = isBinary ? binaryPayload : jsonPayload;
  return (feeds, fetch) => {
    const payloads = inputs.map((tensor) => payloadOf(tensor, feeds[tensor.name]));
    const described = inputs.map(({ name, datatype }, i) => {
      const { shape } = feeds[name];
      return `{${JSON.stringify({ name, shape, datatype }).slice(1, -1)},${payloads[i].member}}`;
    });
    const outputs = fetch.map((name) => ({ name, ...(isBinary && { parameters: { binary_data: true } }) }));
    const text = `{"inputs":[${described.join(',')}],"outputs":${JSON.stringify(outputs)}}`;
    return isBinary ? binaryRequest(text, payloads) : jsonRequest(text);
  };
}

function jsonRequest(text: string): InferRequest {
  return { headers: { 'content-type': 'application/json' }, body: Buffer.from(text) };
}

function binaryRequest(text: string, payloads: readonly Payload[]): InferRequest {
  const json = Buffer.from(text);
  return {
    headers: {
      'content-type': 'application/octet-stream',
      'inference-header-content-length': String(json.byteLength),
    },
    body: Buffer.concat([json, ...payloads.map(({ bytes }) => bytes!)]),
  };
}

function binaryPayload(tensor: ServedTensor, { values }: Feed): Payload {
  const bytes = bytesOf(values, datatype(tensor.datatype)!);
  const member = `"parameters":{"binary_data_size":${bytes.byteLength}}`;
  return { member, bytes };
}

function jsonPayload({ name, dtype }: ServedTensor, { values }: Feed): Payload {
  const wrong = values.find((value) => !Number.isFinite(value));
  if (wrong !== undefined) {
    throw new Error(
      `its input "${name}" is to be ${wrong}, which JSON cannot hold, and it takes no binary tensors`,
    );
  }
  const texts = dtype === 'bool' ? Array.from(values, (value) => String(value !== 0)) : values;
  return { member: `"data":[${Array.prototype.join.call(texts, ',')}]` };
}
