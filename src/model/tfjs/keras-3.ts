import type { io } from '@tensorflow/tfjs-core';

import { ConfigurationError } from '../../foundation/errors.ts';

type Fields = Readonly<Record<string, unknown>>;
/** Which call of which layer made a tensor, and which of its outputs it is. */
type History = readonly [layer: string, call: number, output: number];

const TENSOR = '__keras_tensor__';

/**
 * A LayersModel that Keras 3 wrote, as Keras 2 would have written it: TensorFlow.js reads no other form.
 *
 * Calls of layers are lists again, shapes and dtypes go by their old names, and a model inside the model counts, as a call,
 * the one that made it.
 *
 * @param path the model as the user wrote it
 * @throws ConfigurationError when a layer is given tensors by keyword, which TensorFlow.js has no way to say
 */
export function asKeras2(artifacts: io.ModelArtifacts, path: string): io.ModelArtifacts {
  const { keras_version: version } = artifacts.modelTopology as Fields;
  if (typeof version !== 'string' || !version.startsWith('3.')) return artifacts;
  const nested = new Set<string>();
  const modelTopology = translated(artifacts.modelTopology, nested, path) as Record<string, unknown>;
  const weightSpecs = artifacts.weightSpecs?.map((spec) => ({
    ...spec,
    name: weightName(spec.name, nested),
  }));
  return { ...artifacts, modelTopology, weightSpecs };
}

function translated(value: unknown, nested: Set<string>, path: string): unknown {
  if (Array.isArray(value)) return value.map((item) => translated(item, nested, path));
  if (!isFields(value)) return value;
  const { class_name: kind, config, layers } = value;
  if (kind === 'DTypePolicy' && isFields(config)) return config.name;
  if (Array.isArray(layers)) return container(value, layers, nested, path);
  const fields = Object.entries(value).map(([key, item]) => [key, translated(item, nested, path)] as const);
  return Object.fromEntries(
    fields.map(([key, item]) => [key === 'batch_shape' ? 'batch_input_shape' : key, item]),
  );
}

/** The config of a model, its calls included. */
function container(config: Fields, layers: readonly unknown[], nested: Set<string>, path: string): Fields {
  const models = new Set(
    layers
      .filter(isFields)
      .filter(isModel)
      .map(({ name }) => name),
  );
  for (const name of models) if (typeof name === 'string') nested.add(name);
  const counted = ([layer, call, output]: History): unknown => [
    layer,
    call + (models.has(layer) ? 1 : 0),
    output,
    {},
  ];
  const calls = (layer: unknown): unknown => {
    if (!isFields(layer) || !Array.isArray(layer.inbound_nodes)) return layer;
    const nodes = layer.inbound_nodes.map((node: unknown) =>
      isFields(node) ? callOf(node, layer, path).map(counted) : node,
    );
    return { ...layer, inbound_nodes: nodes };
  };
  const ends = (value: unknown): unknown => historiesIn(value).map(counted);
  const { input_layers: inputs, output_layers: outputs } = config;
  return {
    ...config,
    layers: translated(layers.map(calls), nested, path),
    ...(inputs === undefined ? {} : { input_layers: ends(inputs) }),
    ...(outputs === undefined ? {} : { output_layers: ends(outputs) }),
  };
}

function callOf({ args, kwargs }: Fields, { name }: Fields, path: string): History[] {
  const keyword = Object.entries(isFields(kwargs) ? kwargs : {}).find(
    ([, value]) => tensorsIn(value).length > 0,
  )?.[0];
  if (keyword === undefined) return tensorsIn(args);
  throw new ConfigurationError(
    `The layer "${String(name)}" of the model "${path}" is given a tensor by keyword (${keyword}), which TensorFlow.js cannot do. Convert the model as a graph: tensorflowjs_converter --output_format=tfjs_graph_model.`,
  );
}

/** The tensors in the arguments of a call, in their order. */
function tensorsIn(value: unknown): History[] {
  if (Array.isArray(value)) return value.flatMap(tensorsIn);
  if (!isFields(value)) return [];
  const { class_name: kind, config } = value;
  if (kind === TENSOR && isFields(config)) return historiesIn(config.keras_history);
  return Object.values(value).flatMap(tensorsIn);
}

/** One tensor, a list of them, or a dictionary. */
function historiesIn(value: unknown): History[] {
  if (isHistory(value)) return [value];
  return Object.values(Object(value) as Fields).flatMap((item) =>
    typeof item === 'object' ? historiesIn(item) : [],
  );
}

/** Weights of a Sequential inside the model carry its name before their layer's. */
function weightName(name: string, nested: ReadonlySet<string>): string {
  const [first, ...rest] = name.split('/');
  return rest.length > 1 && nested.has(first) ? weightName(rest.join('/'), nested) : name;
}

function isModel({ config }: Fields): boolean {
  return isFields(config) && Array.isArray(config.layers);
}

function isHistory(value: unknown): value is History {
  return Array.isArray(value) && typeof value[0] === 'string' && typeof value[1] === 'number';
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
