import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';

import type { RunReport } from '../../src/report/gate-report.ts';
import { renderJson } from '../../src/report/json.ts';
import { reportSchema } from '../../src/report/report-schema.ts';
import { banked, decorative, hostile, inconclusive, invalid, qualityAware, runOf } from './fixtures.ts';

type Mutable<T> = T extends object ? { -readonly [K in keyof T]: Mutable<T[K]> } : T;

const everything = runOf(qualityAware, decorative, inconclusive, invalid, banked, ...hostile);

it('has a schema that says what the TypeScript types say (checked by tsc, both ways)', () => {
  expectTypeOf<z.output<typeof reportSchema>>().toEqualTypeOf<Mutable<RunReport>>();
});

describe('renderJson', () => {
  it('loses nothing', () => {
    expect(JSON.parse(renderJson(everything))).toEqual(everything);
  });

  it('is stable: the order of the keys is that of the issue, whatever the order of the object', () => {
    const text = renderJson(runOf(decorative));
    expect(renderJson(reversed(runOf(decorative)))).toBe(text);
    const report = JSON.parse(text) as RunReport;
    expect(Object.keys(report)).toEqual(['version', 'tool', 'conclusion', 'gates']);
    expect(Object.keys(report.gates[0]).slice(0, 21).join(' ')).toBe(
      'name conclusion verdict reason advice metric threshold alpha model evaluationSet clean uniform broken gap p ' +
        'flipRate experts headroom competitiveness alignment perModality',
    );
    expect(text.startsWith('{\n  "version": 1,\n') && text.endsWith('}\n')).toBe(true);
  });

  it.each([NaN, Infinity])('refuses %d as a bug, and says where', (value) => {
    const broken = runOf({ ...decorative, flipRate: { mean: value, max: 1 } });
    expect(() => renderJson(broken)).toThrow(/does not fit its own schema: gates\.0\.flipRate\.mean/);
  });
});

describe('the JSON Schema', () => {
  const schema = z.toJSONSchema(reportSchema, { io: 'input' });

  it('accepts what is written, and additions to it', () => {
    const validate = new Ajv2020().compile(schema);
    const report = JSON.parse(renderJson(everything)) as RunReport;
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...report, added: 'later' })).toBe(true);
    expect(validate({ ...report, version: 2 })).toBe(false);
    expect(validate({ ...report, gates: [{ ...report.gates[0], gap: undefined }] })).toBe(false);
  });

  it('describes every field', () => {
    expect(undescribed(schema, 'report')).toEqual([]);
  });
});

interface Node {
  readonly description?: string;
  readonly properties?: Record<string, Node>;
  readonly items?: Node;
  readonly additionalProperties?: Node;
  readonly anyOf?: readonly Node[];
}

function undescribed(node: object, path: string): string[] {
  const { properties = {}, items, additionalProperties, anyOf = [] } = node as Node;
  const inside = [items, additionalProperties, ...anyOf].filter((child) => typeof child === 'object');
  return [
    ...Object.entries(properties).flatMap(([key, child]) => [
      ...(child.description === undefined ? [`${path}.${key}`] : []),
      ...undescribed(child, `${path}.${key}`),
    ]),
    ...inside.flatMap((child) => undescribed(child, path)),
  ];
}

/** The same value with the keys of its objects in reverse order; records are left alone, their order is the user's. */
function reversed<T>(value: T): T {
  const RECORDS = ['experts', 'alignment', 'perModality', 'scoreEffects', 'calibration'];
  if (Array.isArray(value)) return value.map(reversed) as T;
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(
    entries.map(([key, child]) => [
      key,
      RECORDS.includes(key) ? (child as unknown) : reversed<unknown>(child),
    ]),
  ) as T;
}
