import { describe, expect, it } from 'vitest';

import { parseYaml } from '../../src/config/parse-yaml.ts';

const parse = (text: string): unknown => parseYaml(text, 'f.yml');

describe('plain YAML 1.2', () => {
  it.each([
    ['a: 1\r\nb: [x, 2.5, true, null]\r\n', { a: 1, b: ['x', 2.5, true, null] }],
    ['\uFEFFa: 1', { a: 1 }],
    ['a: yes\nb: 0o10\nc: 0x10', { a: 'yes', b: 8, c: 16 }],
    ['a: !!str 1\nb: !!int 2', { a: '1', b: 2 }],
    ['a: &x { k: 1 }\nb: *x', { a: { k: 1 }, b: { k: 1 } }],
    ['a: |\n  [[\n  {{\nb: "[["\n# [[[[\n', { a: '[[\n{{\n', b: '[[' }],
    ['"a b": 1', { 'a b': 1 }],
    ['', null],
  ])('%j', (text, value) => {
    expect(parse(text)).toEqual(value);
  });

  it('has no merge keys: what looks like one is a key like any other', () => {
    expect(parse('a: &x { k: 1 }\nb: { <<: *x }')).toEqual({ a: { k: 1 }, b: { '<<': { k: 1 } } });
  });
});

describe('limits', () => {
  it('fifty levels and a hundred aliases pass, one more does not', () => {
    const levels = (count: number): string => `${'['.repeat(count)}${']'.repeat(count)}`;
    expect(() => parse(levels(50))).not.toThrow();
    expect(() => parse(levels(51))).toThrow('f.yml:1:51: The file nests more than 50 deep here.');
    const aliases = (count: number): string => `a: &a 1\nb: [${Array(count).fill('*a').join(', ')}]`;
    expect(() => parse(aliases(100))).not.toThrow();
    expect(() => parse(aliases(101))).toThrow('At most 100 aliases');
  });

  it('an alias counts as all that it stands for', () => {
    const list = (entry: string, count: number): string => `[${Array(count).fill(entry).join(', ')}]`;
    const text = (rest: number): string =>
      `a: &a ${list('x', 98)}\nb: ${list('*a', 99)}\nc: ${list('x', rest)}`;
    // The mapping, a of 1 + 98, b of 1 + 99 * 99, c of 1 + rest: 20,000 in all at rest = 10,097.
    expect(() => parse(text(10_097))).not.toThrow();
    expect(() => parse(text(10_098))).toThrow('f.yml holds more than 20000 values');
  });

  it('says where, also behind a byte order mark, a comment and quoted brackets', () => {
    expect(() => parse(`\uFEFF# [[[\na: "]]]"\nb: ${'['.repeat(60)}`)).toThrow('f.yml:3:54: The file nests');
  });

  it('a repeated key is found whatever its quotes', () => {
    expect(() => parse('a: 1\n"a": 2')).toThrow(
      'f.yml:2:1: The key "a" appears twice in one mapping. Keep one.',
    );
  });
});
