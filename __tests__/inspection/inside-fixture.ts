import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll } from 'vitest';

import { silentLogger } from '../../src/foundation/logger.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';
import { folder as fixtures, load } from '../model/fusion-fixture.ts';

export interface NumpyGate {
  readonly labels: number[];
  readonly scores: number[];
  readonly orders: number[][][];
  readonly gap: number;
  readonly flipMean: number;
  readonly flipMax: number;
}

/** By NumPy in float64: fixtures/model/inside/make.py. */
export const { audio, video, gates } = JSON.parse(
  readFileSync(`${fixtures}inside/expected.json`, 'utf8'),
) as {
  readonly audio: number[];
  readonly video: number[];
  readonly gates: Readonly<Record<string, NumpyGate | undefined>>;
};
export const ROWS = audio.length / 6;

export const folder = mkdtempSync(join(tmpdir(), 'fusion-gate-inspect-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});
export const options = { workspace: openWorkspace(folder), logger: silentLogger, threads: 1 };

/** Puts a model into the folder. */
export function bring(path: string, name: string): string {
  copyFileSync(`${fixtures}${path}`, join(folder, name));
  return name;
}

/** The rows of the fixture, with labels and more columns. */
export function writeRows(
  name: string,
  labels: readonly unknown[],
  more: Record<string, unknown> = {},
): string {
  const rows = labels.map((y, i) => ({
    y,
    audio: audio.slice(6 * i, 6 * i + 6),
    video: video.slice(5 * i, 5 * i + 5),
    ...more,
  }));
  writeFileSync(join(folder, name), rows.map((row) => JSON.stringify(row)).join('\n'));
  return name;
}

/** What a model predicts, but for every fifth row: labels under which its scores matter about as much as they can. */
export async function labelsLike(path: string): Promise<number[]> {
  const loaded = await load(path);
  const feeds = {
    audio: { shape: [ROWS, 6], values: Float32Array.from(audio) },
    video: { shape: [ROWS, 5], values: Float32Array.from(video) },
  };
  const { fused } = await loaded.run(feeds, ['fused']);
  await loaded.close();
  return Array.from({ length: ROWS }, (_, i) => {
    const row = fused.values.slice(3 * i, 3 * i + 3);
    const best = row.indexOf(Math.max(...row));
    return i % 5 === 0 ? (best + 1) % 3 : best;
  });
}
