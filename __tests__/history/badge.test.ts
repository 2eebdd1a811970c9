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
  const rooms = [...svg.matchAll(/textLength="(\d+)"/g)].map(([, room]) => Number(room));
  // Of Verdana's letters the narrow ones have 3 pixels and the wide ones 11, most 5 to 7.
  expect(rooms[1] / message.length).toBeGreaterThan(4.5);
  expect(rooms[1] / message.length).toBeLessThan(7.5);
  expect(Number(total)).toBeGreaterThan(rooms[0] + rooms[1]);
});
