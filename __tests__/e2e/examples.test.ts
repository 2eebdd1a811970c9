import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { beforeAll, describe, expect, it } from 'vitest';

import type { GateConfig } from '../../src/config/gate-config.ts';
import { readConfig } from '../../src/config/read-config.ts';
import { SECONDARY_COUNT } from '../../src/config/schema.ts';
import type { Accuracies } from '../../src/diagnostic/diagnosis.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';
import { runGates } from '../../src/gate.ts';
import type { GateReport } from '../../src/report/gate-report.ts';
import { gap, interval } from '../../src/report/numbers.ts';
import numpy from '../fixtures/digits-expected.json' with { type: 'json' };

const workspace = openWorkspace(join(import.meta.dirname, '..', '..', 'examples', 'digits'));

/** The four gates of the example, and what they become under other engines and other scores. */
const CANDIDATES = {
  truthful: {
    'onnxruntime-web': (gates: Gates) => withEngine(gates['digits-truthful'], 'onnxruntime-web'),
    'onnxruntime-node': (gates: Gates) => withEngine(gates['digits-truthful'], 'onnxruntime-node'),
    'TensorFlow.js': (gates: Gates) => gates['digits-tfjs'],
    'cached experts': (gates: Gates) => gates['digits-cached'],
  },
  noise: {
    'onnxruntime-web': (gates: Gates) => withEngine(gates['digits-noise'], 'onnxruntime-web'),
    'onnxruntime-node': (gates: Gates) => withEngine(gates['digits-noise'], 'onnxruntime-node'),
    'TensorFlow.js': (gates: Gates) => withStaleScores(gates['digits-tfjs']),
    'cached experts': (gates: Gates) => withStaleScores(gates['digits-cached']),
  },
};
type Gates = Record<string, GateConfig>;
type Scores = keyof typeof CANDIDATES;
type Engine = keyof (typeof CANDIDATES)[Scores];

const SCORES = Object.keys(CANDIDATES) as Scores[];
const ENGINES = Object.keys(CANDIDATES.truthful) as Engine[];
const CASES = SCORES.flatMap((scores) => ENGINES.map((engine) => ({ scores, engine })));

function withEngine(gate: GateConfig, engine: 'onnxruntime-web' | 'onnxruntime-node'): GateConfig {
  if (gate.candidate.kind !== 'model') throw new Error(`${gate.name} has no model.`);
  return { ...gate, candidate: { ...gate.candidate, engine } };
}

function withStaleScores(gate: GateConfig): GateConfig {
  const modalities = gate.modalities.map((modality) => ({
    ...modality,
    reliability: { tensor: modality.reliability!.tensor, column: `Q_stale_${modality.name}` },
  }));
  // The stored fused outputs are of the truthful scores.
  return { ...gate, modalities, output: { ...gate.output, column: undefined } };
}

const reports = new Map<string, GateReport>();
const reportOf = (scores: Scores, engine: Engine): GateReport => reports.get(`${scores} ${engine}`)!;

beforeAll(async () => {
  const config = await readConfig({ config: 'fusion-gate.yml' }, workspace);
  const gates: Gates = Object.fromEntries(config.gates.map((gate) => [gate.name, gate]));
  for (const { scores, engine } of CASES) {
    const gate = CANDIDATES[scores][engine](gates);
    const run = await runGates([gate], { workspace, threads: 1, logger: silentLogger, version: '0.0.0' });
    reports.set(`${scores} ${engine}`, run.gates[0]);
  }
}, 600_000);

describe.each(CASES)('digits with $scores scores on $engine', ({ scores, engine }) => {
  const expected = numpy[scores === 'truthful' ? 'Q' : 'Q_stale'];

  it('gives the verdict that the example promises', () => {
    const { conclusion, verdict } = reportOf(scores, engine);
    expect({ conclusion, verdict }).toEqual(
      scores === 'truthful'
        ? { conclusion: 'success', verdict: 'quality-aware' }
        : { conclusion: 'failure', verdict: 'decorative' },
    );
  });

  it('ran on that engine, on the rows that all cameras have', () => {
    const report = reportOf(scores, engine);
    expect(report.model.engine).toMatch(engine === 'TensorFlow.js' ? /tensorflow|tfjs/i : engine);
    expect(report.evaluationSet).toMatchObject({ rows: numpy.rows, evaluated: numpy.evaluated });
  });

  it('counts as NumPy counts', () => {
    const report = reportOf(scores, engine);
    expectAccuracies(report.clean!, expected.clean);
    expectAccuracies(report.uniform!, numpy.uniform);
    for (const [camera, accuracies] of Object.entries(numpy.experts)) {
      expectAccuracies(report.experts![camera], accuracies);
    }
    const { oracle, value, chanceMatched } = report.headroom!;
    expect(oracle).toBeCloseTo(numpy.oracle, 12);
    expect(value).toBeCloseTo(numpy.oracle - expected.clean.accuracy, 12);
    expect(chanceMatched).toBeCloseTo(numpy.chanceMatchedOracle - expected.clean.accuracy, 12);
    for (const [camera, auroc] of Object.entries(expected.auroc)) {
      expect(report.alignment![camera].auroc).toBeCloseTo(auroc, 12);
    }
  });

  it('measures competitiveness as NumPy does, up to the float32 of the experts', () => {
    const { median, massBelow, disagreement } = reportOf(scores, engine).competitiveness!;
    expect(median).toBeCloseTo(numpy.competitiveness.median, 6);
    expect(massBelow).toBeCloseTo(numpy.competitiveness.massBelow, 12);
    expect(disagreement).toBeCloseTo(numpy.competitiveness.disagreement, 12);
  });

  it('shuffles to the same distribution as NumPy', () => {
    const { broken, gap } = reportOf(scores, engine);
    expectMean(broken.mean!.accuracy, broken.count, expected.broken);
    // The standard error of a standard deviation from K draws is about std / sqrt(2 K).
    const error = expected.broken.std / Math.sqrt(2 * broken.count);
    expect(Math.abs(broken.std!.accuracy - expected.broken.std)).toBeLessThan(5 * error);
    expect(gap.value).toBeCloseTo(expected.clean.accuracy - broken.mean!.accuracy, 12);
  });

  it('shuffles one camera alone to the same mean as NumPy', () => {
    const { perModality, clean } = reportOf(scores, engine);
    for (const [camera, draws] of Object.entries(expected.brokenModality)) {
      expectMean(clean!.accuracy - perModality[camera].gap, SECONDARY_COUNT, draws);
    }
  });

  it('runs the correctness control to the gap that NumPy finds', () => {
    const { truthful, broken } = expected.correctnessControl;
    const control = reportOf(scores, engine).controls.correctness!;
    expectMean(truthful.accuracy - control.gap, SECONDARY_COUNT, broken);
    expect(control.passed).toBe(true);
  });
});

describe.each(SCORES)('digits with %s scores', (scores) => {
  it.each(ENGINES)('has the same gap on %s as on cached experts', (engine) => {
    const { gap, p, controls } = reportOf(scores, engine);
    const cached = reportOf(scores, 'cached experts');
    for (const bound of ['value', 'lower', 'upper'] as const) {
      expect(Math.abs(gap[bound] - cached.gap[bound])).toBeLessThanOrEqual(1e-6);
    }
    expect(p).toEqual(cached.p);
    expect(Math.abs(controls.correctness!.gap - cached.controls.correctness!.gap)).toBeLessThanOrEqual(1e-6);
    expect(Math.abs(controls.corruption!.gap - cached.controls.corruption!.gap)).toBeLessThanOrEqual(1e-6);
  });
});

function expectAccuracies(found: Accuracies, wanted: Accuracies): void {
  expect(found.accuracy).toBeCloseTo(wanted.accuracy, 12);
  expect(found.balancedAccuracy).toBeCloseTo(wanted.balancedAccuracy, 12);
}

/** Two means over independent draws of one distribution lie within five standard errors of each other. */
function expectMean(found: number, count: number, draws: { mean: number; std: number; count: number }): void {
  const error = draws.std * Math.sqrt(1 / count + 1 / draws.count);
  expect(Math.abs(found - draws.mean)).toBeLessThan(5 * error);
}

it('is quoted in the README as it is', () => {
  const readme = readFileSync(join(import.meta.dirname, '..', '..', 'README.md'), 'utf8');
  const quoted = readme.replaceAll(/\n> ?/g, ' ').replaceAll(/\s+/g, ' ');
  const { reason, advice } = reportOf('noise', 'onnxruntime-web');
  for (const sentence of [reason, advice]) expect(quoted).toContain(sentence);
  for (const scores of SCORES) {
    const { gap: found, threshold } = reportOf(scores, 'onnxruntime-web');
    const ends = interval(found.lower, found.upper, threshold).replaceAll('\u00a0', ' ');
    expect(quoted).toContain(`**${gap(found.value, threshold)}** <sub>${ends}</sub>`);
  }
});
