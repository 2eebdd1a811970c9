import { expect, it } from 'vitest';

import { recordsOf } from '../../src/history/record-of.ts';
import { historyRecord } from '../../src/history/record-schema.ts';
import { reportOf, SAMPLE_GATE } from '../github/sample-report.ts';
import { shaOf } from './sample-record.ts';

const COMMIT = { sha: shaOf(1), ref: 'refs/heads/main', pullRequest: 12 };
const TIME = new Date('2026-03-04T05:06:07.890Z');

it('keeps what was found, of what, at which commit', () => {
  const [record] = recordsOf(reportOf(SAMPLE_GATE), COMMIT, TIME);

  expect(record).toEqual({
    version: 1,
    gate: 'stress',
    sha: COMMIT.sha,
    ref: 'refs/heads/main',
    time: '2026-03-04T05:06:07.890Z',
    pullRequest: 12,
    tool: '0.1.0',
    model: { path: 'weighted-mean', sha256: '' },
    evaluationSet: { path: 'eval.csv', sha256: 'ab'.repeat(32), evaluated: 240 },
    metric: 'accuracy',
    threshold: 0.01,
    alpha: 0.05,
    verdict: 'quality-aware',
    conclusion: 'success',
    clean: 0.9,
    broken: 0.5,
    gap: { value: 0.4, lower: 0.3, upper: 0.45, confidence: 0.95 },
    p: 0.25,
    modalities: [
      { name: 'audio', gap: 0.2, p: 0.25, auroc: 0.95 },
      { name: 'video', gap: 0.1, p: 0.25, auroc: 0.9 },
    ],
    controls: {
      correctness: { gap: 0.35, p: 0.01, passed: true },
      corruption: { gap: 0.15, p: 0.02, passed: true },
    },
  });
  expect(historyRecord.parse(record)).toEqual(record);
});

it('says what is not known', () => {
  const bare = {
    ...SAMPLE_GATE,
    alignment: null,
    controls: { correctness: null, corruption: null },
  };
  const [record] = recordsOf(reportOf(bare), { ...COMMIT, pullRequest: null }, TIME);

  expect(record.modalities.map(({ auroc }) => auroc)).toEqual([null, null]);
  expect(record.controls).toEqual({ correctness: null, corruption: null });
  expect(historyRecord.parse(record)).toEqual(record);
});

it('leaves a record for each gate', () => {
  const records = recordsOf(reportOf(SAMPLE_GATE, { ...SAMPLE_GATE, name: 'other' }), COMMIT, TIME);

  expect(records.map(({ gate }) => gate)).toEqual(['stress', 'other']);
});
