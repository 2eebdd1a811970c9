import { afterEach, describe, expect, it, vi } from 'vitest';

import { silentLogger } from '../../../src/foundation/logger.ts';
import { openWorkspace } from '../../../src/foundation/workspace.ts';
import { freeze } from '../../../src/model/freeze.ts';
import type { FrozenFusion, Reliability } from '../../../src/model/frozen-fusion.ts';
import { loadModel } from '../../../src/model/load-model.ts';
import { distance, folder } from '../fusion-fixture.ts';
import {
  type Asked,
  DATA,
  evaluationSet,
  MODELS,
  N,
  normalised,
  servedGate,
  weightedMean,
} from './formulas.ts';
import { sendJson, type StandIn, startStandIn, type Wishes } from './stand-in.ts';

let server: StandIn | undefined;
let fusion: FrozenFusion | undefined;
afterEach(async () => {
  await fusion?.close();
  await server?.close();
  vi.unstubAllEnvs();
  [server, fusion] = [undefined, undefined];
});

const start = async (wishes: Partial<Wishes> = {}) =>
  (server = await startStandIn({ models: MODELS, ...wishes }));
const address = (model: string) => `${server!.origin}/v2/models/${model}`;

async function frozen(model: string, asked: Asked = {}, logger = silentLogger): Promise<FrozenFusion> {
  const head = asked.head === undefined ? {} : { head: address(asked.head) };
  const gate = servedGate(address(model), { ...asked, ...head });
  const workspace = openWorkspace(folder);
  ({ fusion } = await freeze(gate, evaluationSet(), { workspace, logger }));
  return fusion;
}

const experts = [normalised(DATA.E_a), normalised(DATA.E_v)] as const;
const scoresOf = (...columns: readonly (readonly number[])[]): Reliability =>
  columns.map((values) => ({ width: 1, values: Float64Array.from(values) }));
const turned = [DATA.Q_a.toReversed(), DATA.Q_v.toReversed()] as const;
const infers = () => server!.requests.filter(({ path }) => path.endsWith('/infer'));

describe.each([
  ['as JSON', false],
  ['as bytes', true],
])('a model on a server that takes tensors %s', (_, isBinary) => {
  it('gives what its formula says, for other scores too', async () => {
    await start({ isBinary });
    const late = await frozen('late');
    const { original, engine, reliability } = late;
    expect(engine).toBe('Open Inference Protocol (stand-in 2.1, model version 7)');
    expect(distance(original, weightedMean(experts, [DATA.Q_a, DATA.Q_v]))).toBeLessThan(1e-6);
    expect(distance(await late.replay(scoresOf(...turned)), weightedMean(experts, turned))).toBeLessThan(
      1e-6,
    );
    expect(reliability.map(({ values }) => [...values])).toEqual([DATA.Q_a, DATA.Q_v]);
    for (const { headers } of infers()) {
      expect(headers['inference-header-content-length'] !== undefined).toBe(isBinary);
    }
  });

  it('with a head sends shuffled scores to the head alone', async () => {
    await start({ isBinary });
    const headed = await frozen('experts', { head: 'given' });
    const { original } = headed;
    expect(distance(original, weightedMean(experts, [DATA.Q_a, DATA.Q_v]))).toBeLessThan(1e-6);
    const before = infers().length;
    expect(distance(await headed.replay(scoresOf(...turned)), weightedMean(experts, turned))).toBeLessThan(
      1e-6,
    );
    expect(
      infers()
        .slice(before)
        .map(({ path }) => path),
    ).toEqual(['/v2/models/given/infer']);
  });
});

describe('a head', () => {
  it.each(['experts', 'both'])('takes the scores that %s makes', async (model) => {
    await start();
    const headed = await frozen(model, { head: 'made', inside: true });
    const { reliability, original } = headed;
    const sums = (values: number[]) => Array.from({ length: N }, (_, i) => values[2 * i] + values[2 * i + 1]);
    expect(reliability.map(({ values }) => [...values])).toEqual([sums(DATA.E_a), sums(DATA.E_v)]);
    const clean = [sums(DATA.E_a), sums(DATA.E_v)] as const;
    expect(distance(original, weightedMean(experts, clean))).toBeLessThan(1e-6);
    expect(distance(await headed.replay(scoresOf(...turned)), weightedMean(experts, turned))).toBeLessThan(
      1e-6,
    );
  });

  it('that is not the end of the model is found out', async () => {
    const spoil: Wishes['spoil'] = ({ outputs }) => {
      // The head alone; the whole model gives more outputs than this one.
      if (outputs.length === 1) outputs[0].data = (outputs[0].data as number[]).map((value) => value + 0.01);
    };
    await start({ spoil });
    const headed = await frozen('both', { head: 'made', inside: true });
    const { original, reliability, tolerance } = headed;
    expect(distance(original, await headed.replay(reliability))).toBeGreaterThan(tolerance);
  });
});

describe('requests', () => {
  it('are several at a time, and their answers stay in order', async () => {
    // The first ones answer last.
    await start({ delay: ({ path, before }) => (path.endsWith('/infer') ? 60 - 10 * before : 0) });
    const steps: number[] = [];
    const progress = (task: string, total: number) => {
      expect([task, total]).toEqual(['Forward passes', N / 2]);
      return { advance: () => void steps.push(1), done: () => void steps.push(0) };
    };
    const asked = { batchSize: 2, concurrency: 3 };
    const { original } = await frozen('late', asked, { ...silentLogger, progress });
    expect(steps).toEqual([1, 1, 1, 1, 1, 1, 0]);
    expect(distance(original, weightedMean(experts, [DATA.Q_a, DATA.Q_v]))).toBeLessThan(1e-6);
    expect(infers().length).toBe(N / 2);
    expect(server!.busiest()).toBe(3);
  });

  it('name the version that the address names', async () => {
    await start();
    const { engine } = await frozen('late/versions/3');
    expect(engine).toBe('Open Inference Protocol (stand-in 2.1, model version 3)');
    expect(infers().every(({ path }) => path === '/v2/models/late/versions/3/infer')).toBe(true);
  });

  it.each([
    [true, 'Bearer s3cret'],
    [false, undefined],
  ])('show the token where the workflow knows the server: %s', async (isTrusted, header) => {
    vi.stubEnv('FUSION_GATE_SERVER_TOKEN', 's3cret');
    await start();
    await frozen('late', { isTrusted });
    expect(new Set(server!.requests.map(({ headers }) => headers.authorization))).toEqual(new Set([header]));
  });

  it('are made again, and wait as long as the server asks', async () => {
    const times: number[] = [];
    const trouble: Wishes['trouble'] = ({ path, before }, response) => {
      if (!path.endsWith('/infer')) return false;
      times.push(Date.now());
      if (before === 0) return sendJson(response, 429, { error: 'busy' }, { 'retry-after': '1' });
      if (before === 1) return sendJson(response, 503, 'no');
      if (before === 2) {
        response.destroy();
        return true;
      }
      return false;
    };
    await start({ trouble });
    const { original } = await frozen('late');
    expect(distance(original, weightedMean(experts, [DATA.Q_a, DATA.Q_v]))).toBeLessThan(1e-6);
    expect(times.length).toBe(4);
    expect(times[1] - times[0]).toBeGreaterThanOrEqual(1000);
  });

  it('come only once the server and the model are ready', async () => {
    const trouble: Wishes['trouble'] = ({ path, before }, response) =>
      path.endsWith('/ready') && before < 2 && sendJson(response, before === 0 ? 503 : 400, {});
    await start({ trouble });
    await frozen('late');
    expect(server!.requests.filter(({ path }) => path.endsWith('/ready')).length).toBe(6);
  });

  it('do without questions that a server does not know', async () => {
    const trouble: Wishes['trouble'] = ({ path }, response) =>
      (path.endsWith('/ready') || path === '/v2') && sendJson(response, 404, { detail: 'Not Found' });
    await start({ trouble });
    const { engine } = await frozen('late');
    expect(engine).toBe('Open Inference Protocol (a server that gives no name, model version 7)');
  });
});

describe('tensors', () => {
  const TYPES = {
    BOOL: [0, 1], UINT8: [0, 255], UINT16: [0, 65535], UINT32: [0, 2 ** 32 - 1], UINT64: [0, 2 ** 53 - 1],
    INT8: [-128, 127], INT16: [-32768, 32767], INT32: [-(2 ** 31), 2 ** 31 - 1],
    INT64: [-(2 ** 53 - 1), 2 ** 53 - 1], FP16: [0.5, 2], FP32: [-1.5, 2 ** 100], FP64: [0.1, -1e300],
  }; // prettier-ignore
  const metadata = Object.keys(TYPES).map((type) => ({ name: type, datatype: type, shape: [-1] }));
  const mirror = { inputs: metadata, outputs: metadata, compute: (inputs: object) => ({ ...inputs }) };

  it.each([
    ['JSON', false],
    ['bytes', true],
  ])('of every datatype go there and back as %s', async (_, isBinary) => {
    await start({ models: { mirror: mirror }, isBinary });
    const candidate = { kind: 'model', path: address('mirror'), engine: 'auto' } as const;
    const { loaded, sha256 } = await loadModel(candidate, openWorkspace(folder), { logger: silentLogger });
    const feeds = Object.entries(TYPES).map(([name, values]) => [
      name,
      { shape: [2], values: Float64Array.from(values) },
    ]);
    const found = await loaded.run(
      Object.fromEntries(feeds) as Parameters<typeof loaded.run>[0],
      Object.keys(TYPES),
    );
    await loaded.close();
    expect(sha256).toBe('');
    expect(
      Object.fromEntries(Object.entries(found).map(([name, { values }]) => [name, [...values]])),
    ).toEqual(TYPES);
  });

  it('may come nested, without axes of size 1, and with outputs that nobody asked for', async () => {
    const spoil: Wishes['spoil'] = ({ outputs }) => {
      const [fused] = outputs;
      const flat = fused.data as number[];
      fused.data = Array.from({ length: N }, (_, i) => flat.slice(2 * i, 2 * i + 2));
    };
    await start({ spoil });
    const { original } = await frozen('late');
    expect(distance(original, weightedMean(experts, [DATA.Q_a, DATA.Q_v]))).toBeLessThan(1e-6);
  });
});
