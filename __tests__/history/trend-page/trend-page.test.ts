import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { PAGE_SCRIPT, PAGE_STYLE } from '../../../src/history/trend-page/browser.assets.ts';
import { scriptJson } from '../../../src/history/trend-page/escape-html.ts';
import { pageData } from '../../../src/history/trend-page/page-data.ts';
import { renderTrendPage } from '../../../src/history/trend-page/trend-page.ts';
import { trendsOf } from '../../../src/history/trend.ts';
import { decorativeRecord, sampleRecord, shaOf } from '../sample-record.ts';

const render = (records: Parameters<typeof trendsOf>[0], repository?: string) =>
  renderTrendPage(trendsOf(records), { repository, version: '1.2.3' });

describe('renderTrendPage', () => {
  it('is the same for the same records', () => {
    const records = [sampleRecord(0), decorativeRecord(1)];

    expect(render(records)).toBe(render(records));
  });

  it('says without any script since when a gate has its verdict, and shows the newest commits', () => {
    const page = render([sampleRecord(0), decorativeRecord(1), decorativeRecord(2)]);

    expect(page).toContain(`since ${shaOf(1).slice(0, 7)} (2026-01-02), for 2 commits`);
    const rows = [...page.matchAll(/<tr><th scope="row"><code>(\w+)/g)].map(([, id]) => id);
    expect(rows).toEqual([2, 1, 0].map((n) => shaOf(n).slice(0, 7)));
  });

  it('loads nothing, and links to web addresses alone', () => {
    for (const repository of [undefined, 'javascript:alert(1)', 'https://github.com/o/r"onclick="x/']) {
      const page = render([sampleRecord(0)], repository).replace(/<script>.*<\/script>/s, '');

      const addresses = [...page.matchAll(/\b(?:src|href)=(\S*)/g)].map(([, address]) => address);
      const own = /^"(#|data:|https:\/\/github\.com\/o\/r%22)/;
      expect(addresses.filter((address) => !own.test(address))).toEqual([]);
      expect(/@import|url\(/.test(page)).toBe(false);
    }
  });

  it('runs only its own script and style', () => {
    expect(/<\/(script|style)|<!--/i.test(PAGE_SCRIPT + PAGE_STYLE)).toBe(false);
    expect(render([sampleRecord(0)])).toMatch(
      /script-src 'sha256-[\w+/]{43}='; style-src 'sha256-[\w+/]{43}='/,
    );
  });

  it('carries the notice of the library in it', () => {
    expect(PAGE_SCRIPT.slice(0, 300)).toMatch(/Copyright \(c\) \d+, Leon Sorokin[^]*MIT/);
  });
});

describe('pageData', () => {
  it('has null where a commit did not have a modality', () => {
    const [audio, video] = sampleRecord(0).modalities;
    const { gates } = pageData(
      trendsOf([sampleRecord(0, { modalities: [audio] }), sampleRecord(1, { modalities: [video, audio] })]),
      undefined,
    );

    expect(gates[0].modalities).toEqual([
      { name: 'audio', gap: [0.06, 0.06], auroc: [0.8, 0.8] },
      { name: 'video', gap: [null, 0.05], auroc: [null, null] },
    ]);
  });

  it('names a file once', () => {
    const other = { path: 'a\nb', sha256: 'd'.repeat(64) };
    const { gates } = pageData(
      trendsOf([0, 1, 2].map((n) => sampleRecord(n, n === 1 ? { model: other } : {}))),
      undefined,
    );

    const { files, model } = gates[0];
    expect(model.map((index) => files[index].path)).toEqual([
      'models/stress.onnx',
      'a\nb',
      'models/stress.onnx',
    ]);
    expect(files).toHaveLength(3);
  });
});

describe('scriptJson', () => {
  it.each(['</script>', '<!-- <script', ']]>', '\u2028\u2029', '&lt;'])(
    'keeps %j inside its element',
    (text) => {
      const json = scriptJson({ text });

      expect(json).not.toMatch(/[<>&\u2028\u2029]/);
      expect(JSON.parse(json)).toEqual({ text });
    },
  );
});

describe('the style', () => {
  const css = readFileSync(new URL('../../../src/history/trend-page/style.css', import.meta.url), 'utf8');
  const [light, dark] = [...css.matchAll(/:root(?::not\(\.paper\))? \{(.*?)\}/gs)].map(
    ([, block]) => new Map([...block.matchAll(/--([\w-]+): (#\w{6});/g)].map(([, name, hex]) => [name, hex])),
  );
  const texts = [
    'text',
    'muted',
    'accent',
    'quality-aware',
    'decorative',
    'misleading',
    'inert-rule',
    'inconclusive',
    'invalid',
  ];
  const lines = ['line', ...[1, 2, 3, 4, 5, 6].map((n) => `series-${n}`)];

  /** https://www.w3.org/TR/WCAG21/#dfn-relative-luminance */
  const luminance = (hex: string): number => {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const channel = parseInt(hex.slice(at, at + 2), 16) / 255;
      return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const contrast = (one: string, other: string): number => {
    const [low, high] = [luminance(one), luminance(other)].toSorted((a, b) => a - b);
    return (high + 0.05) / (low + 0.05);
  };

  it.each([
    ['light', light],
    ['dark', dark],
  ])('has the contrast that WCAG AA asks for: %s', (_, colours) => {
    for (const ground of ['page', 'surface', 'raised'].map((name) => colours.get(name)!)) {
      for (const name of texts)
        expect.soft(contrast(colours.get(name)!, ground), name).toBeGreaterThanOrEqual(4.5);
      for (const name of lines)
        expect.soft(contrast(colours.get(name)!, ground), name).toBeGreaterThanOrEqual(3);
    }
  });
});
