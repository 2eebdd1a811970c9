import { describe, expect, it } from 'vitest';

import { renderTrend } from '../../src/history/sparkline.ts';
import { streakOf, trendsOf } from '../../src/history/trend.ts';
import { decorativeRecord, sampleRecord, shaOf } from './sample-record.ts';

const gapOf = (value: number) => ({
  gap: { value, lower: value - 0.02, upper: value + 0.02, confidence: 0.95 },
});

describe('streakOf', () => {
  it('goes back to the first commit of the newest verdict', () => {
    const records = [decorativeRecord(0), sampleRecord(1), decorativeRecord(2), decorativeRecord(3)];

    expect(streakOf(records)).toEqual({ since: records[2], commits: 2 });
    expect(streakOf([sampleRecord(0)])).toEqual({ since: sampleRecord(0), commits: 1 });
  });
});

describe('renderTrend', () => {
  it('draws each gate: a bar a commit, how it ended, the newest gap and since when', () => {
    const values = [0, 0.01, 0.04, 0.07];
    const records = [
      ...values.map((value, n) => sampleRecord(n, gapOf(value))),
      decorativeRecord(4, gapOf(-0.07)),
      sampleRecord(0, { gate: 'other', conclusion: 'inconclusive', verdict: 'inconclusive' }),
    ];

    // Eight bars from -0.07 to 0.07: a step of 0.02.
    expect(renderTrend(trendsOf(records), { colour: false })).toBe(
      [
        'stress: accuracy gap, 5 commits, 2026-01-01 to 2026-01-05',
        '  ▅▅▇█▁',
        '  ++++x',
        '  now −0.0700 [−0.0900,\u00a0−0.0500], threshold 0.01',
        `  decorative since ${shaOf(4).slice(0, 7)} (2026-01-05), for 1 commit`,
        '',
        'other: accuracy gap, 1 commit, 2026-01-01 to 2026-01-01',
        '  █',
        '  ?',
        '  now +0.1000 [+0.0800,\u00a0+0.1200], threshold 0.01',
        `  inconclusive since ${shaOf(0).slice(0, 7)} (2026-01-01), for 1 commit`,
        '',
      ].join('\n'),
    );
  });

  it('draws the newest commits of a long history, and says so', () => {
    const records = Array.from({ length: 100 }, (_, n) => sampleRecord(n));
    const [title, bars] = renderTrend(trendsOf(records), { colour: false }).split('\n');

    expect(title).toContain('100 commits, 2026-01-01 to 2026-04-10 (the newest 72 are shown)');
    expect(bars.trim()).toHaveLength(72);
  });

  it('colours a bar by how its commit ended', () => {
    const text = renderTrend(trendsOf([sampleRecord(0), decorativeRecord(1)]), { colour: true });

    expect(text).toContain('\u001b[32m█\u001b[0m\u001b[31m▁\u001b[0m');
  });

  it('lets no name steer the terminal', () => {
    const text = renderTrend(trendsOf([sampleRecord(0, { gate: 'a\u001b[2Jb\u202e', metric: '\u0007' })]), {
      colour: false,
    });

    expect(text.replaceAll('\n', '')).not.toMatch(/\p{Cc}|\p{Cf}/u);
  });
});
