import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import type { AxeResults } from 'axe-core';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

import { renderHtml } from '../../../src/report/html/page.ts';
import { renderPlots } from '../../../src/report/html/plot-files.ts';
import { BROWSER, NO_BROWSER, startBrowser } from '../../browser.ts';
import {
  decorative,
  hostile,
  inconclusive,
  inertRule,
  invalid,
  misleading,
  qualityAware,
  runOf,
} from '../fixtures.ts';

const every = runOf(qualityAware, decorative, misleading, inertRule, inconclusive, invalid);
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** Words of a plot that stick out of it. */
const WORDS_OUTSIDE = `[...document.querySelectorAll('.plot')].flatMap((plot) => {
  const { left, right, top, bottom } = plot.getBoundingClientRect();
  return [...plot.querySelectorAll('text')].flatMap((text) => {
    const box = text.getBoundingClientRect();
    const isInside =
      box.left >= left - 1 && box.right <= right + 1 && box.top >= top - 1 && box.bottom <= bottom + 1;
    return isInside ? [] : [text.textContent];
  });
})`;

const SCREENS: Readonly<Record<string, BrowserContextOptions>> = {
  light: { viewport: { width: 1280, height: 900 }, colorScheme: 'light' },
  dark: { viewport: { width: 1280, height: 900 }, colorScheme: 'dark' },
  phone: { viewport: { width: 390, height: 844 }, colorScheme: 'light' },
};

describe.skipIf(BROWSER === undefined)(`the page in a browser${NO_BROWSER}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'page-'));
  let browser: Browser;

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    rmSync(folder, { recursive: true });
  });

  /** Opens it from a file, and notes whatever the browser complains of or asks others for. */
  async function open(
    html: string,
    screen: BrowserContextOptions = SCREENS.light,
  ): Promise<{ page: Page; noted: string[] }> {
    const path = join(folder, 'report.html');
    const address = pathToFileURL(path).href;
    writeFileSync(path, html);
    const page = await browser.newPage(screen);
    const noted: string[] = [];
    page.on('console', (message) => noted.push(message.text()));
    page.on('pageerror', (error) => noted.push(String(error)));
    page.on('dialog', (dialog) => noted.push(dialog.message()));
    page.on('request', (request) => {
      if (request.url() !== address) noted.push(request.url());
    });
    await page.goto(address);
    return { page, noted };
  }

  it.each(Object.keys(SCREENS))('has nothing that axe would mend: %s', async (screen) => {
    const { page, noted } = await open(renderHtml(every), SCREENS[screen]);
    await page.evaluate("for (const details of document.querySelectorAll('details')) details.open = true");
    await page.evaluate(axe);
    const { violations, passes } = await page.evaluate<AxeResults>('axe.run()');
    expect(violations.map(({ id, nodes }) => `${id}: ${nodes[0].html}`)).toEqual([]);
    expect(passes.map(({ id }) => id)).toContain('color-contrast');
    expect(noted).toEqual([]);
    await page.close();
  });

  it('fits a phone: nothing but tables is wider', async () => {
    const { page } = await open(renderHtml(every), SCREENS.phone);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(390);
    await page.close();
  });

  it('keeps the words of plots inside them', async () => {
    const { page } = await open(renderHtml(every));
    const outside = await page.evaluate(WORDS_OUTSIDE);
    expect(outside).toEqual([]);
    await page.close();
  });

  it('sorts a table by its numbers, both ways, what is missing last', async () => {
    const { page } = await open(renderHtml(every));
    const gapsBy = async (): Promise<string[]> => {
      await page.locator('.overview thead button', { hasText: 'Gap' }).click();
      return page.locator('.overview tbody th').allTextContents();
    };
    const rising = ['swapped-columns', 'stress-avp', 'saturated-router', 'end-to-end', 'digits-truthful'];
    expect(await gapsBy()).toEqual([...rising, 'dropout-left-on']);
    expect(await page.locator('.overview th[aria-sort]').getAttribute('aria-sort')).toBe('ascending');
    expect(await gapsBy()).toEqual([...rising.toReversed(), 'dropout-left-on']);
    expect(await page.locator('.overview th[aria-sort]').getAttribute('aria-sort')).toBe('descending');
    await page.close();
  });

  it('says what a mark is, to the pointer and to the keyboard', async () => {
    const { page } = await open(renderHtml(runOf(decorative)));
    const tip = page.locator('.tip');
    const plot = page.locator('.plot').nth(1);
    await plot.locator('.mark').first().hover();
    expect(await tip.textContent()).toMatch(/^all scores: gap −0\.0005 /);
    await plot.focus();
    await page.keyboard.press('End');
    expect(await tip.textContent()).toMatch(/^only video: gap /);
    await page.keyboard.press('ArrowLeft');
    expect(await tip.textContent()).toMatch(/^only audio: gap /);
    await page.keyboard.press('Escape');
    expect(await tip.isHidden()).toBe(true);
    await page.close();
  });

  it('prints on white, with the numbers behind the plots', async () => {
    const { page } = await open(renderHtml(every), SCREENS.dark);
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    await page.evaluate("dispatchEvent(new Event('beforeprint'))");
    const background = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(background).toBe('rgb(255, 255, 255)');
    expect(await page.locator('details table').first().isVisible()).toBe(true);
    await page.close();
  });

  it('shows all plots and tables without its script', async () => {
    const { page } = await open(renderHtml(every), { ...SCREENS.light, javaScriptEnabled: false });
    expect(await page.locator('.plot').count()).toBe(4 * 5 - 1 + 4);
    expect(await page.locator('.plot .mark title').count()).toBeGreaterThan(100);
    await page.close();
  });

  it('runs nothing that a name says', async () => {
    const { page, noted } = await open(renderHtml(runOf(...hostile)));
    expect(noted).toEqual([]);
    expect(await page.locator('script').count()).toBe(1);
    expect(await page.locator('img, iframe, object, b, a[href^=javascript]').count()).toBe(0);
    await page.close();
  });

  it('draws 100 gates', async () => {
    const { page } = await open(renderHtml(runOf(...Array.from({ length: 100 }, () => decorative))));
    expect(await page.locator('.plot').count()).toBe(800);
    await page.close();
  });

  it('shows a plot of a file as an image, with its colours', async () => {
    const [[, svg]] = renderPlots(runOf(decorative));
    const { page } = await open(
      `<!doctype html><body><img alt="" src="data:image/svg+xml;base64,${Buffer.from(svg).toString('base64')}">`,
    );
    const size = await page.evaluate<number[]>(
      '[document.images[0].naturalWidth, document.images[0].naturalHeight]',
    );
    expect(size[0]).toBe(480);
    expect(size[1]).toBeGreaterThan(200);
    await page.close();
  });
});
