import { ConfigurationError, enumerate } from '../foundation/errors.ts';
import type { Floats } from './decision.ts';
import type { ExpertOutputs, FrozenFusion, Reliability } from './frozen-fusion.ts';

/** A fold, and its frozen fusion. */
export interface FoldFusion {
  readonly name: string;
  readonly fusion: FrozenFusion;
}

/** A part of the stack, and where its rows are in it. */
interface Part {
  readonly fusion: FrozenFusion;
  readonly from: number;
  readonly until: number;
}

/**
 * Several frozen fusions as one, their rows one behind the other: each answers for its own. Evidence is exchanged within a
 * fold alone. What the engines of all of them hold is held at the same time.
 *
 * @throws ConfigurationError where they have other classes, outputs, modalities or scores
 */
export function stackFusions(folds: readonly FoldFusion[]): FrozenFusion {
  for (const fold of folds) refuseDifference(folds[0], fold);
  return stack(folds.map(({ fusion }) => fusion));
}

function stack(fusions: readonly FrozenFusion[]): FrozenFusion {
  const [first] = fusions;
  const parts: Part[] = [];
  for (const fusion of fusions) {
    const from = parts.at(-1)?.until ?? 0;
    parts.push({ fusion, from, until: from + fusion.rows });
  }
  const rows = parts.at(-1)!.until;
  const warnings = [...new Set(fusions.flatMap((fusion) => fusion.warnings ?? []))];
  return {
    rows,
    classes: first.classes,
    modalities: first.modalities,
    decision: first.decision,
    reliability: first.reliability.map(({ width }, m) => ({
      width,
      values: joined(fusions.map(({ reliability }) => reliability[m].values)) as Float64Array,
      ...presentOn(fusions, ({ reliability }) => reliability[m]),
    })),
    ...(fusions.every(({ experts }) => experts !== undefined) && { experts: expertsOf(fusions) }),
    engine: [...new Set(fusions.map(({ engine }) => engine))].join(', '),
    original: joined(fusions.map(({ original }) => original)),
    tolerance: Math.max(...fusions.map(({ tolerance }) => tolerance)),
    ...(warnings.length > 0 && { warnings }),
    replay: (scores) => replayAll(parts, scores),
    predict: (scores) => predictAll(parts, rows, scores),
    ...severalAtOnce(parts),
    withEvidence: async (modality, source) => {
      const exchanged: FrozenFusion[] = [];
      for (const { fusion, from, until } of parts) {
        const own = source.slice(from, until).map((row) => row - from);
        const other = await fusion.withEvidence(modality, own);
        if (other === undefined) return undefined;
        exchanged.push(other);
      }
      return stack(exchanged);
    },
    close: async () => {
      await Promise.all(fusions.map((fusion) => fusion.close()));
    },
  };
}

async function replayAll(parts: readonly Part[], scores: Reliability): Promise<Floats> {
  const outputs: Floats[] = [];
  for (const part of parts) outputs.push(await part.fusion.replay(scoresOf(part, scores)));
  return joined(outputs);
}

/** What a part predicts may be overwritten by its next call: it is copied at once. */
async function predictAll(parts: readonly Part[], rows: number, scores: Reliability): Promise<Int32Array> {
  const classes = new Int32Array(rows);
  for (const part of parts) classes.set(await part.fusion.predict(scoresOf(part, scores)), part.from);
  return classes;
}

/** As many sets of scores at a time as the part that takes fewest; none where one of them wants them one by one. */
function severalAtOnce(parts: readonly Part[]): Pick<FrozenFusion, 'stacked'> {
  const several = parts.flatMap(({ fusion: { stacked }, ...place }) =>
    stacked ? [{ stacked, ...place }] : [],
  );
  if (several.length < parts.length) return {};
  type Several = (typeof several)[number];
  const ofAll = async <T>(
    sets: readonly Reliability[],
    run: (part: Several, own: readonly Reliability[]) => Promise<readonly T[]>,
  ): Promise<T[][]> => {
    const found: (readonly T[])[] = [];
    for (const part of several) {
      found.push(
        await run(
          part,
          sets.map((scores) => scoresOf(part, scores)),
        ),
      );
    }
    return sets.map((_, i) => found.map((ofPart) => ofPart[i]));
  };
  return {
    stacked: {
      size: Math.min(...several.map(({ stacked }) => stacked.size)),
      replay: async (sets) => (await ofAll(sets, ({ stacked }, own) => stacked.replay(own))).map(joined),
      predict: async (sets) =>
        (await ofAll(sets, ({ stacked }, own) => stacked.predict(own))).map((classes) =>
          Int32Array.from(classes.flatMap((ofPart) => [...ofPart])),
        ),
    },
  };
}

function scoresOf({ from, until }: Pick<Part, 'from' | 'until'>, scores: Reliability): Reliability {
  return scores.map(({ width, values }) => ({ width, values: values.subarray(from * width, until * width) }));
}

/** Posteriors, or values, only where every fold has them. */
function expertsOf(fusions: readonly FrozenFusion[]): ExpertOutputs {
  return fusions[0].experts!.map((_, m) => {
    const ofFolds = fusions.map(({ experts }) => experts![m]);
    const posteriors = ofFolds.flatMap((expert) => expert.posteriors ?? []);
    const values = ofFolds.flatMap((expert) => expert.values ?? []);
    return {
      classes: Int32Array.from(ofFolds.flatMap(({ classes }) => [...classes])),
      ...(posteriors.length === ofFolds.length && { posteriors: joined(posteriors) as Float64Array }),
      ...presentOn(fusions, ({ experts }) => experts![m]),
      ...(values.length === ofFolds.length && { values: joined(values) as Float64Array }),
    };
  });
}

/** Of one modality, where it is absent on a row of any fold. */
function presentOn(
  fusions: readonly FrozenFusion[],
  of: (fusion: FrozenFusion) => { readonly present?: Uint8Array },
): { readonly present?: Uint8Array } {
  if (fusions.every((fusion) => of(fusion).present === undefined)) return {};
  const rows = fusions.flatMap((fusion) => [...(of(fusion).present ?? new Uint8Array(fusion.rows).fill(1))]);
  return { present: Uint8Array.from(rows) };
}

/** One behind the other; in 64 bits unless all are of 32. */
function joined(arrays: readonly Floats[]): Floats {
  const size = arrays.reduce((sum, { length }) => sum + length, 0);
  const isSingle = arrays.every((array) => array instanceof Float32Array);
  const result = isSingle ? new Float32Array(size) : new Float64Array(size);
  let at = 0;
  for (const array of arrays) {
    result.set(array, at);
    at += array.length;
  }
  return result;
}

/** What folds must have in common. */
const SAME: readonly (readonly [what: string, of: (fusion: FrozenFusion) => string])[] = [
  ['modalities', ({ modalities }) => enumerate(modalities)],
  ['classes', ({ classes }) => `${classes}`],
  ['numbers of fused output per row', ({ original, rows }) => `${original.length / rows}`],
  ['numbers per score', ({ reliability }) => reliability.map(({ width }) => width).join(', ')],
];

function refuseDifference(first: FoldFusion, fold: FoldFusion): void {
  const found = SAME.find(([, of]) => of(first.fusion) !== of(fold.fusion));
  if (found === undefined) return;
  const [what, of] = found;
  throw new ConfigurationError(
    `The model of ${fold.name} has other ${what} (${of(fold.fusion)}) than that of ${first.name} (${of(first.fusion)}). Folds of one gate must have the same; give them gates of their own.`,
  );
}
