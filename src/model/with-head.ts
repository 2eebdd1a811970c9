import type { CutModel, CutWish, Feed, Fetched, LoadedModel, TensorInfo } from './loaded-model.ts';

/** Largest difference, relative to the largest output, between a head of its own and one inside the model. */
const TOLERANCE = 1e-6;

/**
 * Two models as one: the head takes what the first one gives, by the names of the tensors, and inputs of its own. It comes
 * cut: a replay runs the head alone.
 */
export function withHead(first: LoadedModel, head: LoadedModel): LoadedModel {
  const given = names(first.outputs);
  const own = head.inputs.filter(({ name }) => !given.includes(name));
  const taken = names(first.inputs);
  const model: LoadedModel = {
    engine: engineOf(first, head),
    inputs: [...first.inputs, ...own.filter(({ name }) => !taken.includes(name))],
    outputs: [...first.outputs, ...head.outputs.filter(({ name }) => !given.includes(name))],
    ...bounds(first, head),
    run: (feeds, fetch) => runBoth(first, head, feeds, fetch),
    close: async () => {
      await Promise.all([first.close(), head.close()]);
    },
  };
  return { ...model, cut: (wish) => Promise.resolve(cutAtHead(model, first, head, wish)) };
}

/** Runs of the two models only what is needed for what is asked. An output that both give is the first one's. */
async function runBoth(
  first: LoadedModel,
  head: LoadedModel,
  feeds: Readonly<Record<string, Feed>>,
  fetch: readonly string[],
): Promise<Record<string, Fetched>> {
  const given = names(first.outputs);
  const late = fetch.filter((name) => !given.includes(name));
  const handed = late.length === 0 ? [] : names(head.inputs).filter((name) => given.includes(name));
  const early = [...new Set([...fetch.filter((name) => given.includes(name)), ...handed])];
  const found = await first.run(pick(feeds, names(first.inputs)), early);
  if (late.length === 0) return found;
  return { ...found, ...(await head.run(pick({ ...feeds, ...found }, names(head.inputs)), late)) };
}

/** The head is the suffix as it is. Where the first model gives the fused output too, it is that which the head must equal. */
function cutAtHead(
  model: LoadedModel,
  first: LoadedModel,
  head: LoadedModel,
  { output, kept }: CutWish,
): CutModel {
  const needed = names(head.inputs).filter((name) => names(first.outputs).includes(name));
  const traced = new Set([output, ...kept, ...needed]);
  return {
    whole: model,
    traced: { ...model, outputs: model.outputs.filter(({ name }) => traced.has(name)) },
    suffix: head,
    tolerance: Math.max(TOLERANCE, model.tolerance ?? 0),
  };
}

function engineOf(first: LoadedModel, head: LoadedModel): string {
  return first.engine === head.engine ? first.engine : `${first.engine}, head: ${head.engine}`;
}

/** What both can bear. */
function bounds(
  first: LoadedModel,
  head: LoadedModel,
): Pick<LoadedModel, 'concurrency' | 'passBytes' | 'tolerance'> {
  return {
    concurrency: Math.min(first.concurrency ?? 1, head.concurrency ?? 1),
    passBytes: Math.min(first.passBytes ?? Infinity, head.passBytes ?? Infinity),
    tolerance: Math.max(first.tolerance ?? 0, head.tolerance ?? 0),
  };
}

function pick<T>(values: Readonly<Record<string, T>>, wanted: readonly string[]): Record<string, T> {
  return Object.fromEntries(wanted.map((name) => [name, values[name]]));
}

function names(tensors: readonly TensorInfo[]): string[] {
  return tensors.map(({ name }) => name);
}
