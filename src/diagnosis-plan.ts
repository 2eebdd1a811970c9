import type { GateConfig } from './config/gate-config.ts';
import { fewestShuffles } from './config/shuffle-counts.ts';
import { logArrangements } from './diagnostic/arrangements.ts';
import type { Structure } from './diagnostic/examples.ts';
import { isPartial } from './diagnostic/presence.ts';
import type { DiagnosisPlan } from './diagnostic/take-measurements.ts';
import type { EvaluatedRows } from './evaluation-set/evaluated-rows.ts';
import { ConfigurationError } from './foundation/errors.ts';
import type { Workspace } from './foundation/workspace.ts';
import type { FrozenFusion } from './model/frozen-fusion.ts';
import type { Part } from './freeze-gate.ts';
import { readScoreBank, type BankedScores } from './model/score-bank.ts';

/**
 * What to measure of a gate's frozen fusion.
 *
 * @throws ConfigurationError where so few rows or draws could never show influence, or the score bank does not fit
 */
export async function planFor(
  gate: GateConfig,
  data: EvaluatedRows,
  fusion: FrozenFusion,
  exchange: Structure,
  workspace: Workspace,
  parts: readonly Part[] = [{ gate, data }],
): Promise<DiagnosisPlan> {
  const reliableWhen = gate.modalities.map((modality) => modality.reliableWhen);
  const { bank, ...permutations } = gate.permutations;
  refuseTooFewRepeatedDraws(gate, exchange);
  if (bank === undefined && parts.every((part) => part.gate.permutations.bank === undefined)) {
    refuseTooFewRows(gate, data, fusion, exchange);
    return { ...gate, permutations, reliableWhen };
  }
  const banked = await readBanks(gate, fusion, workspace, parts);
  return {
    ...gate,
    permutations: { ...permutations, count: banked.count, bank: banked.scores },
    reliableWhen,
  };
}

/** The draws of all parts, one part's rows behind the other's. */
async function readBanks(
  gate: GateConfig,
  fusion: FrozenFusion,
  workspace: Workspace,
  parts: readonly Part[],
): Promise<BankedScores> {
  const banks: (BankedScores & { readonly path: string; readonly rows: number })[] = [];
  for (const { gate: part, data } of parts) {
    const { bank } = part.permutations;
    if (bank === undefined) {
      throw new ConfigurationError(
        `Some folds of gate "${gate.name}" have a bank of shuffled scores and others have none. Give each one, or none.`,
      );
    }
    refuseVectorScores(bank.path, fusion);
    const banked = await readScoreBank(bank, part.modalities, data, part.columns.id, workspace);
    refuseTooFewDraws(part, bank.path, banked.count);
    banks.push({ ...banked, path: bank.path, rows: data.rows.length });
  }
  const [first] = banks;
  const other = banks.find(({ count }) => count !== first.count);
  if (other !== undefined) {
    throw new ConfigurationError(
      `The score bank "${other.path}" has ${other.count} draws and "${first.path}" has ${first.count}; all folds need as many.`,
    );
  }
  return banks.length === 1 ? first : { count: first.count, scores: joinedScores(banks, first.count) };
}

/** Per modality [K * N]. */
function joinedScores(
  banks: readonly { readonly scores: readonly Float64Array[]; readonly rows: number }[],
  count: number,
): Float64Array[] {
  const rows = banks.reduce((sum, bank) => sum + bank.rows, 0);
  return banks[0].scores.map((_, m) => {
    const all = new Float64Array(count * rows);
    let from = 0;
    for (const { scores, rows: own } of banks) {
      for (let k = 0; k < count; k++) all.set(scores[m].subarray(k * own, (k + 1) * own), k * rows + from);
      from += own;
    }
    return all;
  });
}

/** Where examples come again, p is twice a median. */
function refuseTooFewRepeatedDraws({ alpha, permutations }: GateConfig, { folds }: Structure): void {
  const fewest = fewestShuffles(alpha, 2);
  if (folds === undefined || folds.repeats.length < 2 || permutations.count >= fewest) return;
  throw new ConfigurationError(
    `permutations.count is ${permutations.count}, too few for any p-value at or below alpha ${alpha} where examples come again in several folds (p is twice a median then). Use at least ${fewest}.`,
  );
}

/** Scores that can be arranged in too few ways can never show influence, however strong it is. */
function refuseTooFewRows(
  gate: GateConfig,
  data: EvaluatedRows,
  { reliability }: FrozenFusion,
  exchange: Structure,
): void {
  const { scheme } = gate.permutations;
  const ways = logArrangements(reliability, scheme, exchange);
  const isTooFew = (log: number): boolean => -log > Math.log(gate.alpha);
  if (ways === 0) return;
  if (!isTooFew(ways)) {
    const jointWays = isPartial(reliability) ? logArrangements(reliability, 'joint', exchange) : Infinity;
    if (reliability.length === 1 || !isTooFew(jointWays)) return;
    throw new ConfigurationError(
      `Rows of scores of "${gate.evaluationSet}" can be arranged in only ${Math.round(Math.exp(jointWays))} ways${staysIn(exchange)} among rows on which the same modalities are present, so that the p-value of joint shuffles, which a gate needs to pass, can never reach alpha = ${gate.alpha}; evaluate on more rows, or on complete ones.`,
    );
  }
  throw new ConfigurationError(
    `The reliability scores of the ${data.rows.length} evaluated rows of "${gate.evaluationSet}" can be arranged in only ${Math.round(Math.exp(ways))} ways${staysIn(exchange)}, so that no p-value can reach alpha = ${gate.alpha}; evaluate on more rows.`,
  );
}

function staysIn({ whole, withinWhat = [] }: Structure): string {
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
