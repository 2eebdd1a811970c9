import { describe, expect, it } from 'vitest';

import { outputsOf } from '../../src/github/outputs.ts';
import type { GateReport } from '../../src/report/gate-report.ts';
import { reportOf, SAMPLE_GATE } from './sample-report.ts';

const failing = (name: string, gap: number): GateReport => ({
  ...SAMPLE_GATE,
  name,
  conclusion: 'failure',
  verdict: 'decorative',
  gap: { ...SAMPLE_GATE.gap, value: gap },
});

describe('outputsOf', () => {
  it('has the names and values of the one gate', () => {
    const { gates, ...values } = outputsOf(reportOf(SAMPLE_GATE), 'out/report.json');

    expect(values).toEqual({
      conclusion: 'success',
      verdict: 'quality-aware',
      accuracy: '0.9',
      'permuted-accuracy': '0.5',
      gap: '0.4',
      'gap-lower': '0.3',
      'gap-upper': '0.45',
      'p-value': '0.25',
      'control-gap': '0.35',
      'report-path': 'out/report.json',
    });
    expect(JSON.parse(gates)).toEqual([
      {
        name: 'stress',
        conclusion: 'success',
        verdict: 'quality-aware',
        accuracy: 0.9,
        'permuted-accuracy': 0.5,
        gap: 0.4,
        'gap-lower': 0.3,
        'gap-upper': 0.45,
        'p-value': 0.25,
        'control-gap': 0.35,
      },
    ]);
  });

  it('speaks of the worst gate: the smallest gap among those that ended as the run did', () => {
    const smallButPassing = { ...SAMPLE_GATE, gap: { ...SAMPLE_GATE.gap, value: -1 } };
    const outputs = outputsOf(reportOf(smallButPassing, failing('a', 0.002), failing('b', -0.001)), 'r.json');

    expect(outputs).toMatchObject({ conclusion: 'failure', verdict: 'decorative', gap: '-0.001' });
    const gates = JSON.parse(outputs.gates) as { name: string }[];
    expect(gates.map(({ name }) => name)).toEqual(['stress', 'a', 'b']);
  });

  it('keeps gap the difference of the two accuracies when the metric is balanced accuracy', () => {
    const metrics = [{ ...SAMPLE_GATE.metrics[0], clean: 0.8, broken: { mean: 0.4, std: 0.02 } }];
    const gate = { ...SAMPLE_GATE, metric: 'balanced-accuracy' as const, metrics };
    const outputs = outputsOf(reportOf(gate), 'r.json');

    expect(outputs).toMatchObject({ accuracy: '0.8', 'permuted-accuracy': '0.4' });
  });

  it.each([
    ['the corruption control where that is all there is', SAMPLE_GATE.controls.corruption, '0.15'],
    ['nothing where there is none', null, ''],
  ])('gives as control-gap %s', (_, corruption, expected) => {
    const gate = { ...SAMPLE_GATE, controls: { correctness: null, corruption } };

    expect(outputsOf(reportOf(gate), 'r.json')['control-gap']).toBe(expected);
  });
});
