import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';

import { VERDICTS } from '../../src/diagnostic/diagnosis.ts';
import { LEAKAGE_CHECKS } from '../../src/diagnostic/leakage/finding.ts';
import { reportSchema } from '../../src/report/report-schema.ts';

const method = readFileSync(new URL('../../docs/method.md', import.meta.url), 'utf8');

/** Names in code, part by part, of each section. */
const sections = method
  .split(/^## /m)
  .map((text) => [...text.matchAll(/`([\w.-]+)`/g)].map(([, name]) => name.split('.')));

interface Node {
  readonly properties?: Readonly<Record<string, Node>>;
  readonly items?: Node;
  readonly anyOf?: readonly Node[];
  readonly additionalProperties?: Node | boolean;
}

/** Every key of an object of the report, as the keys that lead to it. */
function keysIn(node: Node, path: readonly string[] = []): string[][] {
  const { properties = {}, items, anyOf = [], additionalProperties } = node;
  const own = Object.entries(properties).flatMap(([key, value]) => [
    [...path, key],
    ...keysIn(value, [...path, key]),
  ]);
  const inside = [
    items,
    ...anyOf,
    typeof additionalProperties === 'object' ? additionalProperties : undefined,
  ];
  return [...own, ...inside.flatMap((part) => (part ? keysIn(part, path) : []))];
}

/** A key is explained in a section that names what it is in, and itself. */
function isExplained(path: readonly string[]): boolean {
  const [first, last] = [path[0], path[path.length - 1]];
  return sections.some(
    (names) => names.some((name) => name[0] === first) && names.some((name) => name.at(-1) === last),
  );
}

const report = z.toJSONSchema(reportSchema) as Node;
const ofGates = keysIn(report.properties!.gates.items!);

describe('docs/method.md', () => {
  it('is held against all keys of the report', () => {
    const paths = ofGates.map((path) => path.join('.'));
    const some = [
      'gap.method',
      'controls.corruption.doseResponse.auroc',
      'perModality.p',
      'metrics.gap.lower',
    ];
    expect(paths).toEqual(expect.arrayContaining(some));
  });

  it.each(Object.keys(report.properties!))('names %s of the file', (key) => {
    expect(isExplained([key])).toBe(true);
  });

  it('explains every key of a gate', () => {
    expect(ofGates.filter((path) => !isExplained(path)).map((path) => path.join('.'))).toEqual([]);
  });

  it.each([['nothing'], ['gap', 'nothing'], ['nothing', 'value']])('would miss %s %s', (...path) => {
    expect(isExplained(path)).toBe(false);
  });

  it.each([...VERDICTS, ...LEAKAGE_CHECKS])('explains %s', (word) => {
    expect(method).toContain(`\`${word}\``);
  });
});
