import type { GateConfig } from './config/gate-config.ts';
import { uniformScores } from './diagnostic/broken-scores.ts';
import type { Examples } from './diagnostic/examples.ts';
import { crossed, exchangeUnits } from './diagnostic/exchange.ts';
import { neighbourGroups } from './diagnostic/neighbours.ts';
import { predictOne } from './diagnostic/predict.ts';
import { type Blocks, readBlocks } from './evaluation-set/blocks.ts';
import type { EvaluatedRows } from './evaluation-set/evaluated-rows.ts';
import { readNumbers } from './evaluation-set/numbers.ts';
import { ConfigurationError } from './foundation/errors.ts';
import type { FrozenGate } from './freeze-gate.ts';
import type { FrozenFusion } from './model/frozen-fusion.ts';

/** Which scores of a gate may change places, and which of its examples hang together. */
export interface GateExchange extends Omit<Examples, 'labels'> {
  /** What the user should know of it. */
  readonly warnings: readonly string[];
}

/**
 * No group may depend on which row a score belongs to, as a shuffle would change it then and the shuffles would no longer be
 * as likely as the scores given. So the predicted class is that of equal scores: among rows for which Clean-Q
 * predicts one class, the scores already hang together with the evidence, whatever they are.
 *
 * @param inFolds what folds say of the examples, which are crossed with the blocks
 * @throws ConfigurationError where a column that it takes is missing or has a value that it cannot be
 */
export async function exchangeOf(
  gate: GateConfig,
  data: EvaluatedRows,
  fusion: FrozenFusion,
  inFolds: FrozenGate['examples'],
): Promise<GateExchange> {
  const { columns, permutations, uniformScore } = gate;
  const { within = 'block', move } = permutations;
  const blocks =
    columns.block === undefined ? undefined : readBlocks(await data.read(columns.block), data.nameRow);
  const inBlocks = { name: columns.block ?? '', blocks };
  if (move === 'blocks') {
    const whole = { whole: blocks!.of, clusters: blocks!.of };
    return withWarnings({ withinWhat: [], ...inFolds, ...whole }, inBlocks);
  }
  const groups: Grouping[] = [];
  if (inFolds.within) groups.push({ what: 'fold', of: inFolds.within });
  if (blocks && within !== 'all') groups.push({ what: `block "${columns.block}"`, of: blocks.of });
  if (within === 'predicted-class') {
    const { classes } = await predictOne(
      fusion,
      [],
      uniformScores(fusion.reliability, uniformScore, inFolds.folds),
    );
    groups.push({ what: 'predicted class', of: classes.slice() });
  }
  if (typeof within === 'object') groups.push(await matchedRows(within, data, groups));
  const crossing = groups.length === 0 ? undefined : crossed(groups.map(({ of }) => of));
  return withWarnings(
    {
      ...inFolds,
      ...(crossing && { within: crossing, withinWhat: groups.map(({ what }) => what) }),
      ...(blocks && { clusters: blocks.of }),
    },
    inBlocks,
  );
}

/** A group for each row. */
interface Grouping {
  /** As a report says it: shuffles stay within each ... */
  readonly what: string;
  readonly of: Int32Array;
}

async function matchedRows(
  { match, neighbours }: { readonly match: readonly string[]; readonly neighbours: number },
  data: EvaluatedRows,
  outer: readonly Grouping[],
): Promise<Grouping> {
  const columns: Float64Array[] = [];
  for (const name of match) {
    const { values, shape } = await readNumbers(data, name, 'match');
    if (values.length !== data.rows.length) {
      throw new ConfigurationError(
        `The match column "${name}" of "${data.set.path}" has the shape [${shape.join(', ')}]; one number a row is needed.`,
      );
    }
    columns.push(Float64Array.from(values));
  }
  const within = outer.length === 0 ? undefined : crossed(outer.map(({ of }) => of));
  const what = `group of about ${neighbours} rows alike in ${match.map((name) => `"${name}"`).join(' and ')}`;
  return { what, of: neighbourGroups(columns, neighbours, within) };
}

/** Fewer blocks than these make a rough interval (Cameron, Gelbach and Miller 2008). */
const FEW_BLOCKS = 20;
/** Most names in a warning. */
const MOST_NAMES = 5;

function withWarnings(
  exchange: Omit<Examples, 'labels'>,
  { name, blocks }: { readonly name: string; readonly blocks: Blocks | undefined },
): GateExchange {
  if (blocks === undefined) return { ...exchange, warnings: [] };
  const { names } = blocks;
  const warnings: string[] = [];
  const alone = aloneIn(exchange, blocks);
  if (alone.length > 0) {
    const size = exchange.whole === undefined ? 'a single evaluated row' : 'a number of rows of their own';
    warnings.push(
      `Of the ${names.length} blocks of "${name}", ${alone.length} ${alone.length === 1 ? 'has' : 'have'} ${size} (${listed(alone)}): no shuffle moves their scores, which brings the gap nearer to 0.`,
    );
  }
  if (names.length < FEW_BLOCKS) {
    warnings.push(
      `There are only ${names.length} blocks of "${name}": the interval of the gap draws whole blocks, and from fewer than ${FEW_BLOCKS} it is rough and rather too narrow.`,
    );
  }
  return { ...exchange, warnings };
}

/** Names of the blocks that have nothing to change places with, because of their size. */
function aloneIn({ within, whole }: Omit<Examples, 'labels'>, { of, names }: Blocks): string[] {
  if (within === undefined && whole === undefined) return [];
  // Rows change places within blocks, and blocks with others of their size.
  const { among, members } = exchangeUnits(of.length, whole === undefined ? { within: of } : { whole });
  return Array.from({ length: among.starts.length - 1 }, (_, group) => group)
    .filter((group) => among.starts[group + 1] - among.starts[group] === 1)
    .map((group) => names[of[members.rows[members.starts[among.rows[among.starts[group]]]]]]);
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}
