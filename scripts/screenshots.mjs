// npm run screenshots: the pictures in docs/, of what the program makes of its own example. Needs Chromium, and a
// font with emoji (fonts-noto-color-emoji), without which the comment has boxes for its icons.
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { chromium } from 'playwright-core';

import { bundle, root } from './bundle.mjs';
import { commentPage } from './comment-page.mjs';
import { madeUpHistory } from './made-up-history.mjs';

/** What is drawn: a gate whose scores say nothing, because that is what people come for. */
const GATE = 'digits-noise';
const SCHEMES = ['light', 'dark'];
const BROWSERS = [process.env.FUSION_GATE_BROWSER, '/usr/bin/chromium', '/usr/bin/google-chrome'];
/** Of the sources, not of dist/, which may be older. */
const PROGRAMS = {
  cli: 'src/cli.ts',
  worker: 'src/parallel/worker.ts',
  markdown: 'src/report/markdown.ts',
  past: 'src/history/past-of.ts',
};

const work = await mkdtemp(join(tmpdir(), 'fusion-gate-'));
try {
  await bundle(join(work, 'dist'), PROGRAMS);
  await cp(join(root, 'examples/digits'), work, { recursive: true });
  const pages = await writePages(work);
  await mkdir(join(root, 'docs'), { recursive: true });
  const browser = await chromium.launch({ executablePath: browserPath(), args: ['--no-sandbox'] });
  for (const { name, scheme, page, viewport, part } of pages) {
    await shoot(browser, { page, scheme, viewport, part, path: join(root, 'docs', `${name}-${scheme}.png`) });
  }
  await browser.close();
} finally {
  await rm(work, { recursive: true });
}

/** What is to be drawn: a whole window, or a part of a page as tall as it is. */
async function writePages(folder) {
  const report = join(folder, 'report.html');
  const json = join(folder, 'report.json');
  fusionGate(folder, ['run', '--gate', GATE, '--html', report, '--report', json, '--quiet']);
  const history = madeUpHistory(GATE);
  const trend = join(folder, 'trend.html');
  await writeFile(
    join(folder, 'history.jsonl'),
    history.map((record) => `${JSON.stringify(record)}\n`),
  );
  fusionGate(folder, ['trend', '--history-file', 'history.jsonl', '--output', trend]);
  const markdown = await commentOn(folder, json, history);
  const pages = SCHEMES.flatMap((scheme) => [
    { name: 'report', scheme, page: report, viewport: { width: 1200, height: 1060 } },
    { name: 'trend', scheme, page: trend, viewport: { width: 1200, height: 940 } },
  ]);
  for (const scheme of SCHEMES) {
    const page = join(folder, `comment-${scheme}.html`);
    await writeFile(page, await commentPage(markdown, scheme));
    pages.push({ name: 'comment', scheme, page, viewport: { width: 944, height: 900 }, part: '.comment' });
  }
  return pages;
}

function fusionGate(folder, args) {
  try {
    execFileSync(process.execPath, [join(folder, 'dist', 'cli.js'), ...args], {
      cwd: folder,
      stdio: 'ignore',
    });
  } catch (error) {
    // This gate is made to fail.
    if (error.status !== 1) throw error;
  }
}

/** As it would be on a pull request, with a history. */
async function commentOn(folder, json, history) {
  const program = (name) => import(pathToFileURL(join(folder, 'dist', `${name}.js`)).href);
  const { renderMarkdown } = await program('markdown');
  const { pastOf } = await program('past');
  const report = JSON.parse(await readFile(json, 'utf8'));
  return renderMarkdown(report, { limit: 60_000, past: pastOf(history, '', history.at(-1).sha) });
}

async function shoot(browser, { page, scheme, viewport, part, path }) {
  const tab = await browser.newPage({ viewport, colorScheme: scheme });
  await tab.goto(pathToFileURL(page).href);
  if (part === undefined) await tab.screenshot({ path });
  else {
    await tab.waitForFunction('window.drawn === true');
    await tab.locator(part).screenshot({ path });
  }
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
