import type { GateConfig } from './config/gate-config.ts';
import { fewestShuffles } from './config/shuffle-counts.ts';
import { logArrangements } from './diagnostic/arrangements.ts';
import type { Examples } from './diagnostic/examples.ts';
import type { DiagnosisPlan } from './diagnostic/take-measurements.ts';
import type { EvaluatedRows } from './evaluation-set/evaluated-rows.ts';
import { ConfigurationError } from './foundation/errors.ts';
import type { Workspace } from './foundation/workspace.ts';
import type { FrozenFusion } from './model/frozen-fusion.ts';
import { readScoreBank } from './model/score-bank.ts';

/**
 * What to measure of a gate's frozen fusion.
 *
 * @throws ConfigurationError where so few rows or draws could never show influence, or the score bank does not fit
 */
export async function planFor(
  gate: GateConfig,
  data: EvaluatedRows,
  fusion: FrozenFusion,
  exchange: Omit<Examples, 'labels'>,
  workspace: Workspace,
): Promise<DiagnosisPlan> {
  const reliableWhen = gate.modalities.map((modality) => modality.reliableWhen);
  const { bank, ...permutations } = gate.permutations;
  if (bank === undefined) {
    refuseTooFewRows(gate, data, fusion, exchange);
    return { ...gate, permutations, reliableWhen };
  }
  refuseVectorScores(bank.path, fusion);
  const banked = await readScoreBank(bank, gate.modalities, data, gate.columns.id, workspace);
  refuseTooFewDraws(gate, bank.path, banked.count);
  return {
    ...gate,
    permutations: { ...permutations, count: banked.count, bank: banked.scores },
    reliableWhen,
  };
}

/** Scores that can be arranged in too few ways can never show influence, however strong it is. */
function refuseTooFewRows(
  gate: GateConfig,
  data: EvaluatedRows,
  { reliability }: FrozenFusion,
  exchange: Omit<Examples, 'labels'>,
): void {
  const { scheme } = gate.permutations;
  const ways = logArrangements(reliability, scheme, exchange);
  if (ways === 0 || -ways <= Math.log(gate.alpha)) return;
  throw new ConfigurationError(
    `The reliability scores of the ${data.rows.length} evaluated rows of "${gate.evaluationSet}" can be arranged in only ${Math.round(Math.exp(ways))} ways${staysIn(exchange)}, so that no p-value can reach alpha = ${gate.alpha}; evaluate on more rows.`,
  );
}

function staysIn({ whole, withinWhat = [] }: Omit<Examples, 'labels'>): string {
  if (whole !== undefined) return ' as whole blocks';
  return withinWhat.length === 0 ? '' : ` within each ${withinWhat.join(' and ')}`;
}

function refuseVectorScores(path: string, { modalities, reliability }: FrozenFusion): void {
  const wide = reliability.findIndex(({ width }) => width !== 1);
  if (wide === -1) return;
  throw new ConfigurationError(
    `The score bank "${path}" has one number per row and draw, but the scores of ${modalities[wide]} have ${reliability[wide].width} per row; remove permutations.bank, and the gate draws shuffles of its own.`,
  );
}

/** The same for a bank: the smallest p-value is one in its draws and one. */
function refuseTooFewDraws({ alpha }: GateConfig, path: string, count: number): void {
  const fewest = fewestShuffles(alpha);
  if (count >= fewest) return;
  throw new ConfigurationError(
    `The score bank "${path}" has ${count} draws, so that no p-value can reach alpha = ${alpha}; at least ${fewest} are needed.`,
  );
}
