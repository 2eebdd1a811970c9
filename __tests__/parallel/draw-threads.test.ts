import { execFile } from 'node:child_process';
import { cpSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const run = promisify(execFile);

/** scripts/ is plain JavaScript, which is not part of the TypeScript project. */
interface BundleScript {
  readonly bundle: (outdir: string, entries: Record<string, string>) => Promise<string[]>;
}
const SCRIPT = '../../scripts/bundle.mjs';
const ENTRIES = { cli: '__tests__/parallel/bundled-draws.ts', worker: 'src/parallel/worker.ts' };

interface Drawn {
  /** Threads that were started. */
  readonly started: number;
  /** Steps of progress: half of the shuffles, and 400 more. */
  readonly steps: number;
  /** SHA-256 of everything that was counted. */
  readonly counts: string;
}

let place: string;
beforeAll(async () => {
  place = realpathSync(mkdtempSync(join(tmpdir(), 'threads-')));
  const { bundle } = (await import(SCRIPT)) as BundleScript;
  await bundle(join(place, 'dist'), ENTRIES);
});
afterAll(() => {
  rmSync(place, { recursive: true });
});

/** @param sizes rows, classes, shuffles (the second half of them is drawn), threads, groups, the only modality to shuffle, and 1 where examples have weights */
async function draw(rule: string, ...sizes: readonly number[]): Promise<Drawn> {
  const program = [join(place, 'dist/cli.js'), rule, ...sizes.map(String)];
  const { stdout, stderr } = await run(process.execPath, program, { cwd: place, timeout: 60_000 });
  expect(stderr).toBe('');
  return JSON.parse(stdout) as Drawn;
}

/** Enough to do that threads are worth their start: rows * 3 modalities * classes * shuffles / 2. */
const LARGE = [2000, 7, 24_000] as const;

describe('draws in several threads, with no node_modules in reach,', () => {
  it.each([
    ['weighted-mean', [1]],
    ['weighted-mean', [40]],
    ['hard', [1, 1]],
    ['hard', [1, 1, 1]],
  ] as const)('are the draws of one thread: %s %j', async (rule, how) => {
    const alone = await draw(rule, ...LARGE, 1, ...how);
    expect(alone).toMatchObject({ started: 0, steps: 12_400 });
    const together = await draw(rule, ...LARGE, 3, ...how);
    expect(together).toMatchObject({ started: 3, steps: 12_400, counts: alone.counts });
  });

  it('are not worth it where there is little to do', async () => {
    expect(await draw('weighted-mean', 200, 2, 1000, 4, 1)).toMatchObject({ started: 0, steps: 900 });
  });

  it.each([
    ["throw new TypeError('of a bug');", 'of a bug'],
    ['process.exit(3);', 'A thread that makes draws ended with code 3.'],
  ])('end with the error of a thread: %s', async (program, error) => {
    const broken = join(place, 'broken');
    cpSync(join(place, 'dist'), broken, { recursive: true });
    writeFileSync(join(broken, 'worker.js'), program);
    const args = [join(broken, 'cli.js'), 'weighted-mean', ...LARGE, 2, 1].map(String);
    await expect(run(process.execPath, args, { timeout: 60_000 })).rejects.toMatchObject({
      code: 1,
      killed: false,
      stderr: expect.stringContaining(error) as string,
    });
  });
});
