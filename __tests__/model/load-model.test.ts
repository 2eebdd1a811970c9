import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { ConfigurationError } from '../../src/foundation/errors.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';
import { loadModel } from '../../src/model/load-model.ts';
import type { EngineName } from '../../src/model/load-request.ts';
import { folder } from './fusion-fixture.ts';

let place: string;
let warnings: string[];
beforeEach(() => {
  place = mkdtempSync(join(tmpdir(), 'model-'));
  warnings = [];
});
afterEach(() => {
  rmSync(place, { recursive: true });
});

/** A file of the workspace, given or copied from the fixtures. */
function put(name: string, content: string | Uint8Array = readFileSync(folder + name)): void {
  mkdirSync(dirname(join(place, name)), { recursive: true });
  writeFileSync(join(place, name), content);
}

function copy(name: string): void {
  cpSync(folder + name, join(place, name), { recursive: true });
}

function load(path: string, engine: EngineName = 'auto', packages = place) {
  const logger = { ...silentLogger, warning: (message: string) => warnings.push(message) };
  return loadModel({ kind: 'model', path, engine }, openWorkspace(place), { logger, threads: 1, packages });
}

async function refusal(path: string, engine?: EngineName, packages?: string): Promise<string> {
  const error: unknown = await load(path, engine, packages).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(ConfigurationError);
  return (error as Error).message;
}

describe('loadModel', () => {
  it('says what a model takes and gives', async () => {
    copy('vectors.onnx');
    const { loaded } = await load('vectors.onnx');
    expect(loaded.inputs).toEqual([
      { name: 'E_a', dtype: 'float32', shape: [null, 3] },
      { name: 'E_v', dtype: 'float32', shape: [null, 2] },
      { name: 'Q_a', dtype: 'float32', shape: [null] },
      { name: 'Q_v', dtype: 'float32', shape: [null] },
    ]);
    expect(loaded.outputs.map(({ name }) => name)).toEqual(['fused', 'logits_a', 'logits_v']);
    await loaded.close();
  });

  it('calls the tensors of a GraphModel as its signature does, and of a LayersModel as its layers', async () => {
    copy('graph');
    copy('layers');
    for (const path of ['graph/model.json', 'layers/model.json']) {
      const { loaded } = await load(path);
      expect(loaded.inputs.map(({ name }) => name)).toEqual(['E_a', 'E_v', 'Q_a', 'Q_v']);
      expect(loaded.inputs[0]).toEqual({ name: 'E_a', dtype: 'float32', shape: [null, 3] });
      expect(loaded.outputs.map(({ name }) => name)).toEqual(['fused', 'logits_a', 'logits_v']);
      await loaded.close();
    }
  });

  it('hashes all that a model is made of', async () => {
    const sha256 = (...names: string[]) =>
      createHash('sha256')
        .update(Buffer.concat(names.map((name) => readFileSync(folder + name))))
        .digest('hex');
    const files = {
      'single.onnx': ['single.onnx'],
      'external/inside.onnx': ['external/inside.onnx', 'external/weights.bin'],
      'layers/model.json': ['model.json', 'group1-shard1of2.bin', 'group1-shard2of2.bin'].map(
        (name) => `layers/${name}`,
      ),
    };
    for (const name of ['single.onnx', 'external', 'layers']) copy(name);
    for (const [path, parts] of Object.entries(files)) {
      const { loaded, sha256: found } = await load(path);
      expect(found).toBe(sha256(...parts));
      await loaded.close();
    }
  });

  it('finds weights beside a link to a model, as model caches keep them', async () => {
    for (const engine of ['onnxruntime-web', 'onnxruntime-node'] as const) {
      rmSync(join(place, 'models'), { recursive: true, force: true });
      put('cache/1', readFileSync(`${folder}external/inside.onnx`));
      put('cache/2', readFileSync(`${folder}external/weights.bin`));
      mkdirSync(join(place, 'models'));
      symlinkSync('../cache/1', join(place, 'models/fusion.onnx'));
      symlinkSync('../cache/2', join(place, 'models/weights.bin'));
      const { loaded } = await load('models/fusion.onnx', engine, process.cwd());
      expect(loaded.engine).toContain(engine);
      await loaded.close();
    }
  });
});

describe('engines', () => {
  it('takes the embedded one where no native one is installed', async () => {
    copy('single.onnx');
    const { loaded } = await load('single.onnx');
    expect(loaded.engine).toBe('onnxruntime-web 1.30.0 (wasm, 1 thread)');
    await loaded.close();
    expect(warnings).toEqual([]);
  });

  it.each([
    ['onnxruntime-node', 'single.onnx', 'onnxruntime-node'],
    ['tfjs-node', 'graph/model.json', '@tensorflow/tfjs-node'],
  ] as const)('says how to get %s', async (engine, path, name) => {
    copy(dirname(path) === '.' ? path : dirname(path));
    expect(await refusal(path, engine)).toBe(
      `engine: ${engine} is asked for, but the package is not installed where fusion-gate runs. Install it there (npm i ${name}), or set engine: auto.`,
    );
  });

  it.each([
    ['onnxruntime-node', 'single.onnx', 'onnxruntime-node', 'onnxruntime-web'],
    ['tfjs-node', 'graph/model.json', '@tensorflow/tfjs-node', 'tfjs'],
  ] as const)(
    'never takes another one in silence when %s does not start',
    async (engine, path, name, other) => {
      copy(dirname(path) === '.' ? path : dirname(path));
      put(`node_modules/${name}/index.js`, 'throw new Error("lib.so: cannot open shared object file");');
      const reason = `${name} is installed, but does not start: lib.so: cannot open shared object file.`;
      expect(await refusal(path, engine)).toBe(
        `${reason} Reinstall it (npm i ${name}), or set engine: ${other}.`,
      );
      const { loaded } = await load(path);
      expect(loaded.engine).toContain(`${other} `);
      expect(warnings).toEqual([`${reason} The embedded engine is used instead.`]);
      await loaded.close();
    },
  );

  it.each([
    ['single.onnx', 'tfjs', 'an ONNX model', 'auto, onnxruntime-web and onnxruntime-node'],
    ['graph/model.json', 'onnxruntime-web', 'a TensorFlow.js model', 'auto, tfjs and tfjs-node'],
    ['graph', 'tfjs', 'a TensorFlow SavedModel folder', 'auto and tfjs-node'],
  ] as const)('refuses %s with engine: %s', async (path, engine, what, engines) => {
    copy(path);
    expect(await refusal(path, engine)).toBe(
      `engine: ${engine} does not read "${path}", which is ${what}. Engines for it: ${engines}.`,
    );
  });
});

const TORCH = 'export it to ONNX with torch.onnx.export(model, ..., dynamo=True)';
const KERAS = 'convert it with tensorflowjs_converter, or export it to ONNX with tf2onnx';
const PICKLE = 'a Python pickle, which runs code when it is opened; export it to ONNX with skl2onnx';

describe('loadModel refuses', () => {
  it.each([
    ['m.pt', `a PyTorch checkpoint; ${TORCH}`],
    ['m.pth', `a PyTorch checkpoint; ${TORCH}`],
    ['m.safetensors', `a file of weights without their graph; ${TORCH}`],
    ['m.h5', `a Keras model; ${KERAS}`],
    ['m.keras', `a Keras model; ${KERAS}`],
    ['m.tflite', `a TensorFlow Lite model; ${KERAS}`],
    ['m.pb', 'a TensorFlow graph; give the SavedModel folder that holds it'],
    ['m.pkl', PICKLE],
    ['m.joblib', PICKLE],
    [
      'm.bin',
      'of a type that is not known. A model is an .onnx file, a TensorFlow.js model.json, a TensorFlow SavedModel folder or the address of a model on a server',
    ],
  ])('%s', async (path, what) => {
    put(path, '');
    expect(await refusal(path)).toBe(`The model "${path}" is ${what}.`);
  });

  const single = readFileSync(`${folder}single.onnx`);
  const misspelt = Buffer.from(single);
  misspelt.write('Matmul', misspelt.indexOf('MatMul'));
  const DAMAGED = 'is not an ONNX file, or it is damaged';
  it.each([
    ['text', 'hello world', `${DAMAGED} (a field of the unknown type 4). Export or copy it again.`],
    [
      'half a file',
      single.subarray(0, 200),
      `${DAMAGED} (a field runs past the end). Export or copy it again.`,
    ],
    [
      'an empty file',
      '',
      'cannot be opened as ONNX: No graph was found in the protobuf. Check it with onnx.checker.check_model, or export it again.',
    ],
    [
      'an unknown operation',
      misspelt,
      'cannot be opened as ONNX: No Op registered for Matmul with domain_version of 18. Check it with onnx.checker.check_model, or export it again.',
    ],
  ])('an ONNX file that is %s', async (_, content, sentence) => {
    put('m.onnx', content);
    expect(await refusal('m.onnx')).toBe(`The model "m.onnx" ${sentence}`);
  });

  it('weights outside the folder of an ONNX model, with either engine', async () => {
    copy('external');
    put('weights.bin', 'secret');
    for (const engine of ['onnxruntime-web', 'onnxruntime-node'] as const) {
      expect(await refusal('external/above.onnx', engine, process.cwd())).toBe(
        'The model "external/above.onnx" keeps weights in "../weights.bin", outside its own folder. Save it again with its data file beside it (onnx.save_model(..., save_as_external_data=True, location="weights.bin")).',
      );
    }
    expect(await refusal('external/missing.onnx')).toBe(
      'The model "external/missing.onnx" takes weights from the file "gone.bin", which is missing. Copy the model again with all its files.',
    );
  });

  it('weights behind a link out of the workspace', async () => {
    copy('external');
    rmSync(join(place, 'external/weights.bin'));
    symlinkSync(`${folder}external/weights.bin`, join(place, 'external/weights.bin'));
    expect(await refusal('external/inside.onnx')).toBe(
      `The weight file "${join('external', 'weights.bin')}" is outside the workspace. Only files below the workspace folder may be used; move it there.`,
    );
  });

  it.each([
    ['no JSON', '{', 'is not valid JSON. A TensorFlow.js model is a model.json with weight files beside it.'],
    [
      'other JSON',
      '{"a": 1}',
      'is not a TensorFlow.js model.json: "modelTopology" is missing. Make one with tensorflowjs_converter or model.save().',
    ],
    [
      'a model of an unknown class',
      '{"modelTopology": {"class_name": "Nope", "config": {}}}',
      'cannot be opened by TensorFlow.js: Unknown layer: Nope. This may be due to one of the following reasons: 1. The layer is defined in Python, in which case it needs to be ported to TensorFlow.js or your JavaScript code. 2. The custom layer is defined in JavaScript, but is not registered properly with tf.serialization.registerClass(). Convert or save it again.',
    ],
  ])('a model.json that is %s', async (_, content, sentence) => {
    put('model.json', content);
    expect(await refusal('model.json', 'tfjs')).toBe(`The model "model.json" ${sentence}`);
  });

  it('layers whose code is not in the file', async () => {
    copy('lambda');
    const advice =
      'whose code is not in the file, so TensorFlow.js cannot run it. Convert the model as a graph: tensorflowjs_converter --output_format=tfjs_graph_model.';
    expect(await refusal('lambda/model.json')).toBe(
      `The model "lambda/model.json" has a Lambda layer called "gate", ${advice}`,
    );
    const custom = readFileSync(`${folder}lambda/model.json`, 'utf8').replace('Lambda', 'GatedUnit');
    put('lambda/model.json', custom);
    expect(await refusal('lambda/model.json')).toBe(
      `The model "lambda/model.json" has a custom layer (GatedUnit) called "gate", ${advice}`,
    );
    put('lambda/model.json', custom.replace('GatedUnit', 'constructor'));
    expect(await refusal('lambda/model.json')).toContain('a custom layer (constructor)');
  });

  it('layers that the library would try for ever to connect', async () => {
    copy('layers');
    const text = readFileSync(`${folder}layers/model.json`, 'utf8');
    const path = 'layers/model.json';
    const unconnected = (such: string, why: string) =>
      `The model "${path}" has layers that cannot be connected, such as "${such}": ${why}. Convert or save it again.`;
    put(path, text.replace('"name": "logits_a"', '"name": "logits"'));
    expect(await refusal(path)).toBe(unconnected('part_a', 'there is no layer "logits_a"'));
    const model = JSON.parse(text) as {
      modelTopology: { model_config: { config: { layers: { name: string; inbound_nodes: unknown }[] } } };
    };
    const sum = model.modelTopology.model_config.config.layers.find(({ name }) => name === 'sum')!;
    for (const calls of [[[['fused', 0, 0, {}]]], [[['part_a', 1, 0, {}]]], [[]]]) {
      sum.inbound_nodes = calls;
      put(path, JSON.stringify(model));
      expect(await refusal(path)).toBe(
        unconnected(calls[0].length > 0 ? 'sum' : 'fused', 'they wait for each other'),
      );
    }
  });

  it('a graph that does not hold together', async () => {
    copy('graph');
    const text = readFileSync(`${folder}graph/model.json`, 'utf8');
    const damaged =
      'The model "graph/model.json" cannot be opened by TensorFlow.js: its graph is damaged, or holds what the engine does not know. Convert or save it again.';
    put('graph/model.json', text.replace('"name": "expert_a"', '"name": "expert"'));
    expect(await refusal('graph/model.json')).toBe(damaged);
    put('graph/model.json', text.replace('"size": "-1"', '"size": "many"'));
    expect(await refusal('graph/model.json')).toBe(damaged);
  });

  it('weight files that are not what model.json says', async () => {
    copy('layers');
    const text = readFileSync(`${folder}layers/model.json`, 'utf8');
    put('layers/model.json', text.replace('logits_a/kernel', 'other/kernel'));
    expect(await refusal('layers/model.json')).toBe(
      'The model "layers/model.json" cannot be opened by TensorFlow.js: Provided weight data has no target variable: other/kernel. Convert or save it again.',
    );
    put('layers/model.json', text.replace('shard1of2', 'shard1of3'));
    expect(await refusal('layers/model.json')).toBe(
      'The model "layers/model.json" takes weights from the file "group1-shard1of3.bin", which is missing. Copy the model again with all its files.',
    );
    put('layers/model.json', text.replace('group1-shard1of2.bin', '../../outside.bin'));
    writeFileSync(join(place, '../outside.bin'), '');
    expect(await refusal('layers/model.json')).toBe(
      `The weight file "${join('..', 'outside.bin')}" is outside the workspace. Only files below the workspace folder may be used; move it there.`,
    );
    rmSync(join(place, '../outside.bin'));
    put('layers/model.json', text);
    put('layers/group1-shard2of2.bin', 'short');
    expect(await refusal('layers/model.json')).toBe(
      'The weight files of the model "layers/model.json" have 59 bytes, but its model.json describes 108. Copy them again together with their model.json.',
    );
  });

  it('folders that are no SavedModel, and SavedModels without the engine for them', async () => {
    copy('graph');
    expect(await refusal('graph')).toBe(
      `The model "graph" is a folder without a saved_model.pb, so it is no TensorFlow SavedModel. Did you mean "${join('graph', 'model.json')}"?`,
    );
    put('saved/saved_model.pb', '');
    put(
      'saved/variables/variables.index',
      `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 9\n`,
    );
    expect(await refusal('saved')).toBe(
      `The weight file "${join('saved', 'variables', 'variables.index')}" is a Git LFS pointer, not the file itself. Check out with "lfs: true" (actions/checkout) or run "git lfs pull".`,
    );
    rmSync(join(place, 'saved/variables'), { recursive: true });
    expect(await refusal('saved')).toBe(
      'The model "saved" is a TensorFlow SavedModel, which only tfjs-node reads. Install it (npm i @tensorflow/tfjs-node), or convert the model: tensorflowjs_converter --input_format=tf_saved_model --output_format=tfjs_graph_model.',
    );
  });
});
