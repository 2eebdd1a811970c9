import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { diagnose } from '../diagnostic/diagnose.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { freezeModel } from '../../src/model/freeze-model.ts';
import type { LoadedModel } from '../../src/model/loaded-model.ts';
import { binding, folder, gateOf, load, modality, numbers, rowsOf } from './fusion-fixture.ts';

const { audio, video, gates } = JSON.parse(readFileSync(`${folder}inside/expected.json`, 'utf8')) as {
  readonly audio: number[];
  readonly video: number[];
  readonly gates: { readonly energy: { readonly labels: number[] } };
};
const ROWS = audio.length / 6;

/** The rows that each part runs for a whole diagnosis of `times` copies of the data, by `shuffles` of each kind. */
async function work(times: number, shuffles: number): Promise<Record<'whole' | 'traced' | 'suffix', number>> {
  const rows = { whole: 0, traced: 0, suffix: 0 };
  const counted = (part: keyof typeof rows, model: LoadedModel): LoadedModel => ({
    ...model,
    run: (feeds, fetch) => {
      rows[part] += Object.values(feeds)[0].shape[0];
      return model.run(feeds, fetch);
    },
  });
  const copies = (values: readonly number[]): number[] => Array.from({ length: times }, () => values).flat();
  const count = times * ROWS;
  const data = rowsOf(
    [numbers('audio', [count, 6], copies(audio)), numbers('video', [count, 5], copies(video))],
    count,
  );
  const path = 'inside/energy-dynamo.onnx';
  const loaded = await load(path, 'onnxruntime-node');
  const cut: LoadedModel['cut'] = async (wish) => {
    const { whole, traced, suffix, ...rest } = await loaded.cut!(wish);
    return { ...rest, whole, traced: counted('traced', traced), suffix: counted('suffix', suffix) };
  };
  const modalities = ['audio', 'video'].map((it, m) =>
    modality(it, { inputs: [binding(it)], reliability: binding(['div', 'div_1'][m]) }),
  );
  // One set of scores fills a pass: what is stacked would be filled up to whole batches.
  const gate = gateOf(path, { modalities, batchSize: count });
  const fusion = await freezeModel(gate, data, { ...counted('whole', loaded), cut }, silentLogger);
  const permutations = { count: shuffles, secondaryCount: shuffles, scheme: 'independent', seed: 0 } as const;
  const plan = { ...gate, permutations, reliableWhen: ['high', 'high'] as const };
  await diagnose(fusion, Int32Array.from(copies(gates.energy.labels)), plan, silentLogger);
  await fusion.close();
  return rows;
}

describe('the rows that a diagnosis runs', () => {
  it('are all rows of the model once, and a few', async () => {
    const { whole, traced } = await work(1, 20);
    // On few rows: the model itself; what is traced, to compare; and before and after each of two exchanges.
    expect({ whole, traced }).toEqual({ whole: 8, traced: ROWS + 5 * 8 });
    const larger = await work(20, 20);
    expect({ whole: larger.whole, traced: larger.traced }).toEqual({ whole: 24, traced: 20 * ROWS + 5 * 24 });
  });

  it('are of the suffix as many more as there are more shuffles, and more rows', async () => {
    const [fewest, few, more, most] = [
      await work(1, 20),
      await work(1, 40),
      await work(1, 60),
      await work(1, 80),
    ];
    expect(more.suffix - few.suffix).toBeGreaterThanOrEqual(20 * ROWS);
    expect(most.suffix - more.suffix).toBe(more.suffix - few.suffix);
    // From as many shuffles on as there are rows: all pairs too, of both modalities and of whole rows.
    expect(few.suffix - fewest.suffix).toBe(more.suffix - few.suffix + 3 * ROWS * ROWS);
    expect([more.whole, more.traced]).toEqual([few.whole, few.traced]);
    // On the few rows that are compared the suffix does not run, as no score is an input.
    expect((await work(3, 20)).suffix).toBe(3 * fewest.suffix);
  });
});
