import type { Shard } from '../diagnostic/shard.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import type { RunReport } from '../report/gate-report.ts';
import type { MeasuredGate } from '../report/measured-gate.ts';
import { spell } from './shard-number.ts';
import { shardSchema } from './shard-schema.ts';
import { whatIsDamaged } from './shard-sizes.ts';

/** What `--shard` writes: the gates of one run, measured on a part of the draws and not judged. */
export interface ShardFile {
  readonly kind: 'fusion-gate-shard';
  readonly version: 1;
  readonly tool: RunReport['tool'];
  /** Identity of the comment on the merged report. */
  readonly name: string;
  readonly shard: Shard;
  readonly gates: readonly MeasuredGate[];
}

/** Characters of one file: the text is held as a whole while it is parsed. */
export const MAX_SHARD_LENGTH = 2 ** 28;

/**
 * One line of JSON: arrays of counts are long, and nobody compares them by eye.
 *
 * @throws ConfigurationError when there are more counts than a file may hold
 */
export function renderShard(file: ShardFile): string {
  const text = `${JSON.stringify(file, (_, value: unknown) => (isTyped(value) ? [...value] : value))}\n`;
  if (text.length <= MAX_SHARD_LENGTH) return text;
  throw new ConfigurationError(
    `The measurements of shard ${spell(file.shard)} take ${text.length} characters; at most ${MAX_SHARD_LENGTH} can be merged. Divide the shuffles among more shards, or run fewer gates at a time.`,
  );
}

/**
 * Reads what `renderShard` wrote, or what a stranger put in its place.
 *
 * @param path how errors call the file
 * @throws ConfigurationError when it is no such file, or its numbers contradict each other
 */
export function parseShard(text: string, path: string): ShardFile {
  const json = parseJson(text, path);
  if (isReport(json)) {
    throw new ConfigurationError(
      `"${path}" is the report of a whole run; only what "--shard" (in a workflow "with: shard") wrote can be merged.`,
    );
  }
  const parsed = shardSchema.safeParse(json);
  if (!parsed.success) {
    const [{ path: place, message }] = parsed.error.issues;
    const where = place.length === 0 ? '' : ` (${place.join('.')})`;
    throw new ConfigurationError(`"${path}" is no shard of a fusion-gate run${where}: ${message}.`);
  }
  for (const gate of parsed.data.gates) {
    const { presence } = gate.evaluationSet;
    const damage = whatIsDamaged(gate.measurements, parsed.data.shard, gate.plan, presence?.modalities);
    if (damage === undefined) continue;
    throw new ConfigurationError(
      `"${path}" is damaged: ${damage} of gate "${gate.name}" cannot be. Measure shard ${spell(parsed.data.shard)} again.`,
    );
  }
  return parsed.data;
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new ConfigurationError(
      `"${path}" is not JSON. Merge the files that "--shard" (in a workflow "with: shard") wrote.`,
    );
  }
}

function isReport(json: unknown): boolean {
  return typeof json === 'object' && json !== null && Object.hasOwn(json, 'conclusion');
}

function isTyped(value: unknown): value is Iterable<number> {
  return ArrayBuffer.isView(value);
}
