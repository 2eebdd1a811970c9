import { describe, expect, it } from 'vitest';

import type { FusionRule, GateConfig } from '../../src/config/gate-config.ts';
import { diagnose } from '../../src/diagnostic/diagnose.ts';
import type { Diagnosis } from '../../src/diagnostic/diagnosis.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { freezeFusion } from '../../src/model/cached-experts/freeze-fusion.ts';
import { readRouterWeights } from '../../src/model/cached-experts/router-weights.ts';
import { readScoreBank } from '../../src/model/score-bank.ts';
import comp from '../fixtures/contract/reports/comp.json' with { type: 'json' };
import late from '../fixtures/contract/reports/late/latefusion_identifiability_LR.json' with { type: 'json' };
import moe from '../fixtures/contract/reports/moe/moe_identifiability_MoE.json' with { type: 'json' };
import rho from '../fixtures/contract/reports/rho.json' with { type: 'json' };
import { bankPath, FOLDS, MODALITIES, readFold, workspace } from './contract.ts';

/** What the issue asks for: equality to 1e-9. */
const DIGITS = 9;

type Fold = (typeof FOLDS)[number];

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
      secondaryCount: 20,
      scheme: 'independent',
      seed: 0,
      bank: {
        path: bankPath(fold),
        id: 'ids_str',
        scores: Object.fromEntries(names.map(([name, letter]) => [name, `Q${letter}`])),
      },
    },
    uniformScore,
    interval: { confidence: 0.95, resamples: 200 },
    control: { threshold: 0.05, quantiles: [0.05, 0.95] },
    failOnInconclusive: true,
  };
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

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
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

  it('the linear router prints what the authors printed', async () => {
    const expected = pick(moe.fold_rows).metrics;
    // The authors' No-Q feeds the router zeros.
    const diagnosis = await diagnoseFold(fold, routerOf(fold), 0);
    expect(diagnosis.uniform.balancedAccuracy).toBeCloseTo(expected.BA_noq, DIGITS);
    expect(diagnosis.clean.balancedAccuracy).toBeCloseTo(expected.BA_cleanq, DIGITS);
    expect(diagnosis.broken.mean.balancedAccuracy).toBeCloseTo(expected.BA_broken_mean, DIGITS);
    expect(diagnosis.headroom!.oracle).toBeCloseTo(expected.BA_oracle_best, DIGITS);
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
  const over = (key: 'median' | 'massBelow' | 'disagreement') =>
    mean(folds.map(({ competitiveness }) => competitiveness![key]));
  expect(over('median')).toBeCloseTo(summary.median_delta.mean, DIGITS);
  expect(over('massBelow')).toBeCloseTo(summary.competitive_mass_pct.mean, DIGITS);
  expect(over('disagreement')).toBeCloseTo(summary.disagreement_pct.mean, DIGITS);
});
