import { expect, it } from 'vitest';

import { badgeJson, badgeSvg } from '../../src/history/badge.ts';
import { VERDICTS } from '../../src/diagnostic/diagnosis.ts';
import { decorativeRecord, sampleRecord } from './sample-record.ts';

it('is what shields.io reads, of the newest commit', () => {
  // https://shields.io/badges/endpoint-badge
  expect(JSON.parse(badgeJson([sampleRecord(0), decorativeRecord(1)]))).toEqual({
    schemaVersion: 1,
    label: 'reliability scores',
    message: 'decorative +0.0010',
    color: '#c81e1e',
  });
});

it('is drawn with the same words, for eyes and for screen readers', () => {
  const svg = badgeSvg([sampleRecord(0)]);

  expect(svg).toContain('aria-label="reliability scores: quality-aware +0.1000"');
  expect(svg).toContain('>quality-aware +0.1000</text>');
});

it.each(VERDICTS)('has room for %s, and names no number where none could be measured', (verdict) => {
  const svg = badgeSvg([sampleRecord(0, { verdict })]);
  const [, total] = /width="(\d+)"/.exec(svg)!;
  const [, message] = /aria-label="reliability scores: ([^"]+)"/.exec(svg)!;

  expect(message.includes('0.1')).toBe(verdict !== 'invalid');
  // Verdana has about 6.3 pixels a character at 11 pixels.
  expect(Number(total)).toBeGreaterThan(6 * (message.length + 'reliability scores'.length) + 20);
});
