import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readConfig } from '../../src/config/read-config.ts';
import { ConfigurationError } from '../../src/foundation/errors.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';
import { BAD_CONFIGS } from './bad-configs.ts';
import { BAD_DOWNLOADS } from './bad-downloads.ts';
import { BAD_SERVERS } from './bad-servers.ts';

const speaker = { document: 'The command line', spell: (input: string) => `--${input}` };

describe('a mistake in the config gets its own words', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fusion-gate-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  it.each([...BAD_CONFIGS, ...BAD_DOWNLOADS, ...BAD_SERVERS].map((bad) => [bad.title, bad] as const))(
    '%s',
    async (_, bad) => {
      if (bad.yaml !== undefined) await writeFile(join(folder, 'fusion-gate.yml'), bad.yaml);
      const { inputs, gates, allowHosts } = bad;
      const reading = readConfig({ inputs, gates, allowHosts, speaker }, openWorkspace(folder));
      const error: unknown = await reading.then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).toBeInstanceOf(ConfigurationError);
      expect((error as Error).message).toBe(bad.sentence);
    },
  );
});
