import { describe, expect, it } from 'vitest';

import { COLOURS } from '../../../src/report/html/colours.ts';

/** Relative luminance as WCAG 2.2 defines it. */
function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5]
    .map((at) => Number.parseInt(hex.slice(at, at + 2), 16) / 255)
    .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(one: string, other: string): number {
  const [low, high] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const WORDS = ['ink', 'soft', 'clean', 'bound', 'second', 'good', 'bad', 'open'] as const;

describe.each([
  ['light', 0],
  ['dark', 1],
] as const)('%s', (_, theme) => {
  it.each(WORDS)('%s can be read: 4.5 to 1', (name) => {
    expect(contrast(COLOURS[name][theme], COLOURS.paper[theme])).toBeGreaterThanOrEqual(4.5);
  });

  it('lines over bars can be told from them: 3 to 1', () => {
    expect(contrast(COLOURS.clean[theme], COLOURS.bar[theme])).toBeGreaterThanOrEqual(3);
  });
});

it('measures contrast as WCAG does: black on white is 21', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 10);
});
