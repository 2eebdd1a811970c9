import type { ServerResponse } from 'node:http';

import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

import { ConfigurationError } from '../../../src/foundation/errors.ts';
import { DEFAULT_SERVER_WISHES } from '../../../src/config/gate-from-file.ts';
import { silentLogger } from '../../../src/foundation/logger.ts';
import { loadServed } from '../../../src/model/server/load-served.ts';
import { openWorkspace } from '../../../src/foundation/workspace.ts';
import { freeze } from '../../../src/model/freeze.ts';
import { loadModel } from '../../../src/model/load-model.ts';
import { folder } from '../fusion-fixture.ts';
import { type Asked, evaluationSet, MODELS, servedGate } from './formulas.ts';
import { type Reply, sendJson, type StandIn, startStandIn, type Wishes } from './stand-in.ts';

let server: StandIn | undefined;
beforeEach(() => {
  // Of every pause between tries the shortest.
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(async () => {
  await server?.close();
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
  server = undefined;
});

interface Case extends Partial<Wishes>, Asked {
  readonly what: string;
  readonly model?: string;
  /** HOST stands for the address of the server. */
  readonly sentence: string;
}

/** What freezing the case throws, with HOST for the server. */
async function refusal({ model = 'late', ...asked }: Partial<Case>): Promise<string> {
  const { isBinary, trouble, delay, spoil, cutBytes, ...wishes } = asked;
  server = await startStandIn({ models: MODELS, isBinary, trouble, delay, spoil, cutBytes });
  const { origin } = server;
  const head = wishes.head === undefined ? {} : { head: `${origin}/v2/models/${wishes.head}` };
  const gate = servedGate(`${origin}/v2/models/${model}`, { ...wishes, ...head });
  const options = { workspace: openWorkspace(folder), logger: silentLogger };
  const error: unknown = await freeze(gate, evaluationSet(), options).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConfigurationError);
  return (error as Error).message.replaceAll(origin, 'HOST');
}

/** An answer in place of that of every inference. */
const onInfer =
  (act: (response: ServerResponse) => void): Wishes['trouble'] =>
  ({ path }, response) => {
    if (!path.endsWith('/infer')) return false;
    act(response);
    return true;
  };
const text = (status: number, body: string, headers = {}) =>
  onInfer((response) => {
    response.writeHead(status, headers).end(body);
  });
const fused = (change: (output: Reply['outputs'][number]) => void) => (reply: Reply) => {
  change(reply.outputs[0]);
};
const FAILS = 'The model "HOST/v2/models/late" fails on evaluated rows 0 to 11:';

const ANSWERS: readonly Case[] = [
  {
    what: 'a server that fails',
    trouble: text(500, '{"error":"CUDA out\\nof memory."}'),
    sentence: `${FAILS} it answers 500: CUDA out of memory.`,
  },
  {
    what: "a framework's refusal",
    trouble: text(422, '{"detail":[{"msg":"Field required"}]}'),
    sentence: `${FAILS} it answers 422: [{"msg":"Field required"}].`,
  },
  {
    what: 'the page of a proxy',
    trouble: text(413, '<html><head><title>413 Request Entity Too Large</title></head>'),
    sentence: `${FAILS} it answers 413: 413 Request Entity Too Large.`,
  },
  {
    what: 'a server that stays busy',
    trouble: text(429, '', { 'retry-after': '61' }),
    sentence: `${FAILS} it answers 429, after 1 try.`,
  },
  {
    what: 'a server that stays away',
    trouble: text(503, 'no healthy upstream', { 'retry-after': 'Thu, 01 Jan 1970 00:00:00 GMT' }),
    sentence: `${FAILS} it answers 503: no healthy upstream, after 5 tries.`,
  },
  {
    what: 'a server that never answers',
    trouble: onInfer(() => undefined),
    requestTimeout: 0.2,
    sentence: `${FAILS} it did not answer within 0.2 s.`,
  },
  {
    what: 'a server that stops in the middle of its answer',
    trouble: onInfer((response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"outputs":[');
    }),
    requestTimeout: 0.2,
    sentence: `${FAILS} it did not answer within 0.2 s.`,
  },
  {
    what: 'a connection that is always reset',
    trouble: onInfer((response) => response.destroy()),
    sentence: `${FAILS} the connection was lost (ECONNRESET), after 5 tries.`,
  },
  {
    what: 'a body that is cut off',
    trouble: onInfer((response) => {
      response.writeHead(200, { 'content-length': '1000' }).write('{"outputs":[');
      setTimeout(() => response.destroy(), 5);
    }),
    sentence: `${FAILS} the connection was lost (ECONNRESET), after 5 tries.`,
  },
  {
    what: 'an answer that is larger than it can be',
    trouble: text(200, '', { 'content-length': String(2 ** 40) }),
    sentence: `${FAILS} it answers with 1099511627776 bytes, where at most 16777216 can be meant.`,
  },
  {
    what: 'an answer that never ends',
    trouble: onInfer((response) => {
      const chunk = Buffer.alloc(2 ** 20);
      const more = (): void => {
        if (!response.destroyed) response.write(chunk, more);
      };
      more();
    }),
    sentence: `${FAILS} it answers with more than the 16777216 bytes that can be meant.`,
  },
  {
    what: 'no JSON',
    trouble: text(200, 'ok'),
    sentence: `${FAILS} its answer is no inference response of the Open Inference Protocol.`,
  },
  {
    what: 'JSON of another protocol',
    trouble: text(200, '{"predictions":[[1,2]]}'),
    sentence: `${FAILS} its answer is no inference response of the Open Inference Protocol.`,
  },
  {
    what: 'a redirect',
    trouble: text(307, '', { location: 'http://169.254.169.254/' }),
    sentence: `${FAILS} it sends the request on to another address (307), which is not followed; name that address.`,
  },
  {
    what: 'a server that wants a token',
    trouble: text(401, '{"error":"who are you?"}'),
    sentence: `${FAILS} it refuses the request (401: who are you?); a token for it belongs in the environment variable FUSION_GATE_SERVER_TOKEN.`,
  },
  {
    what: 'an output too few',
    spoil: (reply) => {
      reply.outputs = reply.outputs.slice(1);
    },
    sentence: `${FAILS} its answer lacks the output "fused" and has p_a and p_v.`,
  },
  {
    what: 'another datatype',
    spoil: fused((output) => (output.datatype = 'INT64')),
    sentence: `${FAILS} its output "fused" comes as INT64, but its metadata says FP32.`,
  },
  {
    what: 'another width',
    spoil: fused((output) => (output.shape = [8, 3])),
    sentence: `${FAILS} its output "fused" has shape [8, 3], but its metadata says [-1, 2].`,
  },
  {
    what: 'too few rows',
    spoil: fused((output) => {
      output.shape = [11, 2];
      output.data = (output.data as number[]).slice(2);
    }),
    sentence:
      'The output "fused" of the model "HOST/v2/models/late" has shape [11, 2] for 12 rows; its first axis must run over the examples.',
  },
  {
    what: 'too few numbers',
    spoil: fused((output) => (output.data = (output.data as number[]).slice(1))),
    sentence: `${FAILS} its output "fused" has 23 numbers for shape [12, 2].`,
  },
  {
    what: 'words for numbers',
    spoil: fused((output) => (output.data = Array<string>(24).fill('1'))),
    sentence: `${FAILS} its output "fused" holds something else than numbers.`,
  },
  {
    what: 'too few bytes',
    isBinary: true,
    cutBytes: 4,
    sentence: `${FAILS} its answer has 284 bytes of tensors, but announces 288.`,
  },
  {
    what: 'bytes for another shape',
    isBinary: true,
    spoil: fused((output) => (output.data = (output.data as number[]).slice(1))),
    sentence: `${FAILS} its output "fused" has 92 bytes for 24 numbers of 4.`,
  },
  {
    what: 'JSON that is longer than the answer',
    trouble: text(200, '{}', { 'inference-header-content-length': '9' }),
    sentence: `${FAILS} its answer has 2 bytes, of which 9 should be JSON.`,
  },
  {
    what: 'NaN in bytes',
    isBinary: true,
    spoil: fused((output) => ((output.data as number[])[5] = NaN)),
    sentence:
      'The model "HOST/v2/models/late" gives NaN in its output "fused" for row 2 (counting from 0) of "eval.npz" on the data as given; a prediction must be a finite number.',
  },
  {
    what: 'null, which is NaN in JSON',
    spoil: fused((output) => ((output.data as unknown[])[5] = null)),
    sentence:
      'The model "HOST/v2/models/late" gives NaN in its output "fused" for row 2 (counting from 0) of "eval.npz" on the data as given; a prediction must be a finite number.',
  },
  {
    what: "Python's own Infinity",
    trouble: text(
      200,
      `{"outputs":[{"name":"fused","datatype":"FP32","shape":[12,2],"data":[-Infinity${',0.5'.repeat(23)}]}]}`,
    ),
    sentence:
      'The model "HOST/v2/models/late" gives -Infinity in its output "fused" for row 0 (counting from 0) of "eval.npz" on the data as given; a prediction must be a finite number.',
  },
];

const STARTS: readonly Case[] = [
  {
    what: 'a model that it does not have',
    model: 'lete',
    sentence:
      'The server "HOST/v2" has no model "lete": it answers 404: Model lete not found. Did you mean "late"? Its models: both, experts, given, late and made.',
    readyTimeout: 0.3,
  },
  {
    what: 'a model that it does not have, and no list',
    model: 'lete/versions/2',
    trouble: ({ path }, response) => path.includes('/repository/') && sendJson(response, 404, {}),
    sentence:
      'The server "HOST/v2" has no model "lete" in version "2": it answers 404: Model lete not found.',
    readyTimeout: 0.3,
  },
  {
    what: 'a server that does not become ready',
    trouble: ({ path }, response) => path === '/v2/health/ready' && sendJson(response, 503, {}),
    readyTimeout: 0.3,
    sentence:
      'The server "HOST/v2" did not become ready within 0.3 s: it answers 503: {}. Start it before the gate, or give it longer with server: {ready-timeout: ...}.',
  },
  {
    what: 'a model that does not become ready',
    trouble: ({ path }, response) => path === '/v2/models/late/ready' && sendJson(response, 400, ''),
    readyTimeout: 0.3,
    sentence:
      'The model "late" of the server "HOST/v2" did not become ready within 0.3 s: it answers 400. Start it before the gate, or give it longer with server: {ready-timeout: ...}.',
  },
  {
    what: 'a server that is asked for its health and sends elsewhere',
    trouble: (_, response) => {
      response.writeHead(302, { location: 'http://127.0.0.1:1/' }).end();
      return true;
    },
    sentence:
      'The server "HOST/v2" cannot be asked whether it is ready: it sends the request on to another address (302), which is not followed; name that address.',
  },
  {
    what: 'metadata of another protocol',
    trouble: ({ path }, response) => path === '/v2/models/late' && sendJson(response, 200, '<html>'),
    sentence:
      'What the server answers to "HOST/v2/models/late" is no metadata of the Open Inference Protocol. Is it the address of a model?',
  },
  {
    what: 'metadata without inputs',
    trouble: ({ path }, response) =>
      path === '/v2/models/late' && sendJson(response, 200, { name: 'late', versions: [], platform: '' }),
    sentence:
      'The metadata of "HOST/v2/models/late" names no inputs. Declare both in the server\'s configuration of the model, with name, datatype and shape.',
  },
  {
    what: 'a server that shows the token around',
    trouble: (_, response) => sendJson(response, 403, { error: 'Bearer s3cret is not welcome' }),
    isTrusted: true,
    sentence:
      'The server "HOST/v2" cannot be asked whether it is ready: it refuses the request (403: Bearer *** is not welcome); it was shown the token of FUSION_GATE_SERVER_TOKEN.',
  },
];

const HEADS: readonly Case[] = [
  {
    what: 'a head without the scores',
    model: 'experts',
    head: 'made',
    sentence:
      'The head "HOST/v2/models/made" has no input "Q_a", which modalities.audio.reliability names. Did you mean "q_a"? Its inputs: p_a [N, 2] float32, p_v [N, 2] float32, q_a [N] float32 and q_v [N] float32.',
  },
  {
    what: 'a head that gives something else',
    model: 'experts',
    head: 'experts',
    sentence:
      'The head "HOST/v2/models/experts" does not give the fused output "fused". Its outputs: p_a [N, 2] float32, p_v [N, 2] float32, q_a [N] float32 and q_v [N] float32.',
  },
  {
    what: 'a head to which the model gives nothing',
    model: 'experts',
    head: 'late',
    sentence:
      'The head "HOST/v2/models/late" takes nothing that the model "HOST/v2/models/experts" gives: tensors are matched by name. The head\'s inputs: E_a [N, 2] float32, E_v [N, 2] float32, Q_a [N] float32 and Q_v [N] float32. The model\'s outputs: p_a [N, 2] float32, p_v [N, 2] float32, q_a [N] float32 and q_v [N] float32. The columns: E_a [12, 2] float32, E_v [12, 2] float32, Q_a [12] float32 and Q_v [12] float32.',
  },
  {
    what: 'a head that needs what nothing gives',
    model: 'late',
    head: 'made',
    inside: true,
    sentence:
      'The head "HOST/v2/models/made" takes "q_x", which is neither an output of the model "HOST/v2/models/late" nor a column of "eval.npz". The model\'s outputs: fused [N, 2] float32, p_a [N, 2] float32 and p_v [N, 2] float32. The columns: E_a [12, 2] float32, E_v [12, 2] float32, Q_a [12] float32 and Q_v [12] float32.',
    trouble: ({ path }, response) => {
      if (path !== '/v2/models/made') return false;
      const { inputs, outputs } = MODELS.made;
      const more = { name: 'q_x', datatype: 'FP32', shape: [-1] };
      return sendJson(response, 200, { name: 'made', inputs: [more, ...inputs], outputs });
    },
  },
];

describe.each([
  ['answers', ANSWERS],
  ['a start', STARTS],
  ['a head', HEADS],
])('one sentence for %s:', (_, cases) => {
  it.each(cases.map((it) => [it.what, it] as const))('%s', async (_, { sentence, what: _what, ...asked }) => {
    vi.stubEnv('FUSION_GATE_SERVER_TOKEN', 's3cret');
    expect(await refusal(asked)).toBe(sentence);
  });
});

it('nobody at the address is one sentence', async () => {
  const { origin, close } = await startStandIn({ models: MODELS });
  await close();
  const gate = servedGate(`${origin}/v2/models/late`, { readyTimeout: 0.3 });
  const options = { workspace: openWorkspace(folder), logger: silentLogger };
  await expect(freeze(gate, evaluationSet(), options)).rejects.toThrow(
    `The server "${origin}/v2" did not become ready within 0.3 s: nothing answers at its address (ECONNREFUSED). Start it before the gate, or give it longer with server: {ready-timeout: ...}.`,
  );
});

it('nobody at the address, where a command was to serve, is one sentence', async () => {
  const { origin, close } = await startStandIn({ models: MODELS });
  await close();
  const wishes = { ...DEFAULT_SERVER_WISHES, readyTimeout: 0.1, command: 'python serve.py 8081' };
  await expect(loadServed(`${origin}/v2/models/late`, wishes, silentLogger)).rejects.toThrow(
    '(ECONNREFUSED). Let "python serve.py 8081" serve at this address, or give it longer with server: {ready-timeout: ...}.',
  );
});

it('an engine of this machine is one sentence', async () => {
  const candidate = { kind: 'model', path: 'http://127.0.0.1:1/v2/models/m', engine: 'tfjs' } as const;
  await expect(loadModel(candidate, openWorkspace(folder), { logger: silentLogger })).rejects.toThrow(
    'engine: tfjs does not read "http://127.0.0.1:1/v2/models/m", which is a model on a server. Engines for it: auto.',
  );
});

it('a server that dies in the middle of the run is one sentence', async () => {
  let infers = 0;
  const trouble: Wishes['trouble'] = ({ path }) => {
    if (path.endsWith('/infer') && ++infers === 4) void server!.close();
    return false;
  };
  expect(await refusal({ trouble, batchSize: 2, concurrency: 1 })).toBe(
    'The model "HOST/v2/models/late" fails on evaluated rows 6 to 7: nothing answers at its address (ECONNREFUSED), after 5 tries.',
  );
});

it('the first failing pass is told, not the fastest', async () => {
  const trouble: Wishes['trouble'] = ({ path, inputs, before }, response) => {
    if (!path.endsWith('/infer') || before === 0) return false;
    return sendJson(response, 500, { error: `row ${inputs[0].values.join()}` });
  };
  const delay: Wishes['delay'] = ({ before }) => (before === 1 ? 100 : 0);
  const message = await refusal({ trouble, delay, batchSize: 2, concurrency: 4 });
  expect(message).toContain('fails on evaluated rows 2 to 3: it answers 500: row 7');
});
