import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, expect, it, vi } from 'vitest';

import { silentLogger } from '../../src/foundation/logger.ts';
import { MAX_SUMMARY_LENGTH, writeJobSummary } from '../../src/github/job-summary.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

it('stays below 1 MiB whatever it is written in', () => {
  for (const text of ['x', 'ä', '音', '🎧']) {
    const full = text.repeat(Math.floor(MAX_SUMMARY_LENGTH / text.length));
    expect(Buffer.byteLength(full)).toBeLessThanOrEqual(2 ** 20);
  }
});

it('does without a summary file', async () => {
  vi.stubEnv('GITHUB_STEP_SUMMARY', undefined);
  const info = vi.fn();

  await writeJobSummary('Text.', { ...silentLogger, info });
  expect(info).toHaveBeenCalledOnce();
});

it('appends to what earlier steps wrote', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'summary-'));
  try {
    const file = join(folder, 'summary.md');
    writeFileSync(file, 'Earlier.\n');
    vi.stubEnv('GITHUB_STEP_SUMMARY', file);

    await writeJobSummary('Text.', silentLogger);
    expect(readFileSync(file, 'utf8').replaceAll('\r\n', '\n')).toBe('Earlier.\nText.\n');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
