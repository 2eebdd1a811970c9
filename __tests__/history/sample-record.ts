import type { HistoryRecord } from '../../src/history/record-schema.ts';

const DAY = 86_400_000;

/** The id of the n-th commit of a made-up branch. */
export function shaOf(n: number): string {
  return (0xabc000000 + n).toString(16).padStart(40, '0').split('').reverse().join('');
}

/** What the n-th commit of a branch, one a day, leaves in its history. */
export function sampleRecord(n: number, changes: Partial<HistoryRecord> = {}): HistoryRecord {
  return {
    version: 1,
    gate: 'stress',
    sha: shaOf(n),
    ref: 'refs/heads/main',
    time: new Date(Date.UTC(2026, 0, 1) + n * DAY).toISOString(),
    pullRequest: n + 1,
    tool: '0.1.0',
    model: { path: 'models/stress.onnx', sha256: 'a'.repeat(64) },
    evaluationSet: { path: 'data/eval.npz', sha256: 'b'.repeat(64), evaluated: 400 },
    metric: 'accuracy',
    threshold: 0.01,
    alpha: 0.05,
    verdict: 'quality-aware',
    conclusion: 'success',
    clean: 0.8,
    broken: 0.7,
    gap: { value: 0.1, lower: 0.08, upper: 0.12, confidence: 0.95 },
    p: 0.001,
    modalities: [
      { name: 'audio', gap: 0.06, p: 0.001, auroc: 0.8 },
      { name: 'video', gap: 0.05, p: 0.002, auroc: null },
    ],
    controls: { correctness: { gap: 0.3, p: 0.001, passed: true }, corruption: null },
    ...changes,
  };
}

/** The same, where shuffling changed next to nothing. */
export function decorativeRecord(n: number, changes: Partial<HistoryRecord> = {}): HistoryRecord {
  return sampleRecord(n, {
    verdict: 'decorative',
    conclusion: 'failure',
    clean: 0.701,
    gap: { value: 0.001, lower: -0.004, upper: 0.006, confidence: 0.95 },
    ...changes,
  });
}

export function linesOf(...records: readonly HistoryRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}
