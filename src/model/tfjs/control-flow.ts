import type { PlanNode } from '../cut/plan-graph.ts';

/** How much deeper in branches and loops a node's results lie than what it reads. */
const STEPS = new Map([
  ['/Switch/', 1],
  ['/Merge/', -1],
  ['/Enter/', 1],
  // Out of the loop that Enter began, and of the branch that decides whether it goes on.
  ['/Exit/', -2],
]);
const BACK = '/NextIteration/';

/** Operators whose results are no numbers: the library keeps the list or table, and hands on where it is. */
const HANDLES = new Set(
  [
    ...[
      'TensorArrayV3',
      'TensorArrayWriteV3',
      'TensorArrayScatterV3',
      'TensorArraySplitV3',
      'EmptyTensorList',
    ],
    ...[
      'TensorListReserve',
      'TensorListFromTensor',
      'TensorListSetItem',
      'TensorListScatter',
      'TensorListScatterV2',
    ],
    ...[
      'TensorListSplit',
      'TensorListPushBack',
      'TensorListPopBack',
      'TensorListResize',
      'TensorListConcatLists',
    ],
    ...['HashTable', 'HashTableV2'],
  ].map((type) => `/${type}/`),
);

/**
 * Tensors of a GraphModel that cannot be fed or fetched, and why: inside a branch or a loop they may have no value, or
 * many.
 */
export function boundTensors(nodes: readonly PlanNode[]): Map<string, string> {
  const bound = new Map<string, string>();
  const depths = nodes.some(({ operator }) => STEPS.has(operator))
    ? depthsOf(nodes)
    : new Map<PlanNode, number>();
  for (const node of nodes) {
    const isInside = (depths.get(node) ?? 0) > 0;
    const why = isInside ? 'it lies inside a branch or a loop' : 'it holds a list or a table and no numbers';
    if (isInside || HANDLES.has(node.operator)) node.writes.forEach((name) => bound.set(name, why));
  }
  return bound;
}

/** How deep in branches and loops each node lies. What is never reached from the beginning counts as deep inside. */
function depthsOf(nodes: readonly PlanNode[]): Map<PlanNode, number> {
  const writer = new Map(nodes.flatMap((node) => node.writes.map((name) => [name, node])));
  const before = (node: PlanNode): PlanNode[] =>
    node.reads.flatMap((name) => writer.get(name) ?? []).filter(({ operator }) => operator !== BACK);
  const after = new Map<PlanNode, PlanNode[]>(nodes.map((node) => [node, []]));
  const missing = new Map<PlanNode, number>();
  for (const node of nodes) {
    const sources = before(node);
    missing.set(node, sources.length);
    for (const source of sources) after.get(source)!.push(node);
  }
  const depths = new Map<PlanNode, number>(nodes.map((node) => [node, Infinity]));
  const ready = nodes.filter((node) => missing.get(node) === 0);
  for (const node of ready) {
    const deepest = before(node).reduce((depth, source) => Math.max(depth, depths.get(source)!), 0);
    depths.set(node, deepest + stepOf(node, writer));
    for (const next of after.get(node)!) {
      missing.set(next, missing.get(next)! - 1);
      if (missing.get(next) === 0) ready.push(next);
    }
  }
  return depths;
}

function stepOf({ operator, reads }: PlanNode, writer: ReadonlyMap<string, PlanNode>): number {
  // Where a loop begins again nothing has ended.
  const isLoop = operator === '/Merge/' && reads.some((name) => writer.get(name)?.operator === BACK);
  return isLoop ? 0 : (STEPS.get(operator) ?? 0);
}
