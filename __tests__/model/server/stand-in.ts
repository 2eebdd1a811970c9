import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { buffer } from 'node:stream/consumers';

/** Numbers of one tensor, row-major, as the stand-in computes with them. */
export interface Tensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly values: readonly number[];
}

/** A model made of a formula. */
export interface Formula {
  readonly inputs: readonly TensorMetadata[];
  readonly outputs: readonly TensorMetadata[];
  readonly compute: (inputs: Readonly<Record<string, readonly number[]>>) => Record<string, number[]>;
}

export interface TensorMetadata {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
}

/** A request as it came in. */
export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
  /** Of inference: the tensors. */
  readonly inputs: readonly Tensor[];
  /** How many requests of this path came before. */
  readonly before: number;
}

/** An inference response as JSON, before its numbers are written. */
export interface Reply {
  outputs: { name: string; datatype: string; shape: number[]; data: unknown }[];
}

export interface Wishes {
  readonly models: Readonly<Record<string, Formula>>;
  /** Lists and speaks the binary tensor data extension. */
  readonly isBinary?: boolean;
  /** Answers in place of the server; true where it has. */
  readonly trouble?: (request: Received, response: ServerResponse) => boolean;
  /** Milliseconds before any answer. */
  readonly delay?: (request: Received) => number;
  /** Spoils what the model gives. */
  readonly spoil?: (reply: Reply) => void;
  /** Spoils the bytes behind the JSON. */
  readonly cutBytes?: number;
}

export interface StandIn {
  readonly origin: string;
  readonly requests: readonly Received[];
  /** Most requests for inference that were under way at a time. */
  readonly busiest: () => number;
  readonly close: () => Promise<void>;
}

type Reader = (bytes: Buffer, at: number) => number;
type Writer = (bytes: Buffer, value: number, at: number) => void;

/** Written from the protocol's own table: name, bytes, and how Node reads and writes one of them. */
const TYPES: Readonly<Record<string, readonly [size: number, read: Reader, write: Writer]>> = {
  BOOL: [1, (b, at) => b.readUInt8(at), (b, v, at) => b.writeUInt8(v, at)],
  UINT8: [1, (b, at) => b.readUInt8(at), (b, v, at) => b.writeUInt8(v, at)],
  UINT16: [2, (b, at) => b.readUInt16LE(at), (b, v, at) => b.writeUInt16LE(v, at)],
  UINT32: [4, (b, at) => b.readUInt32LE(at), (b, v, at) => b.writeUInt32LE(v, at)],
  UINT64: [8, (b, at) => Number(b.readBigUInt64LE(at)), (b, v, at) => b.writeBigUInt64LE(BigInt(v), at)],
  INT8: [1, (b, at) => b.readInt8(at), (b, v, at) => b.writeInt8(v, at)],
  INT16: [2, (b, at) => b.readInt16LE(at), (b, v, at) => b.writeInt16LE(v, at)],
  INT32: [4, (b, at) => b.readInt32LE(at), (b, v, at) => b.writeInt32LE(v, at)],
  INT64: [8, (b, at) => Number(b.readBigInt64LE(at)), (b, v, at) => b.writeBigInt64LE(BigInt(v), at)],
  FP32: [4, (b, at) => b.readFloatLE(at), (b, v, at) => b.writeFloatLE(v, at)],
  FP64: [8, (b, at) => b.readDoubleLE(at), (b, v, at) => b.writeDoubleLE(v, at)],
  // Bits: 1, 0.5 and the like are enough here.
  FP16: [
    2,
    (b, at) => HALVES.indexOf(b.readUInt16LE(at)) / 2,
    (b, v, at) => b.writeUInt16LE(HALVES[v * 2], at),
  ],
};
/** The binary16 of 0, 0.5, 1, 1.5 and 2 (IEEE 754). */
const HALVES = [0x0000, 0x3800, 0x3c00, 0x3e00, 0x4000];

/** A server of the Open Inference Protocol over formulas, on a free port of this machine. */
export async function startStandIn(wishes: Wishes): Promise<StandIn> {
  const requests: Received[] = [];
  let busy = 0;
  let busiest = 0;
  const server = createServer((request, response) => {
    void (async () => {
      const body = await buffer(request);
      const path = request.url!;
      const isInfer = path.endsWith('/infer');
      const before = requests.filter((it) => it.path === path).length;
      const { method = '', headers } = request;
      const inputs = isInfer ? tensorsOf(headers, body) : [];
      const received = { method, path, headers, inputs, before };
      requests.push(received);
      busy += Number(isInfer);
      busiest = Math.max(busiest, busy);
      response.on('close', () => {
        busy -= Number(isInfer);
      });
      if (wishes.delay !== undefined) await sleep(wishes.delay(received));
      if (wishes.trouble?.(received, response) !== true) answer(received, response, wishes);
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    busiest: () => busiest,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
      }),
  };
}

export function sendJson(response: ServerResponse, status: number, value: unknown, headers = {}): boolean {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof value === 'string' ? value : JSON.stringify(value));
  return true;
}

function answer(request: Received, response: ServerResponse, wishes: Wishes): void {
  const { models, isBinary = false } = wishes;
  const { method, path } = request;
  if (path === '/v2/health/ready') return void sendJson(response, 200, {});
  if (path === '/v2') {
    const extensions = isBinary ? ['binary_tensor_data'] : [];
    return void sendJson(response, 200, { name: 'stand-in', version: '2.1', extensions });
  }
  if (path === '/v2/repository/index' && method === 'POST') {
    const list = Object.keys(models).map((name) => ({ name, version: '1', state: 'READY', reason: '' }));
    return void sendJson(response, 200, list);
  }
  const [, encoded, , what] =
    /^\/v2\/models\/([^/]+)(\/versions\/[^/]+)?(\/ready|\/infer)?$/.exec(path) ??
    ([] as (string | undefined)[]);
  const model = encoded === undefined ? undefined : models[decodeURIComponent(encoded)];
  if (model === undefined) return void sendJson(response, 404, { error: `Model ${encoded} not found` });
  if (what === '/ready') return void sendJson(response, 200, {});
  if (what === undefined) {
    const { inputs, outputs } = model;
    return void sendJson(response, 200, { name: encoded, versions: ['7'], platform: '', inputs, outputs });
  }
  infer(model, request, response, wishes);
}

function infer(model: Formula, { inputs }: Received, response: ServerResponse, wishes: Wishes): void {
  const { isBinary = false, spoil, cutBytes = 0 } = wishes;
  const found = model.compute(Object.fromEntries(inputs.map(({ name, values }) => [name, values])));
  const rows = inputs[0].shape[0];
  const reply: Reply = {
    outputs: model.outputs.map(({ name, datatype, shape }) => ({
      name,
      datatype,
      shape: shape.map((size) => (size === -1 ? rows : size)),
      data: found[name],
    })),
  };
  spoil?.(reply);
  if (!isBinary) return void sendJson(response, 200, reply);
  const parts = reply.outputs.map(({ datatype, data }) => bytesOf(datatype, data as number[]));
  const outputs = reply.outputs.map(({ data: _, ...rest }, i) => ({
    ...rest,
    parameters: { binary_data_size: parts[i].byteLength },
  }));
  const json = Buffer.from(JSON.stringify({ outputs }));
  const body = Buffer.concat([json, ...parts]);
  response.writeHead(200, { 'inference-header-content-length': String(json.byteLength) });
  response.end(body.subarray(0, body.byteLength - cutBytes));
}

function bytesOf(datatype: string, values: readonly number[]): Buffer {
  const [size, , write] = TYPES[datatype];
  const bytes = Buffer.alloc(size * values.length);
  values.forEach((value, i) => {
    write(bytes, value, i * size);
  });
  return bytes;
}

interface SentTensor {
  readonly name: string;
  readonly datatype: string;
  readonly shape: number[];
  readonly data?: (number | boolean)[];
  readonly parameters?: { readonly binary_data_size: number };
}

function tensorsOf(headers: IncomingMessage['headers'], body: Buffer): Tensor[] {
  const length = Number(headers['inference-header-content-length'] ?? body.byteLength);
  const { inputs } = JSON.parse(body.subarray(0, length).toString()) as { inputs: SentTensor[] };
  let at = length;
  return inputs.map(({ name, datatype, shape, data, parameters }) => {
    if (data !== undefined) return { name, datatype, shape, values: data.map(Number) };
    const bytes = body.subarray(at, at + parameters!.binary_data_size);
    at += bytes.byteLength;
    const [size, read] = TYPES[datatype];
    const values = Array.from({ length: bytes.byteLength / size }, (_, i) => read(bytes, i * size));
    return { name, datatype, shape, values };
  });
}
