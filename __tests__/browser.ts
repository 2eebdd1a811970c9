import { existsSync } from 'node:fs';

import { type Browser, chromium } from 'playwright-core';

/** Where a system keeps Chromium or what is built on it; `FUSION_GATE_BROWSER` names another. */
const PLACES = [
  process.env.FUSION_GATE_BROWSER,
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

/** The browser that tests look at pages with; undefined where none is installed. */
export const BROWSER = PLACES.find((place) => place !== undefined && existsSync(place));

/** What the line of a skipped test says. */
export const NO_BROWSER =
  BROWSER === undefined
    ? ' (skipped: no Chromium here; apt-get install chromium, or FUSION_GATE_BROWSER)'
    : '';

/** Without a sandbox: a container has none to offer, and the pages are our own. */
export function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: BROWSER, args: ['--no-sandbox'] });
}
