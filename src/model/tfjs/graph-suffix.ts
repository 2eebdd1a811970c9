import type { io } from '@tensorflow/tfjs-core';

import type { CutPlan } from '../cut/plan-cut.ts';
import {
  type GraphNode,
  type NodeGraph,
  sourcesOf,
  type WrittenGraph,
  type WrittenNode,
} from './graph-nodes.ts';
import { byteLength, type StoredWeight } from './weight-files.ts';

/** The part of a GraphModel behind the scores as a GraphModel of its own, with an input for every tensor that it is fed. */
export function suffixArtifacts(
  graph: NodeGraph,
  { suffix, fed, output }: CutPlan<GraphNode>,
  artifacts: io.ModelArtifacts,
): io.ModelArtifacts & { readonly modelTopology: WrittenGraph } {
  const topology = artifacts.modelTopology as WrittenGraph;
  const written = topology.node ?? [];
  const prefix = freePrefix(written);
  const places = new Map(fed.map((name, i) => [name, `${prefix}${i}`]));
  const reads = new Set([...suffix].flatMap((node) => node.reads));
  const inputs = new Map([...graph.inputs].filter(([name]) => reads.has(name)));
  const weights = new Set(
    [...graph.initializers].filter(([name]) => reads.has(name)).map(([, node]) => node),
  );
  const isCalling = callsFunctions(suffix);
  const others = new Set(written.map(({ name }) => name).filter((name) => !weights.has(name)));
  const kept = new Set([...inputs.values(), ...weights].map((source) => source.split(':')[0]));
  const nodes = [
    ...[...places.values()].map((name): WrittenNode => ({ name, op: 'Placeholder', attr: {} })),
    ...written.filter(({ name }) => kept.has(name)).map((node) => ({ ...node, input: [] })),
    ...[...suffix].map(({ written: node }) => ({
      ...node,
      input: sourcesOf(node).map((source) => places.get(graph.nameOf(source)) ?? source),
    })),
  ];
  return {
    format: 'graph-model',
    modelTopology: { ...topology, node: nodes, library: isCalling ? topology.library : undefined },
    signature: {
      inputs: entries([...places, ...inputs]),
      outputs: entries([[output, graph.sourceOf(output)]]),
    },
    // Functions have weights too, whose names are no nodes of the graph.
    ...takeWeights(artifacts, (name) => weights.has(name) || (isCalling && !others.has(name))),
  };
}

/** Functions that nobody calls would still have the library warn of every run, if there is a loop in one. */
function callsFunctions(suffix: ReadonlySet<GraphNode>): boolean {
  return [...suffix].some(({ written: { attr = {} } }) =>
    Object.values(attr).some((it) => it?.func !== undefined),
  );
}

function freePrefix(written: readonly WrittenNode[]): string {
  let prefix = 'fed_';
  while (written.some(({ name }) => name.startsWith(prefix))) prefix += '_';
  return prefix;
}

function entries(named: readonly (readonly [name: string, source: string])[]) {
  return Object.fromEntries(named.map(([name, source]) => [name, { name: source }]));
}

/** These weights and no more: what runs for every shuffle holds a second copy of them. */
function takeWeights(
  { weightSpecs = [], weightData }: io.ModelArtifacts,
  isTaken: (name: string) => boolean,
): Required<Pick<io.ModelArtifacts, 'weightSpecs' | 'weightData'>> {
  let at = 0;
  const taken: Uint8Array[] = [];
  for (const spec of weightSpecs) {
    // The file was read as such; the library's own type knows fewer dtypes.
    const size = byteLength(spec as StoredWeight);
    if (isTaken(spec.name)) taken.push(new Uint8Array(weightData as ArrayBuffer, at, size));
    at += size;
  }
  const data = Uint8Array.from(Buffer.concat(taken));
  return { weightSpecs: weightSpecs.filter(({ name }) => isTaken(name)), weightData: data.buffer };
}
