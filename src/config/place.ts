/** Where a value stands in the config: keys and list positions from the top. */
export type Path = readonly PropertyKey[];

/** A place as the user wrote it: `fusion-gate.yml: gates[0].threshold`, or `--threshold`. */
export type Locate = (path: Path) => string;

/** `gates[0].modalities["left ear"].reliability` */
export function pathText(path: Path): string {
  return path.map(String).reduce((text, key, i) => {
    if (typeof path[i] === 'number') return `${text}[${key}]`;
    if (!/^[\w-]+$/.test(key)) return `${text}[${JSON.stringify(key)}]`;
    return text === '' ? key : `${text}.${key}`;
  }, '');
}

/** A mapping as YAML has it: keys are text, values anything. */
export type Mapping = Readonly<Record<string, unknown>>;

export function isMapping(value: unknown): value is Mapping {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The value at a place, or undefined when there is none. Inherited properties are no values. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    root,
  );
}

/**
 * A mapping with another value at a place; mappings on the way are made. Where something else than a mapping stands on
 * the way nothing changes: the schema has the sentence for that.
 */
export function withValue(mapping: Mapping, [key, ...rest]: readonly string[], value: unknown): Mapping {
  if (rest.length === 0) return { ...mapping, [key]: value };
  const inner = mapping[key] ?? {};
  return isMapping(inner) ? { ...mapping, [key]: withValue(inner, rest, value) } : mapping;
}
