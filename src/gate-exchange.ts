import type { GateConfig } from './config/gate-config.ts';
import { uniformScores } from './diagnostic/broken-scores.ts';
import type { Structure } from './diagnostic/examples.ts';
import { crossed } from './diagnostic/exchange.ts';
import { aloneRows } from './diagnostic/exchange-facts.ts';
import { neighbourGroups } from './diagnostic/neighbours.ts';
import { isPartial } from './diagnostic/presence.ts';
import { predictOne } from './diagnostic/predict.ts';
import { type Blocks, readBlocks } from './evaluation-set/blocks.ts';
import type { EvaluatedRows } from './evaluation-set/evaluated-rows.ts';
import { readNumbers } from './evaluation-set/numbers.ts';
import { ConfigurationError } from './foundation/errors.ts';
import type { FrozenFusion } from './model/frozen-fusion.ts';

/** Which scores of a gate may change places, and which of its examples hang together. */
export interface GateExchange extends Structure {
  /** What the user should know of it. */
  readonly warnings: readonly string[];
}

/**
 * No group may depend on which row a score belongs to, as a shuffle would change it then and the shuffles would no longer be
 * as likely as the scores given. So the predicted class is that of equal scores: among rows for which Clean-Q
 * predicts one class, the scores already hang together with the evidence, whatever they are.
 *
 * @param ofFolds what folds say of the examples; shuffles stay within them too
 * @throws ConfigurationError where a column that it takes is missing or has a value that it cannot be
 */
export async function exchangeOf(
  gate: GateConfig,
  data: EvaluatedRows,
  fusion: FrozenFusion,
  ofFolds: Structure = {},
): Promise<GateExchange> {
  const { columns, permutations } = gate;
  const blocks = columns.block === undefined ? undefined : await blocksOf(columns.block, data, ofFolds);
  const clusters = blocks?.of ?? ofFolds.clusters;
  const groups = await groupsOf(gate, data, fusion, ofFolds, blocks);
  const exchange = {
    ...ofFolds,
    ...(groups.length > 0 && {
      within: crossed(groups.map(({ of }) => of)),
      withinWhat: groups.map(({ what }) => what),
    }),
    ...(permutations.move === 'blocks' && { whole: blocks!.of }),
    ...(clusters && { clusters }),
  };
  return { ...exchange, warnings: warningsOf(exchange, gate, blocks, fusion) };
}

/** Rows of one example, which come again in several folds, belong to one block. */
async function blocksOf(name: string, data: EvaluatedRows, { clusters }: Structure): Promise<Blocks> {
  const blocks = readBlocks(await data.read(name), data.nameRow);
  const first = new Map<number, number>();
  clusters?.forEach((example, i) => {
    const before = first.get(example) ?? i;
    first.set(example, before);
    if (blocks.of[before] === blocks.of[i]) return;
    throw new ConfigurationError(
      `The block column "${name}" has different blocks for one example, in ${data.nameRow(before)} and in ${data.nameRow(i)}. An example that comes again needs the same block in every fold.`,
    );
  });
  return blocks;
}

/** What shuffles stay within, the outermost first. */
async function groupsOf(
  { columns, permutations, uniformScore }: GateConfig,
  data: EvaluatedRows,
  fusion: FrozenFusion,
  { folds, within: ofFolds }: Structure,
  blocks: Blocks | undefined,
): Promise<Grouping[]> {
  const { within = 'block', move } = permutations;
  const groups: Grouping[] = [];
  if (ofFolds) groups.push({ what: 'fold', of: ofFolds });
  if (move === 'blocks') return groups;
  if (blocks && within !== 'all') groups.push({ what: `block "${columns.block}"`, of: blocks.of });
  if (within === 'predicted-class') {
    const equal = uniformScores(fusion.reliability, uniformScore, folds);
    const { classes } = await predictOne(fusion, [], equal);
    groups.push({ what: 'predicted class', of: classes.slice() });
  }
  if (typeof within === 'object') groups.push(await matchedRows(within, data, groups));
  return groups;
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

function warningsOf(
  exchange: Structure,
  { columns, permutations }: GateConfig,
  blocks: Blocks | undefined,
  fusion: FrozenFusion,
): string[] {
  // What changes places in a bank is its own affair.
  const alone =
    permutations.bank === undefined
      ? whatIsAlone({ ...exchange, scheme: permutations.scheme }, columns.block, blocks, fusion)
      : [];
  if (blocks === undefined || blocks.names.length >= FEW_BLOCKS) return alone;
  return [
    ...alone,
    `There are only ${blocks.names.length} blocks of "${columns.block}": the interval of the gap draws whole blocks, and from fewer than ${FEW_BLOCKS} it is rough and rather too narrow.`,
  ];
}

/** Blocks by name, and how many further rows, that no shuffle moves. */
function whatIsAlone(
  exchange: Structure & { readonly scheme: 'independent' | 'joint' },
  column: string | undefined,
  blocks: Blocks | undefined,
  { reliability, rows }: FrozenFusion,
): string[] {
  const isPlain = exchange.within === undefined && exchange.whole === undefined;
  const isAbsentSomewhere = isPartial(reliability);
  const alone = isPlain && !isAbsentSomewhere ? [] : aloneRows(reliability, rows, exchange);
  const isWhole = exchange.whole !== undefined;
  const rowsIn = countsOf(blocks?.of ?? new Int32Array());
  const named = blocks ? alone.filter((row) => isWhole || rowsIn.get(blocks.of[row]) === 1) : [];
  const names = [...new Set(named.map((row) => blocks!.names[blocks!.of[row]]))];
  const others = alone.length - named.length;
  const sentences: string[] = [];
  if (names.length > 0) {
    const patterned = isAbsentSomewhere ? ' or a pattern of presence' : '';
    const size = isWhole ? `a number of rows${patterned} of their own` : 'a single evaluated row';
    sentences.push(
      `Of the ${blocks!.names.length} blocks of "${column}", ${names.length} ${names.length === 1 ? 'has' : 'have'} ${size} (${listed(names)}): no shuffle moves their scores, which brings the gap nearer to 0.`,
    );
  }
  if (others > 0) {
    const are = others === 1 ? '1 row is alone in its' : `${others} rows are alone in their`;
    const what = isPlain ? 'pattern of presence' : exchange.withinWhat!.join(' and ');
    const among = isAbsentSomewhere && !isPlain ? ' among those on which the same is present' : '';
    sentences.push(
      `${are} ${what}${among}: no shuffle moves such a row's scores, which brings the gap nearer to 0.`,
    );
  }
  return sentences;
}

/** How often each number occurs. */
function countsOf(numbers: Int32Array): Map<number, number> {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return counts;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMES).join(', ');
  return names.length > MOST_NAMES ? `${shown} and ${names.length - MOST_NAMES} more` : shown;
}
