import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { AxeResults } from 'axe-core';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';

import { VERDICTS } from '../../../src/diagnostic/diagnosis.ts';
import type { HistoryRecord } from '../../../src/history/record-schema.ts';
import { renderTrendPage } from '../../../src/history/trend-page/trend-page.ts';
import { trendsOf } from '../../../src/history/trend.ts';
import { decorativeRecord, sampleRecord, shaOf } from '../sample-record.ts';
import { chromiumPath, whyNoBrowser } from './chromium.ts';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const REPOSITORY = 'https://github.com/octo-lab/stress-model';

describe.skipIf(chromiumPath === undefined)(`the trend page in a browser${whyNoBrowser}`, () => {
  let browser: Browser;
  let folder: string;
  let complaints: string[];
  let requests: string[];

  beforeAll(async () => {
    // Where tests run as root, as in a container, Chromium has no sandbox.
    browser = await chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
  });

  afterAll(async () => {
    await browser.close();
  });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'trend-page-'));
    complaints = [];
    requests = [];
  });

  afterEach(() => {
    rmSync(folder, { recursive: true });
    expect(complaints).toEqual([]);
    expect(requests.filter((url) => !/^(file|data):/.test(url))).toEqual([]);
  });

  async function open(records: readonly HistoryRecord[], options: BrowserContextOptions = {}): Promise<Page> {
    const path = join(folder, 'index.html');
    writeFileSync(path, renderTrendPage(trendsOf(records), { repository: REPOSITORY, version: '1.2.3' }));
    const page = await browser.newPage({ viewport: { width: 1100, height: 900 }, ...options });
    page.on('pageerror', ({ message }) => complaints.push(message));
    page.on('console', (message) => complaints.push(message.text()));
    page.on('request', (request) => requests.push(request.url()));
    await page.goto(pathToFileURL(path).href);
    await page.locator('.uplot canvas').first().waitFor();
    return page;
  }

  const commits = (count: number, change: (n: number) => Partial<HistoryRecord> = () => ({})) =>
    Array.from({ length: count }, (_, n) => sampleRecord(n, change(n)));
  const readout = (page: Page) => page.locator('.readout').first().innerText();

  /** The most frequent colour but that of the paper, and those that shine through. */
  const strip = (page: Page) =>
    page.evaluate<string>(`new Promise(requestAnimationFrame).then(() => {
      const canvas = document.querySelector('.uplot canvas');
      const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      const counts = new Map();
      for (let i = 0; i < data.length; i += 4) {
        if (data[i + 3] < 255) continue;
        const colour = data.slice(i, i + 3).join();
        counts.set(colour, (counts.get(colour) ?? 0) + 1);
      }
      return [...counts].sort((a, b) => b[1] - a[1])[0][0];
    })`);

  it('draws the gap and the modalities of a gate, and reads the newest commit out', async () => {
    const page = await open([...commits(9), decorativeRecord(9)]);

    expect(await page.locator('.uplot canvas').count()).toBe(2);
    const text = await readout(page);
    expect(text).toContain('decorative');
    expect(text).toContain(shaOf(9).slice(0, 7));
    expect(text).toContain('+0.0010');
    const links = await page.evaluate("[...document.querySelectorAll('.readout a')].map((a) => a.href)");
    expect(links).toEqual([`${REPOSITORY}/commit/${shaOf(9).slice(0, 12)}`, `${REPOSITORY}/pull/10`]);
  });

  it('goes from commit to commit by keys, and by pointer', async () => {
    const page = await open(commits(10));
    const plot = page.locator('.plot').first();
    await plot.focus();
    await page.keyboard.press('ArrowLeft');
    expect(await readout(page)).toContain(shaOf(8).slice(0, 7));
    await page.keyboard.press('Home');
    expect(await readout(page)).toContain(shaOf(0).slice(0, 7));
    await page.keyboard.press('ArrowLeft');
    expect(await readout(page)).toContain(shaOf(0).slice(0, 7));
    await page.keyboard.press('End');

    const box = (await page.locator('.u-over').first().boundingBox())!;
    await page.mouse.move(box.x + box.width * 0.55, box.y + 40);
    expect(await readout(page)).toContain(shaOf(5).slice(0, 7));
  });

  it('holds a commit, so that the pointer can go to its links', async () => {
    const page = await open(commits(10));
    const box = (await page.locator('.u-over').first().boundingBox())!;
    await page.mouse.click(box.x + box.width * 0.55, box.y + 40);
    await page.mouse.move(box.x + box.width * 0.15, box.y + 60);
    expect(await readout(page)).toContain(shaOf(5).slice(0, 7));
    await page.mouse.click(box.x + box.width * 0.15, box.y + 60);
    expect(await readout(page)).toContain(shaOf(1).slice(0, 7));
  });

  it('says where the model and the evaluation set are new', async () => {
    const newModel = { path: 'models/new.onnx', sha256: 'c'.repeat(64) };
    const page = await open(commits(4, (n) => (n >= 3 ? { model: newModel } : {})));

    expect(await readout(page)).toContain('new model');
    expect(await readout(page)).toContain('models/new.onnx (cccccccc)');
    await page.locator('.plot').first().focus();
    await page.keyboard.press('ArrowLeft');
    expect(await readout(page)).not.toContain('new model');
  });

  it('shows the newest of many commits first, brings others into view, and has all of them in its table', async () => {
    const page = await open(commits(10_000));
    const first = page.locator('.toolbar').first();
    expect(await first.locator('[aria-pressed=true]').innerText()).toBe('Newest 200');
    await first.getByText('All 10,000').click();
    await page.locator('.plot').first().focus();
    await page.keyboard.press('Home');
    expect(await readout(page)).toContain('2026-01-01');

    await page.locator('summary').click();
    const rows = page.locator('tbody tr');
    expect(await rows.count()).toBe(20);
    await page.getByText('Show older commits').click();
    expect(await rows.count()).toBe(120);
    expect(await rows.last().innerText()).toContain(shaOf(9880).slice(0, 7));
  });

  it('draws what is there: a single commit, no modality, a gap of nothing', async () => {
    const flat = {
      modalities: [],
      gap: { value: 0, lower: 0, upper: 0, confidence: 0.95 },
      pullRequest: null,
    };
    const page = await open(commits(1, () => flat));

    expect(await page.locator('.uplot canvas').count()).toBe(1);
    expect(await page.locator('button.older').isVisible()).toBe(false);
  });

  it.each(['light', 'dark'] as const)(
    'has another look for %s, and takes it up while it is open',
    async (scheme) => {
      const page = await open(commits(5), { colorScheme: scheme === 'light' ? 'dark' : 'light' });
      await page.emulateMedia({ colorScheme: scheme });
      const background = await page.evaluate('getComputedStyle(document.body).backgroundColor');

      expect(background).toBe(scheme === 'light' ? 'rgb(246, 247, 251)' : 'rgb(11, 13, 20)');
      await page.locator('.uplot canvas').first().waitFor();
    },
  );

  it.each<[string, BrowserContextOptions]>([
    ['light', { colorScheme: 'light' }],
    ['dark', { colorScheme: 'dark' }],
    ['phone', { colorScheme: 'light', viewport: { width: 390, height: 844 } }],
  ])('has nothing that axe would mend: %s', async (_, screen) => {
    const gates = ['stress', 'sentiment'].flatMap((gate) => commits(25, () => ({ gate })));
    const others = VERDICTS.map((verdict, n) => sampleRecord(30 + n, { verdict }));
    const page = await open([...gates, ...others], screen);
    await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true");
    await page.evaluate(axe);
    const { violations, passes } = await page.evaluate<AxeResults>('axe.run()');
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
    expect(passes.map(({ id }) => id)).toContain('color-contrast');
  });

  it('prints all gates on white, in the colours of light, no wider than paper', async () => {
    const gates = Array.from({ length: 8 }, (_, g) => commits(5, () => ({ gate: `gate-${g}` })));
    const page = await open(gates.flat(), { colorScheme: 'dark' });
    const canvases = page.locator('.uplot canvas');
    expect(await canvases.count()).toBeLessThan(16);

    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    expect(await canvases.count()).toBe(16);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    const widths = "[...document.querySelectorAll('.uplot canvas')].map((it) => it.clientWidth)";
    expect(Math.max(...(await page.evaluate<number[]>(widths)))).toBeLessThanOrEqual(640);
    // The strip below the plot, where all commits passed.
    expect(await strip(page)).toBe('21,128,61');

    await page.emulateMedia({ media: 'screen', colorScheme: 'dark' });
    await page.evaluate("dispatchEvent(new Event('afterprint'))");
    expect(await strip(page)).toBe('74,222,128');
  });

  it('is no wider than a phone', async () => {
    const long = 'a-name-without-any-place-to-break-it-'.repeat(3);
    const records = [...commits(30), ...commits(30, () => ({ gate: long }))];
    const page = await open(records, { viewport: { width: 360, height: 740 } });

    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(360);
  });

  it('shows names from files as the text that they are', async () => {
    const hostile = '</script><img src=x onerror="document.title=1"><script>document.title=1</script>';
    const change = {
      gate: hostile,
      metric: '<b>bold</b>',
      model: { path: hostile, sha256: '' },
      modalities: [{ name: hostile, gap: 0, p: 1, auroc: null }],
    };
    const page = await open(commits(3, () => change));

    expect(await page.title()).toBe('Do the reliability scores of octo-lab/stress-model matter?');
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('h2').innerText()).toContain('</script><img src=x onerror=');
  });
});
