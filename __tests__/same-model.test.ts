import { rmSync } from 'node:fs';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import * as library from '../src/library.ts';
import { keras } from './model/tfjs/keras-fixture.ts';
import { differences, type Format, sameModelWorkspace } from './same-model.ts';

const FORMATS = ['onnx', 'layers', 'graph'] as const;
const KINDS = ['scored', 'router'] as const;
const names = KINDS.flatMap((kind) => FORMATS.map((format): Format => `${kind}-${format}`));

const folder = sameModelWorkspace(names);
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const reports = new Map<string, library.GateReport>();
beforeAll(async () => {
  const workspace = library.openWorkspace(folder);
  const suite = await library.readConfig({ config: 'gates.yml', inputs: {} }, workspace);
  const { gates } = await library.runGates(suite.gates, { workspace });
  for (const gate of gates) reports.set(gate.name, gate);
});

describe.each(KINDS)('the "%s" model with the same weights', (kind) => {
  it.each(['layers', 'graph'] as const)(
    'gives as a TensorFlow.js model (%s) the report that it gives as ONNX',
    (format) => {
      const report = reports.get(`${kind}-${format}`)!;
      expect(report.model.engine).toMatch(/^tfjs /);
      expect(differences(report, reports.get(`${kind}-onnx`))).toEqual([]);
    },
  );

  it('is as good as NumPy says', () => {
    const { labels, fused } = keras.gates[kind];
    const right = labels.filter((label, i) => {
      const row = fused.slice(3 * i, 3 * i + 3);
      return row.indexOf(Math.max(...row)) === label;
    });
    const { clean, gap } = reports.get(`${kind}-onnx`)!;
    expect(clean!.accuracy).toBeCloseTo(right.length / labels.length, 12);
    expect(gap.value).toBeGreaterThan(0.05);
  });
});
