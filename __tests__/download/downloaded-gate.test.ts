import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { globalAgent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import * as library from '../../src/library.ts';
import { fixture, MODEL_GATE, MODEL_ROWS } from '../e2e/input-files.ts';
import { sentenceOf } from '../evaluation-set/fixtures.ts';
import { file, type FileServer, serveFiles, sha256, trusting } from './file-server.ts';

const MODEL = fixture('model/single.onnx');
const GRAPH = fixture('model/external/inside.onnx');
const WEIGHTS = fixture('model/external/weights.bin');
const HEAD = 'columns: { label: y }';

let folder: string;
let server: FileServer;
let before: string | undefined;
beforeAll(async () => {
  before = process.env.FUSION_GATE_CACHE;
  globalAgent.options.ca = trusting().options.ca;
  server = await serveFiles({
    '/models/m.onnx': file(MODEL),
    '/eval.jsonl': file(MODEL_ROWS),
    '/models/graph.onnx': file(GRAPH),
    '/elsewhere/w?part=1': file(WEIGHTS),
  });
});
afterAll(async () => {
  if (before === undefined) delete process.env.FUSION_GATE_CACHE;
  else process.env.FUSION_GATE_CACHE = before;
  delete globalAgent.options.ca;
  await server.close();
});
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'downloaded-'));
  process.env.FUSION_GATE_CACHE = join(folder, 'cache');
  return () => {
    rmSync(folder, { recursive: true });
  };
});

async function judge(model: string, set: string): Promise<library.GateReport> {
  const yaml = MODEL_GATE.replace('model.onnx', model).replace('eval.jsonl', set);
  expect(yaml).toContain(HEAD);
  mkdirSync(join(folder, 'repository'), { recursive: true });
  writeFileSync(join(folder, 'repository/fusion-gate.yml'), yaml);
  const workspace = library.openWorkspace(join(folder, 'repository'));
  const { gates } = await library.readConfig({}, workspace);
  return (await library.runGates(gates, { workspace })).gates[0];
}

const at = (path: string, content: string | Uint8Array, more = '') =>
  `{ url: "${server.origin}${path}", sha256: ${sha256(content)}${more} }`;

describe('a gate whose files are downloaded', () => {
  it('gives the report that the files give, under their addresses', async () => {
    mkdirSync(join(folder, 'repository'));
    writeFileSync(join(folder, 'repository/m.onnx'), MODEL);
    writeFileSync(join(folder, 'repository/eval.jsonl'), MODEL_ROWS);
    const here = await judge('m.onnx', 'eval.jsonl');
    const there = await judge(at('/models/m.onnx', MODEL), at('/eval.jsonl', MODEL_ROWS));
    expect(there).toEqual({
      ...here,
      model: { ...here.model, path: `${server.origin}/models/m.onnx`, sha256: sha256(MODEL) },
      evaluationSet: {
        ...here.evaluationSet,
        path: `${server.origin}/eval.jsonl`,
        sha256: sha256(MODEL_ROWS),
      },
      seconds: there.seconds,
    });
  });

  it('takes addresses with their hashes from inputs too, whose hosts need no allowance', async () => {
    const there = await judge(at('/models/m.onnx', MODEL), at('/eval.jsonl', MODEL_ROWS));
    writeFileSync(join(folder, 'repository/fusion-gate.yml'), MODEL_GATE);
    const workspace = library.openWorkspace(join(folder, 'repository'));
    const inputs = {
      model: `${server.origin}/models/m.onnx#sha256=${sha256(MODEL).toUpperCase()}`,
      'evaluation-set': `${server.origin}/eval.jsonl#sha256=${sha256(MODEL_ROWS)}`,
    };
    const { gates } = await library.readConfig({ config: 'fusion-gate.yml', inputs }, workspace);
    const [again] = (await library.runGates(gates, { workspace })).gates;
    expect(again).toEqual({ ...there, seconds: again.seconds });
  });

  it('finds the weights that a model keeps beside it', async () => {
    mkdirSync(join(folder, 'repository'));
    cpSync(new URL('../fixtures/model/external', import.meta.url), join(folder, 'repository/external'), {
      recursive: true,
    });
    writeFileSync(join(folder, 'repository/eval.jsonl'), MODEL_ROWS);
    const here = await judge('external/inside.onnx', 'eval.jsonl');
    const weights = at('/elsewhere/w?part=1', WEIGHTS, ', path: weights.bin');
    const there = await judge(at('/models/graph.onnx', GRAPH, `, files: [${weights}]`), 'eval.jsonl');
    expect(there.model).toEqual({ ...here.model, path: `${server.origin}/models/graph.onnx` });
    expect(there.gap).toEqual(here.gap);
  });

  it('is told which of them it does not download', async () => {
    const judging = () => judge(at('/models/graph.onnx', GRAPH), at('/eval.jsonl', MODEL_ROWS));
    expect(await sentenceOf(judging)).toBe(
      `The model "${server.origin}/models/graph.onnx" takes weights from the file "weights.bin", which is not downloaded with it. List it under "files" of the model: { url, sha256, path: "weights.bin" }.`,
    );
  });

  it('is an error where a hash is not the one that is pinned', async () => {
    const pinned = sha256('another');
    const judging = () =>
      judge(`{ url: "${server.origin}/models/m.onnx?sig=secret", sha256: ${pinned} }`, 'eval.jsonl');
    expect(await sentenceOf(judging)).toBe(
      `The model "${server.origin}/models/m.onnx" cannot be downloaded: it answers 404: there is no such file.`,
    );
    expect(
      await sentenceOf(() => judge(at('/models/m.onnx', 'another'), at('/eval.jsonl', MODEL_ROWS))),
    ).toBe(
      `The model "${server.origin}/models/m.onnx" has the SHA-256 ${sha256(MODEL)}, but the config pins ${pinned}. If it was meant to change, check the new file and pin its hash.`,
    );
  });
});
