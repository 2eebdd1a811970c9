import { describe, expect, it } from 'vitest';

import { duplicatesAcrossBlocks } from '../../../src/diagnostic/leakage/duplicates.ts';
import { findLeakage } from '../../../src/diagnostic/leakage/find-leakage.ts';
import { sharedIds } from '../../../src/diagnostic/leakage/shared-ids.ts';
import { simulatedSet, type Score } from './simulated-set.ts';

describe('examples in more than one block', () => {
  const set = simulatedSet(1, ({ random }) => random(), { rows: 6 });

  it('are counted', () => {
    const keys = ['a', 'b', 'c', 'a', 'a', 'b'];
    const blocks = ['s1', 's1', 's2', 's2', 's3', 's1'];
    const [finding] = duplicatesAcrossBlocks({ ...set, blocked: { keys, blocks } });
    expect(finding).toEqual({
      check: 'duplicates',
      modality: null,
      severity: 'warning',
      numbers: { examples: 1, rows: 3 },
      sentence:
        '1 example stands in more than one block, on 3 of 6 evaluated rows, and blocks are taken to be independent. Keep each example in one block.',
    });
    const more = { keys: ['a', 'b', 'c', 'a', 'a', 'b'], blocks: ['s1', 's1', 's2', 's2', 's3', 's4'] };
    expect(duplicatesAcrossBlocks({ ...set, blocked: more })[0].sentence).toContain('2 examples stand');
  });

  it('are none where each stays in its block, or where there are no blocks', () => {
    const keys = ['a', 'a', 'b', 'b', 'c', '__proto__'];
    const blocks = ['s1', 's1', 's2', 's2', 's2', 's1'];
    expect(duplicatesAcrossBlocks({ ...set, blocked: { keys, blocks } })).toEqual([]);
    expect(duplicatesAcrossBlocks(set)).toEqual([]);
  });
});

describe('examples that were trained on', () => {
  it('are counted, and the first ones named', () => {
    const ids = ['a', 'b', 'c', 'd', 'e'];
    expect(sharedIds(ids, new Set(['e', 'd', 'b', 'a', 'z']), '"train.txt"')).toEqual({
      check: 'shared-ids',
      modality: null,
      severity: 'warning',
      numbers: { shared: 4, evaluated: 5 },
      sentence:
        '4 of 5 evaluated examples are among the training ids of "train.txt" (id "a", "b", "d" and 1 more); what a model does on examples that it was trained on proves nothing.',
    });
    expect(sharedIds(ids, new Set(['e']), '"t"')?.sentence).toContain('1 of 5 evaluated examples is among');
    expect(sharedIds(ids, new Set(['A', 'constructor']), '"t"')).toBeNull();
  });
});

describe('all checks together', () => {
  it.each<[string, Score]>([
    ['noise', ({ random }) => random()],
    ['truthful scores', ({ isRight, random }) => (isRight ? 0.6 : 0.1) + 0.3 * random()],
    ['scores that name the right experts', ({ isRight }) => Number(isRight)],
  ])('are silent on %s', (_, score) => {
    for (let seed = 0; seed < 200; seed++) {
      const setting = { classes: 2 + (seed % 4), rows: 50 + 100 * (seed % 3), modalities: 1 + (seed % 3) };
      expect(findLeakage(simulatedSet(seed, score, setting))).toEqual([]);
    }
  });

  it('tell of a vector once, and of each modality', () => {
    const { reliability, ...set } = simulatedSet(2, ({ label, random }) => label + random());
    const twice = reliability.map(({ values }) => ({
      width: 2,
      values: Float64Array.from([...values].flatMap((value) => [value, 2 * value])),
    }));
    const findings = findLeakage({ ...set, reliability: twice });
    expect(findings.map(({ check, modality }) => [check, modality])).toEqual([
      ['label', 'm0'],
      ['label', 'm1'],
    ]);
    expect(findings[1].sentence).toMatch(/^The score of m1 \(entry 0, counting from 0\) tells the label:/);
  });

  it('tell of one score all that is wrong with it', () => {
    const set = simulatedSet(1, ({ label, confidence }) => label + confidence / 2, { modalities: 1 });
    const { values } = set.reliability[0];
    const [min, max] = [Math.min(...values), Math.max(...values)];
    const scaled = { width: 1, values: values.map((value) => (value - min) / (max - min)) };
    expect(findLeakage({ ...set, reliability: [scaled] }).map(({ check }) => check)).toEqual([
      'label',
      'test-scaled',
    ]);
  });
});
