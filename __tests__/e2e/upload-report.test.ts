import { afterEach, beforeEach, expect, it } from 'vitest';
import { fromBufferPromise } from 'yauzl';
import { text } from 'node:stream/consumers';

import { artefactName } from '../../src/github/report-artefact.ts';
import { pullRequestEvent, setScene, warningsOf } from './action-scene.ts';
import { ArtefactService } from './artefact-service.ts';
import { TOKENS } from './stand-in.ts';

const scene = setScene();
const inputs = { 'upload-report': 'true' };
const ADDRESS = 'https://github.com/octo-lab/stress-model/actions/runs/4242/artifacts/1';

let service: ArtefactService;
beforeEach(async () => {
  service = await ArtefactService.start();
});
afterEach(() => service.close());

it('uploads the page, its plots and the JSON, and links to them', async () => {
  const result = await scene.run('empty', { inputs, environment: service.environment });

  expect(result.status).toBe(1);
  expect(warningsOf(result)).toEqual([]);
  const [artefact, ...more] = service.artefacts;
  expect(more).toEqual([]);
  expect(artefact.name).toBe('fusion-gate-report-stress');
  const files = await filesOf(artefact.bytes);
  expect(files.get('report.html')).toMatch(/^<!doctype html>/i);
  expect(JSON.parse(files.get('report.json')!)).toMatchObject({ version: 1, conclusion: 'failure' });
  expect(files.get('plots/1-stress-null-distribution.svg')).toMatch(/^<svg/);
  const [comment] = await scene.github.comments();
  for (const shown of [comment.body, result.summary]) expect(shown).toContain(`href="${ADDRESS}"`);
  // The blob store is not GitHub: it must not be shown the token.
  expect(service.authorizations).toEqual([]);
});

it('needs no permission, on the pull request of a fork', async () => {
  const fork = await scene.github.openFork();
  const environment = service.environment;
  const event = pullRequestEvent(fork);
  const result = await scene.run('truthful', { inputs, environment, event, token: TOKENS.readOnly });

  expect(warningsOf(result)).toEqual([]);
  expect(service.artefacts.map(({ name }) => name)).toContain('fusion-gate-report-stress');
});

it('uploads what could not be judged too', async () => {
  const result = await scene.run('empty', {
    inputs: { ...inputs, config: 'missing.yml' },
    environment: service.environment,
  });

  expect(result.status).toBe(2);
  const files = await filesOf(service.artefacts[0].bytes);
  expect(files.get('report.html')).toContain('missing.yml');
});

it.each([
  ['truthful', 0],
  ['empty', 1],
] as const)('costs the %s gate nothing where there is no such service', async (scores, status) => {
  const result = await scene.run(scores, { inputs });

  expect(result.status).toBe(status);
  expect(warningsOf(result)).toHaveLength(1);
  expect(warningsOf(result)[0]).toContain('The report was not uploaded');
  expect(await scene.github.comments()).toHaveLength(1);
});

it('is for the step that judges', async () => {
  const result = await scene.run('empty', { inputs: { ...inputs, shard: '1/2' } });

  expect(result.status).toBe(2);
  expect(result.stdout).toContain('with: upload-report');
});

it('takes a name that any file system does', () => {
  expect(artefactName('stress: "av"/x\n*')).toBe('fusion-gate-report-stress-av-x-');
  expect(artefactName('語'.repeat(200))).toBe(`fusion-gate-report-${'語'.repeat(80)}`);
  expect(artefactName()).toBe('fusion-gate-report');
});

async function filesOf(bytes: Buffer): Promise<Map<string, string>> {
  const zip = await fromBufferPromise(bytes, { lazyEntries: true });
  const files = new Map<string, string>();
  for await (const entry of zip.eachEntry()) {
    files.set(entry.fileName, await text(await zip.openReadStreamPromise(entry)));
  }
  return files;
}
