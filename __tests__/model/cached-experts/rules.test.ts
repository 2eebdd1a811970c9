import { describe, expect, it } from 'vitest';

import type { ExpertKind } from '../../../src/config/gate-config.ts';
import type { RuleName } from '../../../src/config/schema.ts';
import { randomFor } from '../../../src/diagnostic/random.ts';
import type { CachedExpert } from '../../../src/model/cached-experts/expert-columns.ts';
import { fusionKernel } from '../../../src/model/cached-experts/kernel.ts';
import { decide, softmaxRows } from '../../../src/model/decision.ts';
import type { Reliability } from '../../../src/model/frozen-fusion.ts';
import fixture from '../../fixtures/diagnostic/rules.json' with { type: 'json' };

interface Case {
  readonly rule: string;
  readonly kind: string;
  readonly width: number;
  readonly temperature: number;
  readonly W?: readonly (readonly number[])[];
  readonly b?: readonly number[];
  readonly experts: readonly (readonly number[])[];
  readonly scores: readonly (readonly number[])[];
}

const CASES: readonly (Case & { readonly fused: readonly number[] })[] = fixture.cases;

function kernelOf({ rule, kind, width, temperature, W, b, experts }: Case, threshold?: number) {
  const cached = experts.map((values): CachedExpert => ({
    kind: kind as ExpertKind,
    width,
    values: Float64Array.from(values),
  }));
  const router = W && b && { W: Float64Array.from(W.flat()), b: Float64Array.from(b) };
  return fusionKernel({
    rule: { rule: rule as RuleName, temperature, epsilon: 1e-6 },
    experts: cached,
    options: { temperature, router },
    threshold,
  });
}

const reliabilityOf = (scores: readonly (readonly number[])[]): Reliability =>
  scores.map((values) => ({ width: 1, values: Float64Array.from(values) }));

function expectClose(found: Float64Array, expected: readonly number[], tolerance: number): void {
  expect(found).toHaveLength(expected.length);
  const largest = found.reduce((most, value, i) => Math.max(most, Math.abs(value - expected[i])), 0);
  expect(largest).toBeLessThan(tolerance);
}

describe('the fused outputs', () => {
  it.each(CASES)('of $rule over $kind of width $width are what NumPy computes', (expected) => {
    expectClose(kernelOf(expected).fuse(reliabilityOf(expected.scores)), expected.fused, 1e-12);
  });

  it('cover all-zero scores, ties and certain experts', () => {
    const [{ scores, experts }] = CASES;
    expect(scores.map((values) => values[0])).toEqual([0, 0, 0]);
    expect(scores[1][1]).toBe(scores[2][1]);
    expect(experts[0][4]).toBe(0);
    expect(experts[1][4]).toBe(1);
  });

  it('do not depend on what was fused before', () => {
    for (const expected of CASES) {
      const kernel = kernelOf(expected);
      const scores = reliabilityOf(expected.scores);
      const first = kernel.fuse(scores);
      const copy = first.slice();
      kernel.fuse(scores.map(({ width, values }) => ({ width, values: values.toReversed() })));
      expect(first).toEqual(copy);
      expect(kernel.fuse(scores)).toEqual(copy);
    }
  });

  it('of dempster over evidence are those of trusted multi-view classification', () => {
    const { mean, ...views } = fixture.trustedMultiView;
    const kernel = kernelOf({ ...views, rule: 'dempster', kind: 'evidence', temperature: 1 });
    expectClose(kernel.fuse(reliabilityOf(views.scores)), mean, 1e-12);
  });

  it('of product-of-experts are a logarithmic opinion pool', () => {
    const { pooled, ...experts } = fixture.opinionPool;
    const kernel = kernelOf({
      ...experts,
      rule: 'product-of-experts',
      kind: 'probabilities',
      temperature: 1,
    });
    expectClose(softmaxRows(kernel.fuse(reliabilityOf(experts.scores)), experts.width), pooled, 1e-12);
  });

  it('of dempster are undecided where certain experts contradict each other', () => {
    const kernel = kernelOf({
      rule: 'dempster',
      kind: 'probabilities',
      width: 2,
      temperature: 1,
      experts: [
        [1, 0],
        [0, 1],
      ],
      scores: [],
    });
    expect([...kernel.fuse(reliabilityOf([[0], [0]]))]).toEqual([0.5, 0.5]);
    expect([...kernel.fuse(reliabilityOf([[1], [1]]))]).toEqual([0.5, 0.5]);
    expect([...kernel.fuse(reliabilityOf([[0], [1]]))]).toEqual([1, 0]);
  });
});

describe('the predicted classes', () => {
  const thresholds = (width: number) => (width === 1 ? [undefined, 0.5, 0.3] : [undefined]);

  it.each(CASES)('of $rule over $kind of width $width are decided on the fused outputs', (expected) => {
    for (const threshold of thresholds(expected.width)) {
      const kernel = kernelOf(expected, threshold);
      const scores = reliabilityOf(expected.scores);
      const decision = { kind: kernel.gives, classes: Math.max(2, kernel.width), threshold };
      expect(kernel.predict(scores)).toEqual(decide(kernel.fuse(scores), kernel.width, decision));
    }
  });

  // The unrolled loops must make the same additions in the same order, or ties would break another way.
  it.each([1, 2, 3, 4, 5])('are the same, ties included, for %s modalities', (modalities) => {
    const random = randomFor('ties', modalities);
    const rows = 2000;
    const [half, third] = [() => Math.floor(random() * 3) / 2, () => Math.floor(random() * 4) / 10];
    for (const rule of ['weighted-mean', 'softmax', 'hard', 'logit-sum']) {
      const kernel = kernelOf({
        rule,
        kind: rule === 'logit-sum' ? 'logits' : 'probabilities',
        width: 3,
        temperature: 1,
        experts: Array.from({ length: modalities }, () => Array.from({ length: rows * 3 }, third)),
        scores: [],
      });
      const scores = reliabilityOf(
        Array.from({ length: modalities }, () => Array.from({ length: rows }, half)),
      );
      const fused = kernel.fuse(scores);
      expect(kernel.predict(scores)).toEqual(decide(fused, 3, { kind: kernel.gives, classes: 3 }));
    }
  });
});

describe('hard', () => {
  it('gives all weight to the first of equally good scores', () => {
    const kernel = kernelOf({
      rule: 'hard',
      kind: 'probabilities',
      width: 1,
      temperature: 1,
      experts: [
        [0.1, 0.1, 0.1],
        [0.2, 0.2, 0.2],
        [0.3, 0.3, 0.3],
      ],
      scores: [],
    });
    const scores = [
      [5, 1, -2],
      [5, 3, -3],
      [4, 3, -2],
    ];
    expect([...kernel.fuse(reliabilityOf(scores))]).toEqual([0.1, 0.2, 0.1]);
  });
});

describe('softmax', () => {
  it('does not overflow', () => {
    const kernel = kernelOf({
      rule: 'softmax',
      kind: 'probabilities',
      width: 1,
      temperature: 1e-3,
      experts: [[0.25], [0.75]],
      scores: [],
    });
    expect([...kernel.fuse(reliabilityOf([[900], [901]]))]).toEqual([0.75]);
    expect([...kernel.fuse(reliabilityOf([[-1e6], [-1e6]]))]).toEqual([0.5]);
  });
});
