import { z } from 'zod';

import type { Path } from './place.ts';
import { configFile } from './schema.ts';

/** The part of a JSON Schema that says which keys stand where. */
interface SchemaNode {
  readonly description?: string;
  readonly default?: string | number | boolean | object;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | false;
  readonly items?: SchemaNode;
  readonly anyOf?: readonly SchemaNode[];
}

const ROOT = z.toJSONSchema(configFile, { io: 'input' }) as SchemaNode;

/** The keys that a mapping at this place may have; none where there can be no mapping. */
export function knownKeys(path: Path): string[] {
  return nodesAt(path).flatMap(({ properties }) => Object.keys(properties ?? {}));
}

/** What the schema says that a place is for, as the end of a sentence. */
export function describeKey(path: Path): string | undefined {
  return nodesAt(path)
    .map(({ description }) => description)
    .find((text) => text !== undefined);
}

/** ` One of: a, b.` and ` Default: a.`, as far as the schema has them. */
export function describeValues(path: Path): string {
  const nodes = nodesAt(path);
  const values = nodes.flatMap((node) => node.enum ?? []);
  const fallback = nodes.map((node) => node.default).find((value) => value !== undefined);
  return [
    values.length > 0 ? ` One of: ${values.join(', ')}.` : '',
    typeof fallback === 'object' || fallback === undefined ? '' : ` Default: ${String(fallback)}.`,
  ].join('');
}

function nodesAt(path: Path): SchemaNode[] {
  return path.reduce<SchemaNode[]>((nodes, key) => nodes.flatMap((node) => step(node, key)), branches(ROOT));
}

function step(node: SchemaNode, key: PropertyKey): SchemaNode[] {
  const named = Object.hasOwn(node.properties ?? {}, key) ? node.properties![String(key)] : undefined;
  const next = named ?? (typeof key === 'number' ? node.items : node.additionalProperties);
  return next === undefined || next === false ? [] : branches(next);
}

function branches(node: SchemaNode): SchemaNode[] {
  return [node, ...(node.anyOf ?? []).flatMap(branches)];
}
