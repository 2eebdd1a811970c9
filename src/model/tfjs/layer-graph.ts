import { ConfigurationError } from '../../foundation/errors.ts';

/** Models inside models. */
const MAX_DEPTH = 100;

/** A layer of a functional model. */
interface Layer {
  readonly name: string;
  /** Whether it has an output before it is called: inputs do, and models inside the model. */
  readonly isSource: boolean;
  /** The tensors that each call takes: which call of which layer made them. */
  readonly calls: readonly (readonly { readonly layer: string; readonly index: number }[])[];
}

/**
 * Refuses layers that wait for each other, or for one that never comes: the library would try for ever to connect them.
 *
 * @param topology of a LayersModel
 * @param path the model as the user wrote it
 */
export function refuseUnconnected(topology: unknown, path: string, depth = 0): void {
  if (typeof topology !== 'object' || topology === null || depth > MAX_DEPTH) return;
  for (const [key, value] of Object.entries(topology)) {
    if (key === 'layers' && Array.isArray(value)) connect(value.map(layerOf), path);
    refuseUnconnected(value, path, depth + 1);
  }
}

/** A layer as Keras writes it, `inbound_nodes: [[["layer", 0, 0, {}], ...], ...]`; the file may hold anything there. */
function layerOf(written: unknown): Layer {
  const { name, class_name: kind, config, inbound_nodes: nodes } = fieldsOf(written);
  return {
    name: typeof name === 'string' ? name : '',
    isSource: kind === 'InputLayer' || Array.isArray(fieldsOf(config).layers),
    calls: listOf(nodes).map((node) => listOf(node).map(tensorOf)),
  };
}

function tensorOf(written: unknown): Layer['calls'][number][number] {
  const [layer, index] = listOf(written);
  return { layer: typeof layer === 'string' ? layer : '?', index: Number(index) };
}

function fieldsOf(value: unknown): Readonly<Record<string, unknown>> {
  return Object(value) as Record<string, unknown>;
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function connect(layers: readonly Layer[], path: string): void {
  const made = new Map(layers.map(({ name, isSource }) => [name, isSource ? 1 : 0]));
  let waiting = layers
    .flatMap(({ name, calls }) => calls.map((tensors) => ({ name, tensors })))
    // A call of nothing makes nothing.
    .filter(({ tensors }) => tensors.length > 0);
  for (let before = Infinity; waiting.length < before;) {
    before = waiting.length;
    waiting = waiting.filter(({ name, tensors }) => {
      const isReady = tensors.every(({ layer, index }) => (made.get(layer) ?? 0) > index);
      if (isReady) made.set(name, made.get(name)! + 1);
      return !isReady;
    });
  }
  if (waiting.length === 0) return;
  const { name } = waiting[0];
  const missing = waiting.flatMap(({ tensors }) => tensors).find(({ layer }) => !made.has(layer));
  const why = missing === undefined ? 'they wait for each other' : `there is no layer "${missing.layer}"`;
  throw new ConfigurationError(
    `The model "${path}" has layers that cannot be connected, such as "${name}": ${why}. Convert or save it again.`,
  );
}
