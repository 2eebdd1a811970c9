import { readFileSync } from 'node:fs';

import { afterAll, describe, expect, it } from 'vitest';

import { ConfigurationError } from '../../../../src/foundation/errors.ts';
import { silentLogger } from '../../../../src/foundation/logger.ts';
import { freezeModel } from '../../../../src/model/freeze-model.ts';
import type { CutModel, LoadedModel } from '../../../../src/model/loaded-model.ts';
import {
  binding,
  distance,
  folder,
  gateOf,
  load,
  modality,
  numbers,
  rowsOf,
  type Wishes,
} from '../../fusion-fixture.ts';
import { computedTensors, errorOfParts } from './parts.ts';

/** Row-major, by ONNX Runtime in Python: the scores, the output, and the output with the scores of the last row first. */
interface Outputs {
  readonly clean: number[];
  readonly fused: number[];
  readonly reversed: number[];
}

interface Kind {
  readonly output: string;
  readonly refused: string[];
  /** One tensor [N, 2] for both modalities, one [N, 1] for a single one, or one for each. */
  readonly scores: string[];
  /** All rows in one pass. */
  readonly whole: Outputs;
  /** Seven rows a pass, where that is not the same: the model looks at its whole batch. */
  readonly few?: Outputs;
}

/** Made by fixtures/model/kinds/make.py. */
const kinds = JSON.parse(readFileSync(`${folder}kinds/expected.json`, 'utf8')) as Record<string, Kind>;
const inside = JSON.parse(readFileSync(`${folder}inside/expected.json`, 'utf8')) as Record<string, number[]>;
const ROWS = 24;
const FEW = 7;
const both = Array.from({ length: ROWS }, (_, i) => [
  ...inside.audio.slice(6 * i, 6 * i + 6),
  ...inside.video.slice(5 * i, 5 * i + 5),
]).flat();
const columns = [
  numbers('audio', [ROWS, 6], inside.audio),
  numbers('video', [ROWS, 5], inside.video),
  numbers('X', [ROWS, 11], both),
];
const data = rowsOf(columns, ROWS);

const engines = ['onnxruntime-node', 'onnxruntime-web'] as const;
const cases = Object.entries(kinds).flatMap(([name, kind]) =>
  engines.map((engine) => [name, engine, kind] as const),
);

const opened: LoadedModel[] = [];
const open = async (name: string, engine: (typeof engines)[number]) => {
  const loaded = await load(`kinds/${name}.onnx`, engine);
  opened.push(loaded);
  return loaded;
};
afterAll(async () => {
  for (const loaded of opened) await loaded.close();
});

/** A gate on these scores; evidence goes to the inputs by name. */
function gateFor(
  name: string,
  { scores, output, whole }: Kind,
  batchSize?: number,
): ReturnType<typeof gateOf> {
  const isShared = scores.length === 1 && whole.clean.length === 2 * ROWS;
  const names = isShared ? ['audio', 'video'] : scores;
  const wishes: Wishes = {
    batchSize,
    output: { tensor: output, kind: output === 'fused' ? 'logits' : 'probabilities' },
    modalities: names.map((it, m) =>
      modality(it, { inputs: [], reliability: isShared ? undefined : binding(scores[m]) }),
    ),
    reliability: isShared ? { ...binding(scores[0]), order: names, axis: 1 } : undefined,
  };
  return gateOf(`kinds/${name}.onnx`, wishes);
}

describe.each(cases)('%s.onnx on %s', (name, engine, kind) => {
  const sizes = name === 'fixed-batch' ? [undefined] : [undefined, FEW];

  it.each(sizes)('has the scores and replays that Python has (batch-size: %s)', async (batchSize) => {
    const expected = (batchSize === FEW ? kind.few : undefined) ?? kind.whole;
    const loaded = await open(name, engine);
    const fusion = await freezeModel(gateFor(name, kind, batchSize), data, loaded, silentLogger);
    const { reliability } = fusion;
    const rows = Array.from({ length: ROWS }, (_, i) => i);
    const clean = rows.flatMap((i) =>
      reliability.flatMap(({ width, values }) => [...values.slice(i * width, (i + 1) * width)]),
    );
    const reversed = reliability.map(({ width, values }) => ({
      width,
      values: values.map((_, i) => values[(ROWS - 1 - Math.floor(i / width)) * width + (i % width)]),
    }));
    expect(distance(clean, expected.clean)).toBeLessThan(1e-5);
    expect(distance(fusion.original, expected.fused)).toBeLessThan(1e-5);
    expect(distance(await fusion.replay(reversed), expected.reversed)).toBeLessThan(1e-5);
    expect(distance(expected.reversed, expected.fused)).toBeGreaterThan(1e-3);
  });

  it('predicts several shuffles at once as it does one by one', async () => {
    const loaded = await open(name, engine);
    const fusion = await freezeModel(gateFor(name, kind), data, loaded, silentLogger);
    // What depends on the rows beside it must not be given more of them.
    if (kind.few !== undefined) expect(fusion.stacked).toBeUndefined();
    if (fusion.stacked === undefined) return;
    const constant = fusion.reliability.map(({ width, values }) => ({
      width,
      values: values.map((_, i) => values[i % width] / 4),
    }));
    const sets = [fusion.reliability, constant];
    const found = await fusion.stacked.predict(sets);
    for (const [i, scores] of sets.entries()) {
      expect([...found[i]]).toEqual([...(await fusion.predict(scores))]);
    }
  });

  it('can be cut at each of its tensors, but for those that are no scores', async () => {
    const loaded = await open(name, engine);
    const cutAt = (tensor: string, plain: boolean): Promise<CutModel> =>
      loaded.cut!({ scores: [tensor], output: kind.output, kept: [], plain });
    const rows = name === 'fixed-batch' ? 5 : ROWS;
    const feeds = Object.fromEntries(
      loaded.inputs.map((input) => {
        const values = Float64Array.from({ audio: inside.audio, video: inside.video, X: both }[input.name]!);
        const width = values.length / ROWS;
        return [input.name, { shape: [rows, width], values: values.slice(0, rows * width) }];
      }),
    );
    for (const tensor of computedTensors(`kinds/${name}.onnx`)) {
      if (kind.refused.includes(tensor)) {
        await expect(cutAt(tensor, false), tensor).rejects.toBeInstanceOf(ConfigurationError);
        continue;
      }
      const cut = await cutAt(tensor, false);
      if ((await errorOfParts(cut, feeds, kind.output)) <= cut.tolerance) continue;
      // An engine may merge nodes on both sides of the cut, and round otherwise.
      const plain = await cutAt(tensor, true);
      expect(await errorOfParts(plain, feeds, kind.output), tensor).toBeLessThanOrEqual(plain.tolerance);
    }
  });
});
