import { describe, expect, it } from 'vitest';

import { renderHtml } from '../../src/report/html/page.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import { renderText } from '../../src/report/text.ts';
import { decorative, runOf } from './fixtures.ts';

const known = (gap: number) => ({ mean: 0.8 - gap, gap, samplingError: 0.00031 });
const missing = { missing: 'Too many to try.' };

const of = (main: object, joint: object | null, alone: object) =>
  runOf({
    ...decorative,
    exact: {
      metrics: [{ name: 'accuracy', ...main } as never],
      joint: joint as never,
      perModality: Object.fromEntries(decorative.modalities.map((name) => [name, alone as never])),
    },
  });

const forms = (run: ReturnType<typeof runOf>) => ({
  markdown: renderMarkdown(run, { limit: 60_000 }),
  page: renderHtml(run),
  text: renderText(run, { colour: false }).replaceAll(/\s+/g, ' '),
});

describe('exact means', () => {
  it('stand beside the sampled ones, with the error of those', () => {
    const { markdown, page, text } = forms(of(known(0.0123), known(0.0234), known(0.0345)));
    const words = '+0.0123 (standard error of the sampled one 0.0003)';
    expect(markdown).toContain(`| Gap to the exact mean over all shuffles | ${words} |`);
    expect(markdown).toMatch(/That gap to the exact mean over all such shuffles \| \+0\.0234/);
    expect(markdown).toContain('Exact, over all shuffles');
    expect(markdown.match(/\+0\.0345/g)).toHaveLength(decorative.modalities.length);
    expect(page).toContain(words);
    expect(page).toContain('+0.0234');
    expect(page).toContain('+0.0345');
    expect(text).toContain(`exact gap ${words}`);
  });

  it('are passed over where none is known', () => {
    const plain = forms(runOf(decorative));
    expect(forms(of(missing, missing, missing))).toEqual(plain);
    expect(forms(of(missing, null, missing))).toEqual(plain);
  });
});
