import { describe, expect, it } from 'vitest';

import { appendRecords } from '../../src/history/append-records.ts';
import { parseHistory, recordsIn } from '../../src/history/history-lines.ts';
import { decorativeRecord, linesOf, sampleRecord, shaOf } from './sample-record.ts';

const shas = (text: string) => recordsIn(parseHistory(text).lines).map(({ sha }) => sha);

describe('appendRecords', () => {
  it('starts a history, and puts more behind it', () => {
    const first = appendRecords('', [sampleRecord(0)], 20);
    const second = appendRecords(first.text, [sampleRecord(1)], 20);

    expect(first.text).toBe(linesOf(sampleRecord(0)));
    expect(second.text).toBe(first.text + linesOf(sampleRecord(1)));
    expect(second.added).toBe(1);
  });

  it('leaves a history as it is when a re-run finds the same at another time', () => {
    const text = linesOf(sampleRecord(0), sampleRecord(1));
    const again = sampleRecord(0, { time: '2030-01-01T00:00:00.000Z', tool: '9.9.9' });

    expect(appendRecords(text, [again], 20)).toMatchObject({ text, added: 0 });
  });

  it('takes a re-run that finds something else for what the commit is, in its old place', () => {
    const text = linesOf(sampleRecord(0), sampleRecord(1));
    const { text: after, added } = appendRecords(text, [decorativeRecord(0)], 20);

    expect(added).toBe(1);
    expect(after.startsWith(text)).toBe(true);
    const records = recordsIn(parseHistory(after).lines);
    expect(records.map(({ sha, verdict }) => [sha, verdict])).toEqual([
      [shaOf(0), 'decorative'],
      [shaOf(1), 'quality-aware'],
    ]);
  });

  it('goes back to what was found first, when a third run finds it again', () => {
    const text = linesOf(sampleRecord(0), decorativeRecord(0));

    expect(appendRecords(text, [sampleRecord(0)], 20).added).toBe(1);
  });

  it('keeps gates of one commit apart', () => {
    const text = linesOf(sampleRecord(0));
    const { added } = appendRecords(text, [sampleRecord(0, { gate: 'other' })], 20);

    expect(added).toBe(1);
  });

  it('begins a line of its own where the last line has no end', () => {
    const text = linesOf(sampleRecord(0)).trimEnd();

    expect(appendRecords(text, [sampleRecord(1)], 20).text).toBe(linesOf(sampleRecord(0), sampleRecord(1)));
  });

  it('keeps the newest commits of each gate', () => {
    const many = Array.from({ length: 25 }, (_, n) => sampleRecord(n));
    const other = sampleRecord(0, { gate: 'rarely judged' });
    const { text } = appendRecords(linesOf(other, ...many), [sampleRecord(25)], 20);

    expect(shas(text)).toEqual([shaOf(0), ...Array.from({ length: 20 }, (_, n) => shaOf(n + 6))]);
  });

  it('drops lines that no reader looks at once they are many', () => {
    const flips = Array.from({ length: 41 }, (_, n) => (n % 2 === 0 ? sampleRecord(0) : decorativeRecord(0)));
    const { text } = appendRecords(linesOf(...flips), [decorativeRecord(0)], 20);

    expect(text).toBe(linesOf(decorativeRecord(0)));
  });

  it('hands damaged lines over, with what is wrong with them, and keeps all others', () => {
    const damage = [
      '{"version":1,"gate":"str',
      '<<<<<<< HEAD',
      '[]',
      'null',
      JSON.stringify({ ...sampleRecord(3), p: 2 }),
      JSON.stringify({ ...sampleRecord(3), sha: '../../etc' }),
    ];
    const text = `${linesOf(sampleRecord(0))}${damage.join('\n')}\n${linesOf(sampleRecord(1))}`;
    const { text: after, damaged } = appendRecords(text, [sampleRecord(2)], 20);

    expect(after).toBe(linesOf(sampleRecord(0), sampleRecord(1), sampleRecord(2)));
    expect(damaged.map((line) => line.text)).toEqual(damage);
    expect(damaged.map(({ number }) => number)).toEqual([2, 3, 4, 5, 6, 7]);
    expect(damaged.map(({ why }) => why)).toEqual([
      'it is not JSON',
      'it is not JSON',
      'it is not a record',
      'it is not a record',
      expect.stringMatching(/^p: /),
      expect.stringMatching(/^sha: /),
    ]);
  });

  it('keeps what a newer version wrote, through a compaction too', () => {
    const newer = '{"version":2,"gate":{"id":7}}\n';
    const many = linesOf(...Array.from({ length: 20 }, (_, n) => sampleRecord(n)));
    const { text, damaged } = appendRecords(newer + many, [sampleRecord(20)], 20);

    expect(damaged).toEqual([]);
    expect(text.startsWith(newer)).toBe(true);
    expect(shas(text)).toHaveLength(20);
  });

  it('is not led astray by names that are properties of every object', () => {
    const odd = sampleRecord(0, {
      gate: '__proto__',
      modalities: [{ name: '__proto__', gap: 0, p: 1, auroc: null }],
    });
    const { text } = appendRecords(linesOf(odd), [sampleRecord(1, { gate: 'constructor' })], 20);

    expect(recordsIn(parseHistory(text).lines).map(({ gate }) => gate)).toEqual(['__proto__', 'constructor']);
  });
});
