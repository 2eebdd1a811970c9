import { describe, expect, it } from 'vitest';

import { cellsOf } from '../../src/diagnostic/cells.ts';
import { chanceMatchedOracle, competitiveness, headroom, oracleHits } from '../../src/diagnostic/headroom.ts';
import { metricFor } from '../../src/diagnostic/metric.ts';
import type { ExpertOutputs } from '../../src/model/frozen-fusion.ts';
import fixture from '../fixtures/diagnostic/metrics.json' with { type: 'json' };

const LABELS = [0, 0, 0, 1, 1, 3];
const LABELS_ARRAY = Int32Array.from(LABELS);
const CLASSES = 4;
const CELLS = cellsOf(LABELS_ARRAY, CLASSES);
/** Class 0: two, one right. Class 1: one, none. Class 3: none, the only one. */
const PREDICTED = [
  [0, 0, 2, 1, 2, 0],
  [1, 0, 1, 0, 3, 3],
];
const EXPERTS: ExpertOutputs = PREDICTED.map((values) => ({ classes: Int32Array.from(values) }));
const METRICS = ['accuracy', 'balanced-accuracy'] as const;

describe('oracle', () => {
  it('is right where any expert is', () => {
    expect([...oracleHits(EXPERTS, CELLS)]).toEqual([2, 1, 0, 1]);
  });

  it.each(METRICS)('of chance is the mean over all shuffles within class, in %s', (name) => {
    const right = PREDICTED.map((values) => values.map((value, i) => value === LABELS[i]));
    const orders = withinClassOrders(LABELS);
    const values = orders.flatMap((first) =>
      orders.map((second) => {
        const any = LABELS.map((_, i) => right[0][first[i]] || right[1][second[i]]);
        const recalls = [0, 1, 3].map((c) => {
          const ofClass = any.filter((_, i) => LABELS[i] === c);
          return ofClass.filter(Boolean).length / ofClass.length;
        });
        return name === 'accuracy'
          ? any.filter(Boolean).length / LABELS.length
          : recalls.reduce((sum, recall) => sum + recall, 0) / recalls.length;
      }),
    );
    expect(values).toHaveLength((6 * 2) ** 2);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    expect(chanceMatchedOracle(EXPERTS, CELLS, name)).toBeCloseTo(mean, 12);
  });

  it('is what a single expert reaches anyway', () => {
    expect(chanceMatchedOracle(EXPERTS.slice(0, 1), CELLS, 'accuracy')).toBeCloseTo(3 / 6, 15);
  });

  it('is compared with Clean-Q', () => {
    const metric = metricFor('accuracy', CELLS);
    const found = headroom(EXPERTS, CELLS, metric, 5n);
    expect(found).toMatchObject({ oracle: 4 / 6, value: -1 / 6 });
    expect(found.chanceMatched).toBeCloseTo(chanceMatchedOracle(EXPERTS, CELLS, 'accuracy') - 5 / 6, 15);
  });
});

describe('competitiveness', () => {
  it.each(fixture.competitiveness)('is what NumPy makes of it ($classes classes)', (expected) => {
    const experts = expected.posteriors.map((values, m) => ({
      classes: Int32Array.from(expected.decided[m]),
      posteriors: Float64Array.from(values),
    }));
    const found = competitiveness(experts, Int32Array.from(expected.labels), expected.classes)!;
    expect(found.median).toBeCloseTo(expected.median, 12);
    expect(found.massBelow).toBeCloseTo(expected.massBelow, 12);
    expect(found.disagreement).toBeCloseTo(expected.disagreement, 12);
  });

  it('is null for one modality, and where an expert has no posteriors', () => {
    const posteriors = new Float64Array(LABELS.length * CLASSES).fill(0.25);
    expect(competitiveness([{ ...EXPERTS[0], posteriors }], LABELS_ARRAY, CLASSES)).toBeNull();
    expect(competitiveness([{ ...EXPERTS[0], posteriors }, EXPERTS[1]], LABELS_ARRAY, CLASSES)).toBeNull();
  });
});

/** All orders of the rows that leave every row in its class. */
function withinClassOrders(labels: readonly number[]): number[][] {
  const extend = (order: readonly number[]): number[][] => {
    if (order.length === labels.length) return [[...order]];
    return labels.flatMap((label, row) =>
      label === labels[order.length] && !order.includes(row) ? extend([...order, row]) : [],
    );
  };
  return extend([]);
}
