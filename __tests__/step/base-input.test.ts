import { afterEach, expect, it, vi } from 'vitest';

import type { GateConfig } from '../../src/config/gate-config.ts';
import { readBaseInput } from '../../src/step/base-input.ts';
import { readShardNumber } from '../../src/step/step-inputs.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

const main = { rev: 'a'.repeat(40), name: 'main' };
const ofEvent = () => Promise.resolve(main);
const ofNone = () => Promise.resolve(undefined);
const plain = [{}] as GateConfig[];
const strict = [{}, { regression: { threshold: 0.01, fails: true } }] as GateConfig[];

it('compares with nothing unless it is asked to, or a gate is to fail on a regression', async () => {
  expect(await readBaseInput(plain, ofEvent)).toBeUndefined();
  expect(await readBaseInput(strict, ofEvent)).toEqual(main);
});

it('takes the commit of the event, or the one that is named', async () => {
  vi.stubEnv('INPUT_BASE', 'auto');
  expect(await readBaseInput(plain, ofEvent)).toEqual(main);
  vi.stubEnv('INPUT_BASE', 'origin/v2');
  expect(await readBaseInput(strict, ofEvent)).toEqual({ rev: 'origin/v2', spelling: 'with: base' });
});

it('says so where an event has none', async () => {
  vi.stubEnv('GITHUB_EVENT_NAME', 'schedule');
  expect(await readBaseInput(strict, ofNone)).toEqual({
    missing: 'This run ("schedule") is measured against no other commit. Name one by the input "base".',
  });
});

it('is not for shards', () => {
  vi.stubEnv('INPUT_SHARD', '1/2');
  vi.stubEnv('INPUT_BASE', 'auto');
  expect(readShardNumber).toThrow(/^with: base compares what is judged, and a shard judges nothing\./);
});
