import { describe, expect, it } from 'vitest';

import { overTime } from '../../src/report/sections/over-time.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { reportOf, SAMPLE_GATE } from '../github/sample-report.ts';
import { decorativeRecord, sampleRecord, shaOf } from '../history/sample-record.ts';

const id = (n: number) => shaOf(n).slice(0, 7);
const past = (records: ReturnType<typeof sampleRecord>[], base?: string) => ({
  runs: new Map([['stress', records]]),
  ...(base !== undefined && { base }),
});

describe('over time', () => {
  it('says the change since the base, and since when the verdict is what it is', () => {
    const records = [decorativeRecord(0), sampleRecord(1), sampleRecord(2)];
    const text = overTime(SAMPLE_GATE, past(records, shaOf(1)), true);

    // The gap of the sample is 0.4, that of the records 0.1.
    expect(text).toContain(
      `The gap is +0.4000, +0.3000 against the base, <code>${id(1)}</code> (2026-01-02).`,
    );
    expect(text).toContain(
      `It is <code>quality-aware</code> since <code>${id(1)}</code> (2026-01-02): 3 runs in a row.`,
    );
  });

  it('says that a verdict is new', () => {
    const text = overTime(SAMPLE_GATE, past([decorativeRecord(0)]), true);

    expect(text).toContain(`+0.3990 against the newest commit on record, <code>${id(0)}</code>`);
    expect(text).toContain('<code>decorative</code> before, <code>quality-aware</code> from here on.');
  });

  it('says that it has never been otherwise', () => {
    const text = overTime(SAMPLE_GATE, past([sampleRecord(0), sampleRecord(1)]), true);

    expect(text).toContain(`since <code>${id(0)}</code> (2026-01-01), the first on record: 3 runs in a row.`);
  });

  it('draws the last twenty runs, this one last, and has them in a table, newest first', () => {
    const records = Array.from({ length: 30 }, (_, n) => sampleRecord(n));
    const text = overTime(SAMPLE_GATE, past(records), true);
    const [, labels] = /x-axis \[(.*)\]/.exec(text)!;

    expect(labels.split(', ')).toEqual([...Array.from({ length: 19 }, (_, n) => `"${id(n + 11)}"`), '"now"']);
    expect(text).toContain(`line [${'0.10000, '.repeat(19)}0.40000]`);
    const rows = text.split('\n').filter((line) => line.startsWith('| '));
    expect(rows).toHaveLength(22);
    expect(rows[2]).toContain('this run');
    expect(rows[3]).toContain(id(29));
  });

  it('compares like with like alone', () => {
    const other = sampleRecord(0, { metric: 'auroc' });

    expect(overTime(SAMPLE_GATE, past([other]), true)).toBe('');
    expect(overTime({ ...SAMPLE_GATE, verdict: 'invalid' }, past([sampleRecord(0)]), true)).toBe('');
    expect(overTime({ ...SAMPLE_GATE, name: 'new' }, past([sampleRecord(0)]), true)).toBe('');
    expect(overTime(SAMPLE_GATE, undefined, true)).toBe('');
  });

  it('stands in the comment, and leaves its chart out where there is no room', () => {
    const options = { past: past([sampleRecord(0)]) };
    const whole = renderMarkdown(reportOf(SAMPLE_GATE), { ...options, limit: 65_536 });
    const shorter = renderMarkdown(reportOf(SAMPLE_GATE), { ...options, limit: whole.length - 1 });

    expect(whole).toContain('**Over time.**');
    expect(shorter).toContain('**Over time.**');
    expect(shorter).not.toContain('```mermaid');
  });
});
