import { describe, expect, it } from 'vitest';

import { inputHelp, INPUTS } from '../../src/config/inputs.ts';
import { parseInput } from '../../src/config/parse-input.ts';
import { knownKeys } from '../../src/config/known-keys.ts';

describe('INPUTS', () => {
  it('each sets a key that the schema has', () => {
    for (const { path } of INPUTS) {
      expect(knownKeys(['gates', 0, ...path.slice(0, -1)])).toContain(path.at(-1));
    }
  });

  it('each has a name of its own', () => {
    expect(new Set(INPUTS.map(({ name }) => name)).size).toBe(INPUTS.length);
  });

  it("help has the schema's values and default", () => {
    const help = (name: string): string => inputHelp(INPUTS.find((input) => input.name === name)!);
    expect(help('metric')).toContain(' One of: accuracy, balanced-accuracy, macro-f1, ');
    expect(help('metric')).toContain(' Default: accuracy; ');
    expect(help('threshold')).toContain(' Default: 0.01.');
    expect(help('model')).not.toContain('Default');
  });
});

describe('parseInput', () => {
  const number = INPUTS.find(({ name }) => name === 'threshold')!;

  it.each([
    ['0.01', 0.01],
    [' .5 ', 0.5],
    ['5.', 5],
    ['-1e-3', -0.001],
    ['+2', 2],
  ])('%j is a number', (text, value) => {
    expect(parseInput(number, text, '--threshold')).toBe(value);
  });

  it.each(['0x10', '1_000', '1,5', '1 2', 'NaN', 'Infinity', '1e', '.', '--1', '0b1'])(
    '%j is none',
    (text) => {
      expect(() => parseInput(number, text, '--threshold')).toThrow(
        `--threshold must be a number, but is ${JSON.stringify(text)}.`,
      );
    },
  );
});
