// npm run screenshots: the pictures in docs/, of what the program makes of its own example. Needs Chromium.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

import { bundle, root } from './bundle.mjs';

/** What is drawn: a gate whose scores say nothing, because that is what people come for. */
const GATE = 'digits-noise';
const VIEWPORT = { width: 1200, height: 1060 };
const BROWSERS = [process.env.FUSION_GATE_BROWSER, '/usr/bin/chromium', '/usr/bin/google-chrome'];

const work = await mkdtemp(join(tmpdir(), 'fusion-gate-'));
try {
  const page = await reportPage(work);
  await mkdir(join(root, 'docs'), { recursive: true });
  const browser = await chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox'] });
  for (const colorScheme of ['light', 'dark']) {
    await shoot(browser, page, colorScheme, join(root, 'docs', `report-${colorScheme}.png`));
  }
  await browser.close();
} finally {
  await rm(work, { recursive: true });
}

/** Of the sources, not of dist/, which may be older. */
async function reportPage(folder) {
  await bundle(join(folder, 'dist'));
  const page = join(folder, 'report.html');
  const args = [
    'run',
    '--config',
    'examples/digits/fusion-gate.yml',
    '--gate',
    GATE,
    '--html',
    page,
    '--quiet',
  ];
  try {
    execFileSync(process.execPath, [join(folder, 'dist', 'cli.js'), ...args], { cwd: root, stdio: 'ignore' });
  } catch (error) {
    // This gate is made to fail.
    if (error.status !== 1) throw error;
  }
  return page;
}

async function shoot(browser, page, colorScheme, path) {
  const tab = await browser.newPage({ viewport: VIEWPORT, colorScheme });
  await tab.goto(pathToFileURL(page).href);
  await tab.screenshot({ path });
  await tab.close();
  console.log(path);
}

function browserPath() {
  const path = BROWSERS.find((place) => place !== undefined && existsSync(place));
  if (path !== undefined) return path;
  throw new Error(
    'No Chromium here. Install one (apt-get install chromium), or name it in FUSION_GATE_BROWSER.',
  );
}
