import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, describe, expect, it } from 'vitest';

import { readConfig } from '../../src/config/read-config.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';
import { runGates } from '../../src/gate.ts';
import { contractConfig, type Study } from '../../src/inspection/contract-config.ts';
import corrupted from '../fixtures/contract/reports/lr/exp2_decisional_corruption_qsyn/late/fold_logs.json' with { type: 'json' };
import late from '../fixtures/contract/reports/late/latefusion_identifiability_LR.json' with { type: 'json' };
import moe from '../fixtures/contract/reports/moe/moe_identifiability_MoE.json' with { type: 'json' };

const root = realpathSync(mkdtempSync(join(tmpdir(), 'contract-config-')));
afterAll(() => {
  rmSync(root, { recursive: true });
});
const data = join(root, 'some data');
cpSync(fileURLToPath(new URL('../fixtures/contract', import.meta.url)), data, { recursive: true });
const workspace = openWorkspace(root);

const textFor = (study: Study, folder = 'some data') =>
  contractConfig({ folder, study }, join(root, 'gates', 'x.yml'), workspace);

/** Of each fold, what the authors' code printed. */
const PRINTED = {
  late: late.fold_rows.map(({ metrics }) => metrics),
  moe: moe.fold_rows.map(({ metrics }) => metrics),
  corruption: corrupted.fold_logs.map((fold) => ({
    BA_cleanq: fold.ba_clean,
    BA_broken_mean: fold.ba_broken_mean,
    p_perm_one_sided: fold.p_perm_fold,
    BA_oracle_best: fold.oracle_ba,
    BA_noq: undefined,
  })),
};

describe('the config file of a contract folder', () => {
  it.each(['late', 'moe', 'corruption'] as const)('gives of %s what the authors printed', async (study) => {
    const { text, gates } = await contractConfig(
      { folder: 'some data', study },
      join(root, 'x.yml'),
      workspace,
    );
    expect(gates).toBe(6);
    writeFileSync(join(root, 'x.yml'), text);
    const suite = await readConfig({ config: 'x.yml' }, workspace);
    const report = await runGates(suite.gates, {
      workspace,
      logger: silentLogger,
      version: 'test',
      threads: 1,
    });
    PRINTED[study].forEach((printed, i) => {
      const { clean, uniform, broken, p, headroom } = report.gates[i];
      expect(clean!.balancedAccuracy).toBeCloseTo(printed.BA_cleanq, 9);
      expect(broken.mean!.balancedAccuracy).toBeCloseTo(printed.BA_broken_mean, 9);
      expect(p.oneSided).toBeCloseTo(printed.p_perm_one_sided, 9);
      expect(headroom!.oracle).toBeCloseTo(printed.BA_oracle_best, 9);
      if (printed.BA_noq !== undefined) expect(uniform!.balancedAccuracy).toBeCloseTo(printed.BA_noq, 9);
    });
    expect(report.gates[4].evaluationSet).toMatchObject({
      path: `some data (lr, seed 22, fold 1${study === 'corruption' ? ', corrupted by 8' : ''})`,
      rows: 420,
      evaluated: 115,
    });
  });

  it('names files relative to where it stands', async () => {
    const { text } = await textFor('moe');
    expect(text).toContain('contract: "../some data", seed: 11, fold: 0, experts: lr }');
    expect(text).toContain('weights: "../some data/reports/moe/routers/router_seed22_fold2.npz"');
  });

  it('leaves shuffles to the gate where there is no bank', async () => {
    const without = join(root, 'without');
    cpSync(data, without, { recursive: true, filter: (path) => !path.includes('brokenQ') });
    expect((await textFor('late', 'without')).text).not.toContain('bank');
  });

  it('refuses two banks for a fold, and a router that is not there', async () => {
    const bank = 'brokenQ/seed_11/union_quality_BROKENQ_avp_seed11_fold0.npz';
    const two = join(root, 'two');
    cpSync(data, two, { recursive: true });
    cpSync(join(two, bank), join(two, 'brokenQ/seed_11/fold_0.npz'));
    await expect(textFor('late', 'two')).rejects.toThrow(
      'The contract folder "two" has 2 banks of shuffled scores for seed 11 fold 0: fold_0.npz and union_quality_BROKENQ_avp_seed11_fold0.npz in brokenQ/seed_11. Leave one.',
    );
    rmSync(join(two, 'reports/moe/routers/router_seed11_fold0.npz'));
    await expect(textFor('moe', 'two')).rejects.toThrow(
      'The router weights "two/reports/moe/routers/router_seed11_fold0.npz" does not exist. Did you mean "router_seed11_fold1.npz"?',
    );
  });
});
