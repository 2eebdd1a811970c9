import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import type { FusionRule, GateConfig } from '../../src/config/gate-config.ts';
import { diagnose } from '../diagnostic/diagnose.ts';
import type { Diagnosis } from '../../src/diagnostic/diagnosis.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { freezeFusion } from '../../src/model/cached-experts/freeze-fusion.ts';
import { readRouterWeights } from '../../src/model/cached-experts/router-weights.ts';
import { readScoreBank } from '../../src/model/score-bank.ts';
import comp from '../fixtures/contract/reports/comp.json' with { type: 'json' };
import corruptedMean from '../fixtures/contract/reports/lr/exp2_decisional_corruption_qsyn/late/aggregate.json' with { type: 'json' };
import corrupted from '../fixtures/contract/reports/lr/exp2_decisional_corruption_qsyn/late/fold_logs.json' with { type: 'json' };
import late from '../fixtures/contract/reports/late/latefusion_identifiability_LR.json' with { type: 'json' };
import moe from '../fixtures/contract/reports/moe/moe_identifiability_MoE.json' with { type: 'json' };
import rho from '../fixtures/contract/reports/rho.json' with { type: 'json' };
import { bankPath, FOLDS, MODALITIES, readFold, workspace, type FoldWishes } from './contract.ts';

/** What the issue asks for: equality to 1e-9. */
const DIGITS = 9;

/** A fold, and what stands in for its scores and experts. */
interface Fold extends FoldWishes {
  readonly bank?: string;
}

const WEIGHTED_MEAN: FusionRule = { rule: 'weighted-mean', temperature: 1, epsilon: 1e-6 };
const routerOf = ({ seed, fold }: Fold): FusionRule => ({
  rule: 'linear-router',
  temperature: 1,
  epsilon: 1e-6,
  weights: `reports/moe/routers/router_seed${seed}_fold${fold}.npz`,
});

function gateFor(fold: Fold, rule: FusionRule, uniformScore: 'mean' | number): GateConfig {
  const names = Object.entries(MODALITIES);
  return {
    name: 'contract',
    candidate: { kind: 'fusion', rule },
    evaluationSet: 'in memory',
    columns: { label: 'y', id: 'ids' },
    modalities: names.map(([name, letter]) => ({
      name,
      inputs: [],
      reliability: { tensor: `Q${letter}`, column: `Q${letter}` },
      expert: `p_${letter}`,
      expertKind: 'probabilities',
      reliableWhen: 'high',
    })),
    inputs: [],
    output: { kind: 'probabilities', decisionThreshold: 0.5 },
    metric: 'balanced-accuracy',
    metrics: [],
    threshold: 0.01,
    alpha: 0.05,
    permutations: {
      count: 100,
      most: 100,
      secondaryCount: 20,
      scheme: 'independent',
      seed: 0,
      bank: {
        path: fold.bank ?? bankPath(fold),
        id: 'ids_str',
        scores: Object.fromEntries(names.map(([name, letter]) => [name, `Q${letter}`])),
      },
    },
    uniformScore,
    interval: { method: 'bca', confidence: 0.95, resamples: 200 },
    control: { threshold: 0.05, quantiles: [0.05, 0.95] },
    failOnInconclusive: true,
  };
}

/** Balanced accuracy of the router that is told which experts are right: 1 for those, 0 for the others. */
async function oracleScores(fold: Fold): Promise<number> {
  const gate = gateFor(fold, routerOf(fold), 0);
  const data = await readFold(fold);
  const router = await readRouterWeights(
    `reports/moe/routers/router_seed${fold.seed}_fold${fold.fold}.npz`,
    3,
    workspace,
  );
  const fusion = await freezeFusion(gate, data, { temperature: 1, router });
  const labels = Array.from((await data.read('y')).values as ArrayLike<number>);
  const scores = fusion.experts!.map(({ classes }) => ({
    width: 1,
    values: Float64Array.from(labels, (label, i) => Number(classes[i] === label)),
  }));
  const predicted = await fusion.predict(scores);
  const recalls = [0, 1].map((c) => {
    const rows = labels.flatMap((label, i) => (label === c ? [i] : []));
    return rows.filter((i) => predicted[i] === c).length / rows.length;
  });
  return mean(recalls);
}

async function diagnoseFold(fold: Fold, rule: FusionRule, uniformScore: 'mean' | number): Promise<Diagnosis> {
  const gate = gateFor(fold, rule, uniformScore);
  const data = await readFold(fold);
  const router = rule.weights ? await readRouterWeights(rule.weights, 3, workspace) : undefined;
  const fusion = await freezeFusion(gate, data, { temperature: 1, router });
  const bank = await readScoreBank(gate.permutations.bank!, gate.modalities, data, 'ids', workspace);
  const labels = Int32Array.from((await data.read('y')).values as ArrayLike<number>);
  return diagnose(
    fusion,
    labels,
    {
      ...gate,
      permutations: { ...gate.permutations, count: bank.count, bank: bank.scores },
      reliableWhen: ['high', 'high', 'high'],
    },
    silentLogger,
  );
}

/** The corruption control: their scores mark what is corrupted, and their own shuffles of them. */
function diagnoseCorrupted({ seed, fold }: FoldWishes): Promise<Diagnosis> {
  const bank = `qsyn/broken/seed_${seed}/fold_${fold}.npz`;
  return diagnoseFold({ seed, fold, corruption: 8, bank }, WEIGHTED_MEAN, 'mean');
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const deviation = (values: readonly number[], lost: 0 | 1) =>
  Math.sqrt(values.reduce((sum, value) => sum + (value - mean(values)) ** 2, 0) / (values.length - lost));
const alignments = (diagnosis: Diagnosis) => Object.values(diagnosis.alignment!);

describe.each(FOLDS)('seed $seed, fold $fold', (fold) => {
  const pick = <Row extends { seed: number; fold: number }>(rows: readonly Row[]) =>
    rows.find((row) => row.seed === fold.seed && row.fold === fold.fold)!;

  it('weighted-mean fusion prints what the authors printed', async () => {
    const expected = pick(late.fold_rows).metrics;
    const diagnosis = await diagnoseFold(fold, WEIGHTED_MEAN, 'mean');
    expect(diagnosis.invalid).toBeNull();
    expect(diagnosis.broken).toMatchObject({ scheme: 'bank', count: expected.K_eff_used });
    expect(diagnosis.uniform.balancedAccuracy).toBeCloseTo(expected.BA_noq, DIGITS);
    expect(diagnosis.clean.balancedAccuracy).toBeCloseTo(expected.BA_cleanq, DIGITS);
    expect(diagnosis.broken.mean.balancedAccuracy).toBeCloseTo(expected.BA_broken_mean, DIGITS);
    expect(diagnosis.headroom!.oracle).toBeCloseTo(expected.BA_oracle_best, DIGITS);
    expect(diagnosis.headroom!.value).toBeCloseTo(expected.oracle_minus_clean, DIGITS);
    expect(diagnosis.gap.value).toBeCloseTo(expected.delta_perm, DIGITS);
    expect(diagnosis.p.oneSided).toBeCloseTo(expected.p_perm_one_sided, DIGITS);
    expect(diagnosis.competitiveness!.median).toBeCloseTo(expected.median_competitiveness_delta, DIGITS);
    expect(mean(alignments(diagnosis).map(({ pearson }) => pearson!))).toBeCloseTo(
      expected.rho_alignment_mean,
      DIGITS,
    );
    alignments(diagnosis).forEach(({ spearman }, m) => {
      const modality = Object.keys(MODALITIES)[m] as keyof typeof MODALITIES;
      expect(spearman).toBeCloseTo(rho.raw.rho_q_correctness[modality][FOLDS.indexOf(fold)], DIGITS);
    });
  });

  it('the corruption control prints what the authors printed', async () => {
    const expected = pick(corrupted.fold_logs);
    const diagnosis = await diagnoseCorrupted(fold);
    expect(diagnosis.broken.count).toBe(expected.K);
    expect(diagnosis.clean.balancedAccuracy).toBeCloseTo(expected.ba_clean, DIGITS);
    expect(diagnosis.broken.mean.balancedAccuracy).toBeCloseTo(expected.ba_broken_mean, DIGITS);
    expect(diagnosis.gap.value).toBeCloseTo(expected.delta_perm_fold, DIGITS);
    expect(diagnosis.p.oneSided).toBeCloseTo(expected.p_perm_fold, DIGITS);
    expect(diagnosis.headroom!.oracle).toBeCloseTo(expected.oracle_ba, DIGITS);
    expect(diagnosis.headroom!.value).toBeCloseTo(expected.oracle_headroom, DIGITS);
  });

  it('the linear router prints what the authors printed', async () => {
    const expected = pick(moe.fold_rows).metrics;
    // The authors' No-Q feeds the router zeros.
    const diagnosis = await diagnoseFold(fold, routerOf(fold), 0);
    expect(diagnosis.uniform.balancedAccuracy).toBeCloseTo(expected.BA_noq, DIGITS);
    expect(diagnosis.clean.balancedAccuracy).toBeCloseTo(expected.BA_cleanq, DIGITS);
    expect(diagnosis.broken.mean.balancedAccuracy).toBeCloseTo(expected.BA_broken_mean, DIGITS);
    expect(diagnosis.headroom!.oracle).toBeCloseTo(expected.BA_oracle_best, DIGITS);
    expect(diagnosis.headroom!.value).toBeCloseTo(expected.oracle_minus_clean, DIGITS);
    expect(await oracleScores(fold)).toBeCloseTo(expected.BA_oracleq, DIGITS);
    expect(diagnosis.gap.value).toBeCloseTo(expected.delta_perm, DIGITS);
    expect(diagnosis.p.oneSided).toBeCloseTo(expected.p_perm_one_sided, DIGITS);
    expect(diagnosis.competitiveness!.median).toBeCloseTo(expected.median_competitiveness_delta, DIGITS);
    expect(mean(alignments(diagnosis).map(({ pearson }) => pearson!))).toBeCloseTo(
      expected.rho_alignment_mean,
      DIGITS,
    );
  });
});

it('competitiveness over the folds is what the authors printed', async () => {
  const folds = await Promise.all(FOLDS.map((fold) => diagnoseFold(fold, WEIGHTED_MEAN, 'mean')));
  const summary = comp.summary_mean_std_across_folds;
  const columns = {
    median_delta: folds.map(({ competitiveness }) => competitiveness!.median),
    competitive_mass_pct: folds.map(({ competitiveness }) => competitiveness!.massBelow),
    disagreement_pct: folds.map(({ competitiveness }) => competitiveness!.disagreement),
  };
  const csv = readFileSync(new URL('../fixtures/contract/reports/comp.csv', import.meta.url), 'utf8');
  const [head, ...rows] = csv
    .trim()
    .split(/\r?\n/)
    .map((line) => line.split(','));
  for (const [name, values] of Object.entries(columns)) {
    const { mean: theirMean, std } = summary[name as keyof typeof columns];
    expect(mean(values)).toBeCloseTo(theirMean, DIGITS);
    expect(deviation(values, 1)).toBeCloseTo(std, DIGITS);
    rows.forEach((row, i) => {
      expect(values[i]).toBeCloseTo(Number(row[head.indexOf(name)]), DIGITS);
    });
  }
});

it('alignment over the folds is what the authors printed', async () => {
  const folds = await Promise.all(FOLDS.map((fold) => diagnoseFold(fold, WEIGHTED_MEAN, 'mean')));
  for (const name of ['audio', 'video', 'phys'] as const) {
    const values = folds.map(({ alignment }) => alignment![name].spearman!);
    const { rho_q_correctness: right, rho_q_error: wrong } = rho;
    expect(mean(values)).toBeCloseTo(right[name].mean, DIGITS);
    expect(deviation(values, 0)).toBeCloseTo(right[name].std, DIGITS);
    expect(-mean(values)).toBeCloseTo(wrong[name].mean, DIGITS);
  }
});

it('the corruption control over the folds is what the authors printed', async () => {
  const folds = await Promise.all(FOLDS.map(diagnoseCorrupted));
  const gaps = folds.map(({ gap }) => gap.value);
  const headrooms = folds.map(({ headroom }) => headroom!.value);
  expect(mean(gaps)).toBeCloseTo(corruptedMean.delta_perm_mean, DIGITS);
  expect(deviation(gaps, 0)).toBeCloseTo(corruptedMean.delta_perm_std, DIGITS);
  expect(mean(headrooms)).toBeCloseTo(corruptedMean.oracle_headroom_mean, DIGITS);
  expect(deviation(headrooms, 0)).toBeCloseTo(corruptedMean.oracle_headroom_std, DIGITS);
});
