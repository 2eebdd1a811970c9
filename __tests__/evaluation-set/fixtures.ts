import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterAll } from 'vitest';

import type { Column } from '../../src/evaluation-set/evaluation-set.ts';
import { openEvaluationSet } from '../../src/evaluation-set/open-evaluation-set.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';

const FOLDER = join(import.meta.dirname, '../fixtures/evaluation-set');

/** The folder of the files that make.py wrote. */
export const fixtures = openWorkspace(FOLDER);

interface ExpectedArray {
  readonly shape: readonly number[];
  readonly values: readonly (number | string)[];
}

/** What NumPy and Arrow read from them: by file, then by array. */
export const expected = JSON.parse(readFileSync(join(FOLDER, 'expected.json'), 'utf8')) as Record<
  string,
  Record<string, ExpectedArray>
>;

/** A column as expected.json would write it. */
export function asExpected({ kind, shape, values }: Column): ExpectedArray {
  if (kind === 'text') return { shape, values };
  return {
    shape,
    values: Array.from(values, (value) => (Number.isFinite(value) ? value : String(value))),
  };
}

const scratch = realpathSync(mkdtempSync(join(tmpdir(), 'evaluation-set-')));
afterAll(() => {
  rmSync(scratch, { recursive: true });
});

/** Opens an evaluation set of these contents. */
export async function openText(name: string, contents: string | Uint8Array) {
  writeFileSync(join(scratch, name), contents);
  return openEvaluationSet(name, openWorkspace(scratch));
}

/** The sentence of the ConfigurationError that this ends with; fails the test on any other end. */
export async function sentenceOf(attempt: () => unknown): Promise<string> {
  try {
    await attempt();
  } catch (error) {
    if (error instanceof Error && error.name === 'ConfigurationError') return error.message;
    throw error;
  }
  throw new Error('Nothing was refused.');
}
