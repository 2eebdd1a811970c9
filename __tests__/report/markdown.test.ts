import { describe, expect, it } from 'vitest';

import type { GateReport, RunReport } from '../../src/report/gate-report.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';
import {
  banked,
  decorative,
  hostile,
  HOSTILE,
  inconclusive,
  inertRule,
  invalid,
  misleading,
  qualityAware,
  runOf,
} from './fixtures.ts';

const COMMENT = 65_536 - 100;
const ROOMY = 1_000_000;
const RUN = 'https://github.com/octo/fusion/actions/runs/42';
const every = runOf(qualityAware, decorative, misleading, inertRule, inconclusive, invalid, banked);

describe('looks as a reviewer approved it (vitest -u writes it anew)', () => {
  it.each([
    ['pass', runOf(qualityAware)],
    ['decorative', runOf(decorative)],
    ['inconclusive', runOf(inconclusive)],
    ['every-verdict', every],
    ['hostile-names', runOf(...hostile.slice(0, 4))],
  ])('%s', async (name, report) => {
    const text = renderMarkdown(report, { limit: COMMENT, links: { run: RUN } });
    await expect(`${text}\n`).toMatchFileSnapshot(`__golden__/${name}.md`);
  });
});

describe('the headline', () => {
  const headlineOf = (...gates: GateReport[]): string =>
    renderMarkdown(runOf(...gates), { limit: COMMENT }).split('\n')[0];

  it.each([
    [[qualityAware], '### ✅ fusion-gate: the model uses its reliability scores'],
    [[decorative], '### ❌ fusion-gate: shuffling the reliability scores changes next to nothing'],
    [[misleading], '### ❌ fusion-gate: the model does better with shuffled reliability scores'],
    [[inertRule], '### ❌ fusion-gate: the fusion rule cannot make use of any reliability score'],
    [[inconclusive], '### ⚠️ fusion-gate: not settled whether the reliability scores matter'],
    [[invalid], '### 🛑 fusion-gate: the reliability scores could not be judged'],
    [[qualityAware, qualityAware], '### ✅ fusion-gate: all 2 gates pass'],
    [[qualityAware, decorative, qualityAware], '### ❌ fusion-gate: 1 of 3 gates fails, 2 pass'],
    [
      every.gates,
      '### 🛑 fusion-gate: 1 of 7 gates could not be judged, 4 fail, 1 is inconclusive, 1 passes',
    ],
  ])('%#', (gates, expected) => {
    expect(headlineOf(...gates)).toBe(expected);
  });
});

describe('numbers', () => {
  it('of an invalid gate are not shown: they would be believed', () => {
    const text = renderMarkdown(runOf(invalid), { limit: COMMENT });
    expect(text).not.toContain('0.8050');
    expect(text).not.toContain('Permutation test');
  });

  it('of competitiveness need two modalities, or posteriors', () => {
    const single = { ...decorative, competitiveness: null, modalities: ['audio'] };
    const bare = { ...decorative, competitiveness: null };
    expect(renderMarkdown(runOf(single), { limit: COMMENT })).toContain(
      'n/a because it needs two modalities.',
    );
    expect(renderMarkdown(runOf(bare), { limit: COMMENT })).toContain(
      'needs class probabilities of the experts.',
    );
  });

  it('that are missing are n/a with the reason', () => {
    const text = renderMarkdown(runOf(inconclusive), { limit: COMMENT });
    const because = 'because neither the model nor the evaluation set has predictions of the experts.';
    expect(text).toContain(`Oracle headroom and competitiveness: n/a ${because}`);
    expect(text).toContain(`The correctness control is n/a, ${because}`);
    expect(text).toContain('| n/a | n/a | n/a |');
    expect(text).not.toMatch(/NaN|undefined|null/);
  });
});

describe('hostile names', () => {
  const text = renderMarkdown(runOf(...hostile), { limit: ROOMY });

  it('never appear as they are written', () => {
    for (const name of HOSTILE) expect(text).not.toContain(name);
    expect(text).not.toMatch(/@(?!&#8203;)/);
  });

  it('change nothing of the structure', () => {
    const tame = runOf(...hostile.map((_, i) => renamed(`gate ${i}`)));
    expect(skeleton(text)).toEqual(skeleton(renderMarkdown(tame, { limit: ROOMY })));
  });

  it('stay out of the charts', () => {
    const charts = [...text.matchAll(/```mermaid\n(.*?)```/gs)].map(([, chart]) => chart);
    expect(charts).toHaveLength(HOSTILE.length);
    expect(new Set(charts).size).toBe(1);
  });

  function renamed(name: string): GateReport {
    const [model] = hostile;
    return JSON.parse(
      JSON.stringify(model).replaceAll(JSON.stringify(model.name).slice(1, -1), name),
    ) as GateReport;
  }
});

describe('the limit', () => {
  const crowd = runOf(...Array.from({ length: 100 }, (_, i) => crowded(i)));
  const full = renderMarkdown(every, { limit: ROOMY });

  it('takes the charts first, then the details, then all but the table', () => {
    const levels = levelsOf(every);
    expect(levels.map((text) => /left out/.exec(text) !== null)).toEqual([false, true, true, true]);
    expect(levels.map((text) => text.includes('```mermaid'))).toEqual([true, false, false, false]);
    expect(levels.map((text) => text.includes('Permutation test'))).toEqual([true, true, false, false]);
    expect(levels.map((text) => text.includes('What to do.'))).toEqual([true, true, true, false]);
    for (const text of levels) expect(tableRows(text)).toHaveLength(every.gates.length);
  });

  it('takes whole gates at last, the best first, and says how many', () => {
    const table = levelsOf(every)[3];
    const text = renderMarkdown(every, { limit: table.length - 200 });
    const rows = tableRows(text);
    expect(rows.length).toBeLessThan(every.gates.length);
    expect(rows[0]).toContain('dropout-left-on');
    expect(text).toContain(`the worst of 7 gates are shown and ${7 - rows.length} are left out`);
    expect(text).not.toContain('digits-truthful');
  });

  it('holds for 100 gates with long names in a comment', () => {
    const text = renderMarkdown(crowd, { limit: COMMENT });
    expect(text.length).toBeLessThanOrEqual(COMMENT);
    expect(text.split('\n')[0]).toBe('### ❌ fusion-gate: all 100 gates fail');
    expect(tableRows(text).length).toBeGreaterThan(50);
  });

  it.each([
    ['every verdict', every, full.length],
    ['100 gates', crowd, 80_000],
  ])('never cuts inside a tag, a fence or a row: %s', (_, report, most) => {
    for (let limit = 200; limit <= most; limit = Math.ceil(limit * 1.3)) {
      const text = renderMarkdown(report, { limit });
      expect(text.length).toBeLessThanOrEqual(limit);
      expect(skeleton(text).unbalanced).toEqual([]);
      for (const row of tableRows(text)) expect(row.match(/(?<!\\)\|/g)).toHaveLength(8);
    }
  });

  it('is refused where not even the headline fits', () => {
    expect(renderMarkdown(every, { limit: 100 })).toMatch(/^### .*1 passes$/);
    expect(() => renderMarkdown(every, { limit: 20 })).toThrow(RangeError);
  });
});

it('leaves out a link that is no web address', () => {
  const text = renderMarkdown(runOf(decorative), { limit: COMMENT, links: { run: 'javascript:alert(1)' } });
  expect(text).not.toContain('javascript');
  expect(text).not.toContain('workflow run');
});

/** A gate with the longest name a config may give, made of what takes most room when escaped. */
function crowded(i: number): GateReport {
  return { ...decorative, name: `${'@|<&'.repeat(24)}${String(i).padStart(4, '0')}` };
}

/** The renderings of a report, from everything to the table alone: each limit is one below the last length. */
function levelsOf(report: RunReport): string[] {
  const levels = [renderMarkdown(report, { limit: ROOMY })];
  while (levels.length < 4) levels.push(renderMarkdown(report, { limit: levels.at(-1)!.length - 1 }));
  return levels;
}

/** The rows of the summary table, without its head. */
function tableRows(text: string): string[] {
  const lines = text.split('\n');
  const head = lines.findIndex((line) => line.startsWith('| Gate |'));
  if (head < 0) return [];
  const rows = lines.slice(head + 2);
  return rows.slice(
    0,
    rows.findIndex((line) => line === ''),
  );
}

/** What a page is made of, whatever its words: tags in order (those left open named), fences, and kinds of line. */
function skeleton(text: string): { tags: string[]; unbalanced: string[]; lines: string[] } {
  const tags = [...text.matchAll(/<(\/?[a-z]+)[^>]*>/g)]
    .map(([, tag]) => tag)
    .filter((tag) => !/^\/?span$/.test(tag));
  const open: string[] = [];
  for (const tag of tags.filter((name) => name !== 'br')) {
    if (tag.startsWith('/') && open.at(-1) === tag.slice(1)) open.pop();
    else open.push(tag);
  }
  const fences = text.split('\n').filter((line) => line.startsWith('```')).length;
  const lines = text
    .split('\n')
    .map((line) => (line.startsWith('|') ? `row of ${line.split('|').length}` : line.replace(/\w.*/s, '')));
  return { tags, unbalanced: [...open, ...(fences % 2 === 0 ? [] : ['fence'])], lines };
}
