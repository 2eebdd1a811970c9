import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import {
  ConfigurationError,
  openWorkspace,
  readConfig,
  runGates,
  type RunReport,
} from '../../src/library.ts';
import { type RunningServer, startMlserver } from './start-mlserver.ts';

const DIGITS = fileURLToPath(new URL('../../examples/digits/', import.meta.url));
const workspace = openWorkspace(DIGITS);
/** The fewest that reach alpha for three modalities: a request as JSON takes a server in Python a while. */
const COUNT = 59;

let server: RunningServer | undefined;
beforeAll(async () => {
  server = await startMlserver(['truthful.onnx', 'noise.onnx'].map((file) => DIGITS + file));
});
afterAll(async () => {
  await server?.kill();
});

const served = (model: string) => `${server!.origin}/v2/models/${model}`;

async function judge(name: string, inputs: Record<string, string>, count = COUNT): Promise<RunReport> {
  const wishes = { config: 'fusion-gate.yml', gates: [name], inputs };
  const { gates } = await readConfig(wishes, workspace);
  const fewer = gates.map((gate) => {
    return { ...gate, permutations: { ...gate.permutations, count, secondaryCount: COUNT } };
  });
  return runGates(fewer, { workspace });
}

/** All of a report but what runs the model, and how long. */
function findings({ gates: [{ model: _model, seconds: _seconds, ...rest }] }: RunReport): object {
  return rest;
}

/** The same but for numbers, which may lie 1e-5 apart. */
function expectClose(found: unknown, wanted: unknown, place = 'report'): void {
  if (typeof wanted === 'number') {
    expect(Math.abs(Number(found) - wanted), place).toBeLessThanOrEqual(1e-5);
  } else if (typeof wanted === 'object' && wanted !== null) {
    expect(Object.keys(found as object), place).toEqual(Object.keys(wanted));
    for (const [key, value] of Object.entries(wanted)) {
      expectClose((found as Record<string, unknown>)[key], value, `${place}.${key}`);
    }
  } else {
    expect(found, place).toBe(wanted);
  }
}

describe.each([
  ['digits-truthful', 'truthful', 'quality-aware'],
  ['digits-noise', 'noise', 'decorative'],
])('%s behind MLServer', (gate, model, verdict) => {
  it('gives the report of the file, whole and with a head', async () => {
    const file = await judge(gate, { engine: 'onnxruntime-web' });
    expect(file.gates[0].verdict).toBe(verdict);

    const whole = await judge(gate, { model: served(model) });
    expect(whole.gates[0].model).toEqual({
      path: served(model),
      sha256: '',
      engine: 'Open Inference Protocol (mlserver 1.7.1)',
    });
    expectClose(findings(whole), findings(file));

    const parts = { model: served(`${model}-experts`), head: served(`${model}-head`) };
    expectClose(findings(await judge(gate, parts)), findings(file));
  });
});

it('says which models there are where one is misspelt', async () => {
  await expect(judge('digits-noise', { model: served('nose') })).rejects.toThrow(
    new ConfigurationError(
      `The server "${server!.origin}/v2" has no model "nose": it answers 404: Model nose not found. Did you mean "noise"? Its models: noise, noise-experts, noise-head, truthful, truthful-experts and truthful-head.`,
    ),
  );
});

it('is one sentence when the server is killed in the middle of the run', async () => {
  const run = judge('digits-truthful', { model: served('truthful') }, 10_000);
  const killed = new Promise((resolve) => setTimeout(resolve, 2000)).then(() => server!.kill());
  await expect(run).rejects.toThrow(
    new ConfigurationError(
      `The model "${served('truthful')}" fails on evaluated rows 0 to 847: nothing answers at its address (ECONNREFUSED), after 5 tries.`,
    ),
  );
  await killed;
});
