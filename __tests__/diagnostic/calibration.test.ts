import { describe, expect, it } from 'vitest';

import { calibrationError, reliabilityDiagram } from '../../src/diagnostic/calibration.ts';
import fixture from '../fixtures/diagnostic/intervals/values.json' with { type: 'json' };

const floats = (values: readonly number[]) => Float64Array.from(values);

describe('reliabilityDiagram', () => {
  const { bins, counts, ...expected } = fixture.diagram;
  const [score, right] = [floats(expected.score), floats(expected.right)];

  it("is scikit-learn's calibration_curve", () => {
    const diagram = reliabilityDiagram(score, right, { bins });
    expect(diagram.map(({ weight }) => weight)).toEqual(counts);
    const filled = diagram.filter(({ weight }) => weight > 0);
    filled.forEach(({ meanScore, shareRight }, at) => {
      expect(meanScore).toBeCloseTo(expected.meanScore[at], 14);
      expect(shareRight).toBeCloseTo(expected.shareRight[at], 14);
    });
    expect(calibrationError(diagram)).toBeCloseTo(expected.error, 14);
  });

  it('puts a score on an edge into the bin below', () => {
    const edges = floats([0, 0.1, 0.2, 0.3, 0.6, 0.7, 1]);
    const diagram = reliabilityDiagram(edges, edges, { bins: 10 });
    expect(diagram.map(({ weight }) => weight)).toEqual([2, 1, 1, 0, 0, 1, 1, 0, 0, 1]);
  });

  it.each([3, 6, 25, 29])('tells an edge of %d bins from the next number above it', (bins) => {
    const edges = Float64Array.from({ length: bins - 1 }, (_, b) => (b + 1) / bins);
    const filled = (score: Float64Array) =>
      reliabilityDiagram(score, score, { bins }).map(({ weight }) => weight);
    const ones = edges.map(() => 1);
    // Dividing by the width alone would be wrong about 7/25 and about the number after 1/6.
    expect(filled(edges)).toEqual([...ones, 0]);
    expect(filled(edges.map((edge) => edge * (1 + Number.EPSILON)))).toEqual([0, ...ones]);
  });

  it('leaves empty bins without means', () => {
    const [bin] = reliabilityDiagram(floats([0.9]), floats([1]), { bins: 2 });
    expect(bin).toEqual({ lower: 0, upper: 0.5, weight: 0, meanScore: null, shareRight: null });
  });

  it('takes other ranges, and weights', () => {
    const options = { bins: 2, range: [-10, 30], weights: floats([1, 2, 1]) } as const;
    const diagram = reliabilityDiagram(floats([-10, 4, 30]), floats([0, 1, 1]), options);
    expect(diagram).toEqual([
      { lower: -10, upper: 10, weight: 3, meanScore: (-10 + 2 * 4) / 3, shareRight: 2 / 3 },
      { lower: 10, upper: 30, weight: 1, meanScore: 30, shareRight: 1 },
    ]);
  });

  it('has no error where nothing has weight', () => {
    const nothing = reliabilityDiagram(floats([0.5]), floats([1]), { bins: 3, weights: floats([0]) });
    expect(calibrationError(nothing)).toBeNull();
  });
});
