import { createHash } from 'node:crypto';

import { describe, expect, it } from 'vitest';

import type { GateReport, RunReport } from '../../../src/report/gate-report.ts';
import { SCRIPT_HASH, STYLE_HASH } from '../../../src/report/html/content-security.ts';
import { renderHtml } from '../../../src/report/html/page.ts';
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
} from '../fixtures.ts';

const every = runOf(qualityAware, decorative, misleading, inertRule, inconclusive, invalid, banked);

/** A page's text without its tags, style and script. */
function textOf(html: string): string {
  return html
    .replaceAll(/<(style|script)>.*?<\/\1>/gs, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCharCode(Number(code)));
}

/** Its tags alone, attributes and all. */
function skeleton(html: string): string[] {
  return html.match(/<[^>]*>/g)!.map((tag) => tag.replaceAll(/ (aria-label|d|x|y|cx|width)="[^"]*"/g, ''));
}

describe('the page', () => {
  const page = renderHtml(every);

  it('gives the same bytes for the same report', () => {
    expect(renderHtml(structuredClone(every))).toBe(page);
  });

  it('has a section for each gate, an overview before them and an explanation behind them', () => {
    const ids = [...page.matchAll(/<section class="gate" id="([^"]*)"/g)].map(([, id]) => id);
    expect(ids).toEqual(every.gates.map((_, i) => `gate-${i + 1}`));
    expect(page.indexOf('class="overview"')).toBeLessThan(page.indexOf('id="gate-1"'));
    expect(page.indexOf('id="gate-7"')).toBeLessThan(page.indexOf('id="how-to-read"'));
    expect(renderHtml(runOf(decorative))).not.toContain('class="overview"');
  });

  it('shows the numbers of the report, and none that is missing', () => {
    const text = textOf(page);
    for (const word of ['decorative', '−0.0005', '0.8125', decorative.model.sha256, decorative.reason]) {
      expect(text).toContain(word);
    }
    expect(text).not.toMatch(/NaN|undefined|\bnull\b|Infinity|\[object/);
  });

  it('shows no number of a gate that could not judge', () => {
    const text = textOf(renderHtml(runOf(invalid)));
    expect(text).toContain(invalid.reason);
    expect(text).not.toContain('0.8050');
  });

  it('says why a plot is missing', () => {
    const text = textOf(renderHtml(runOf(inconclusive)));
    expect(text).toContain('Not known: neither the model nor the evaluation set has predictions');
    expect(text).toContain('The correctness control is n/a');
  });

  it('counts the shuffles that do as well: p = 0.57 of 99 is 56', () => {
    const gate: GateReport = { ...decorative, p: { oneSided: 0.57, twoSided: 0.9, otherSide: 0.5 } };
    expect(textOf(renderHtml(runOf(gate)))).toContain('56 of 99 shuffles do at least as well');
  });

  it('names the modality whose scores matter most, and none where none does', () => {
    expect(textOf(renderHtml(runOf(qualityAware)))).toMatch(
      /the scores of +audio +make the largest gap: \+0\.0366/,
    );
    expect(textOf(renderHtml(runOf(inertRule)))).toContain('the scores of no modality make a gap above zero');
  });

  it('shows metrics beside the gating one where there are some', () => {
    const more = { ...decorative.metrics[0], name: 'log-loss', better: 'lower' } as const;
    expect(textOf(page)).not.toContain('Metric by metric');
    const gate = { ...decorative, metrics: [...decorative.metrics, more] };
    expect(textOf(renderHtml(runOf(gate)))).toContain('log loss (lower is better)');
  });

  it('of a run without gates says what is wrong', () => {
    const failed: RunReport = { ...runOf(), error: 'model: "<b>m.onnx</b>" is not there.\nSecond line.' };
    const text = textOf(renderHtml(failed));
    expect(text).toContain('What is wrong');
    expect(text).toContain('model: "<b>m.onnx</b>" is not there.');
    expect(text).toContain('Second line.');
  });
});

describe('what a page may do', () => {
  const page = renderHtml(every);
  const hash = (text: string): string => `sha256-${createHash('sha256').update(text).digest('base64')}`;

  it.each([
    ['style', STYLE_HASH],
    ['script', SCRIPT_HASH],
  ])('is what its %s says, letter by letter: write this hash into content-security.ts', (tag, known) => {
    const [, content] = new RegExp(`<${tag}>(.*?)</${tag}>`, 's').exec(page)!;
    expect(known).toBe(hash(content));
    expect(page).toContain(`${tag}-src '${known}'`);
  });

  it('is to ask nobody for anything', () => {
    expect(page).toContain("content=\"default-src 'none';");
    expect(page).not.toMatch(/ (src|srcset|style|on\w+)=/);
    expect([...page.matchAll(/ href="([^"]*)"/g)].filter(([, to]) => !to.startsWith('#'))).toHaveLength(1);
  });
});

describe('hostile names', () => {
  const page = renderHtml(runOf(...hostile));

  it('never appear as they are written where they could be read as markup', () => {
    for (const name of HOSTILE.filter((name) => /[<>&"'`\p{C}]/u.test(name))) {
      expect(page).not.toContain(name);
    }
    expect(page.replaceAll('\n', '')).not.toMatch(/\p{C}/u);
  });

  it('change nothing of the structure', () => {
    const tame = hostile.map((gate, i) => renamed(gate, `gate ${i}`));
    expect(skeleton(page)).toEqual(skeleton(renderHtml(runOf(...tame))));
  });

  it('look as a reviewer approved them', async () => {
    const [first] = hostile;
    const body = renderHtml(runOf(first))
      .replace(/<style>.*?<\/style>/s, '')
      .replace(/<script>.*?<\/script>/s, '');
    await expect(body.replaceAll('><', '>\n<')).toMatchFileSnapshot('__golden__/hostile-names.html');
  });

  function renamed(gate: GateReport, name: string): GateReport {
    return JSON.parse(
      JSON.stringify(gate).replaceAll(JSON.stringify(gate.name).slice(1, -1), name),
    ) as GateReport;
  }
});
