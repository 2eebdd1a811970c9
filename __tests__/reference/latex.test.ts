import { mkdtempSync, realpathSync, rmSync, writeFileSync, cpSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, expect, it } from 'vitest';

import { readConfig } from '../../src/config/read-config.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';
import { runGates } from '../../src/gate.ts';
import { contractConfig } from '../../src/inspection/contract-config.ts';
import { familiesOf, summarise } from '../../src/report/folds.ts';
import type { GateReport } from '../../src/report/gate-report.ts';
import { renderLatex } from '../../src/report/latex.ts';
import late from '../fixtures/contract/reports/late/latefusion_identifiability_LR.json' with { type: 'json' };
import moe from '../fixtures/contract/reports/moe/moe_identifiability_MoE.json' with { type: 'json' };

/** What the authors' code made of all folds, under the names of our families. */
const AGGREGATES = { 'late lr': late.aggregate, 'moe lr': moe.aggregate };

const root = realpathSync(mkdtempSync(join(tmpdir(), 'latex-')));
const gates: GateReport[] = [];

beforeAll(async () => {
  cpSync(fileURLToPath(new URL('../fixtures/contract', import.meta.url)), join(root, 'data'), {
    recursive: true,
  });
  const workspace = openWorkspace(root);
  for (const study of ['late', 'moe'] as const) {
    const { text } = await contractConfig({ folder: 'data', study }, join(root, 'x.yml'), workspace);
    writeFileSync(join(root, 'x.yml'), text);
    const suite = await readConfig({ config: 'x.yml' }, workspace);
    const report = await runGates(suite.gates, {
      workspace,
      logger: silentLogger,
      version: 'test',
      threads: 1,
    });
    gates.push(...report.gates);
  }
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

it('folds come together as in the reports of the authors', () => {
  const families = familiesOf(gates);
  expect(families.map(({ name }) => name)).toEqual(Object.keys(AGGREGATES));
  Object.values(AGGREGATES).forEach(({ baseline, identifiability, structural }, i) => {
    const found = summarise(families[i].gates);
    const pairs: [number, number][] = [
      [found.uniform.mean, baseline.NoQ_mean],
      [found.uniform.std, baseline.NoQ_std],
      [found.clean.mean, baseline.CleanQ_mean],
      [found.clean.std, baseline.CleanQ_std],
      [found.gap.mean, identifiability.CleanMinusPerm_mean],
      [found.gap.std, identifiability.CleanMinusPerm_std],
      [found.p, identifiability.p_perm_median],
      [found.headroom!.mean, identifiability.OracleMinusClean_mean],
      [found.headroom!.std, identifiability.OracleMinusClean_std],
      [found.competitiveness!, structural.medianDelta_medianOverFolds],
      [found.alignment!, structural.rho_meanOverFolds],
    ];
    for (const [ours, theirs] of pairs) expect(ours).toBeCloseTo(theirs, 9);
  });
});

it('the LaTeX tables hold them in rows of their order and digits', () => {
  const text = renderLatex({
    version: 1,
    tool: { name: 'fusion-gate', version: 'test' },
    conclusion: 'failure',
    gates,
  });
  const three = (value: number) => value.toFixed(3);
  for (const [name, { baseline, identifiability, structural }] of Object.entries(AGGREGATES)) {
    const { CleanMinusPerm_mean, CleanMinusPerm_std, p_perm_median } = identifiability;
    const { OracleMinusClean_mean, OracleMinusClean_std } = identifiability;
    const rows = [
      [`$${three(structural.medianDelta_medianOverFolds)}$`, `$${three(structural.rho_meanOverFolds)}$`],
      [
        `$${three(CleanMinusPerm_mean)}\\pm${three(CleanMinusPerm_std)}$`,
        p_perm_median.toFixed(2),
        `$${three(OracleMinusClean_mean)}\\pm${three(OracleMinusClean_std)}$`,
      ],
      [
        `$${three(baseline.NoQ_mean)}\\pm${three(baseline.NoQ_std)}$`,
        `$${three(baseline.CleanQ_mean)}\\pm${three(baseline.CleanQ_std)}$`,
      ],
    ];
    for (const cells of rows) expect(text).toContain(`\n${[name, ...cells].join(' & ')} \\\\\n`);
  }
  expect(text.match(/over 6 folds/g)).toHaveLength(2);
});
