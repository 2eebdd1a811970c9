import { existsSync, writeFileSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { type Browser, chromium } from 'playwright-core';
import seedrandom from 'seedrandom';

import { regressionOf } from '../src/history/change-point.ts';
import { branchFiles, historyPath } from '../src/history/branch-files.ts';
import type { HistoryRecord } from '../src/history/record-schema.ts';
import { type Measured, median, seconds } from './table.ts';

const REPETITIONS = 5;
const RECORDS = 10_000;
const BROWSERS = [process.env.FUSION_GATE_BROWSER, '/usr/bin/chromium', '/usr/bin/google-chrome'];
const DAY_MS = 86_400_000;

/**
 * What a run adds to the time that GitHub takes, where the history is long: reading it, adding a record, and making the page and
 * the badges; and how long a browser takes from opening that page until it has drawn.
 */
export async function history(folder: string): Promise<Measured> {
  const rows: string[][] = [];
  const browser = await startBrowser();
  for (const gates of [1, 10]) {
    const texts = historiesOf(gates);
    const times = Array.from({ length: REPETITIONS }, () => write(texts));
    const page = join(folder, `${gates}.html`);
    writeFileSync(page, times[0].page);
    const drawn = browser === undefined ? [] : await draw(browser, page);
    rows.push([
      gates === 1 ? '1 gate' : `${gates} gates`,
      seconds(median(times.map((time) => time.seconds))),
      seconds(median(times.map((time) => time.looking))),
      drawn.length === 0 ? 'no Chromium' : seconds(median(drawn)),
      `${(times[0].page.length / 1e6).toFixed(1)} MB`,
    ]);
  }
  const version = browser?.version();
  await browser?.close();
  return {
    title: `A history of ${RECORDS.toLocaleString('en-US')} records, median of ${REPETITIONS}, Node ${process.versions.node}${version === undefined ? '' : `, Chromium ${version}`}:`,
    header: [
      '',
      'a record written, without the API',
      'drops looked for',
      'the page opened and drawn',
      'the page',
    ],
    rows,
    notes: [`Load of the machine in the last minute: ${loadavg()[0].toFixed(1)}.`],
  };
}

interface Written {
  readonly seconds: number;
  /** For drops, in the history of the gate that is written. */
  readonly looking: number;
  readonly page: string;
}

function write(texts: ReadonlyMap<string, string>): Written {
  const [gate] = gateNames(1);
  const start = performance.now();
  const added = recordOf(gate, RECORDS, 0.1);
  const { files, records } = branchFiles(texts, [added], RECORDS, { version: '0.0.0' });
  const written = performance.now();
  regressionOf(records.filter((record) => record.gate === gate));
  const end = performance.now();
  return {
    seconds: (written - start) / 1000,
    looking: (end - written) / 1000,
    page: files.get('index.html')!,
  };
}

/** Until the second frame after the first plot stands: by then it is on the screen. */
async function draw(browser: Browser, path: string): Promise<number[]> {
  const times: number[] = [];
  for (let i = 0; i < REPETITIONS; i++) {
    const page = await browser.newPage({ viewport: { width: 1200, height: 900 } });
    await page.goto(pathToFileURL(path).href);
    await page.locator('.uplot canvas').first().waitFor();
    const frames = 'new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))';
    times.push(Number(await page.evaluate(`${frames}.then(() => performance.now())`)) / 1000);
    await page.close();
  }
  return times;
}

async function startBrowser(): Promise<Browser | undefined> {
  const executablePath = BROWSERS.find((path) => path !== undefined && existsSync(path));
  return executablePath === undefined
    ? undefined
    : chromium.launch({ executablePath, args: ['--no-sandbox'] });
}

/** Histories on the branch, by path, with as many records together. */
function historiesOf(gates: number): Map<string, string> {
  const random = seedrandom('history');
  return new Map(
    gateNames(gates).map((gate) => {
      const records = Array.from({ length: RECORDS / gates }, (_, n) =>
        recordOf(gate, n, 0.1 + 0.1 * random()),
      );
      return [historyPath(gate), records.map((record) => `${JSON.stringify(record)}\n`).join('')];
    }),
  );
}

function gateNames(count: number): string[] {
  return Array.from({ length: count }, (_, i) => `gate-${i + 1}`);
}

function recordOf(gate: string, n: number, gap: number): HistoryRecord {
  const sha = n.toString(16).padStart(40, '7');
  const hash = (Math.floor(n / 5) + 1).toString(16).padStart(64, '0');
  return {
    version: 1,
    gate,
    sha,
    ref: 'refs/heads/main',
    time: new Date(Date.UTC(2000, 0, 1) + n * DAY_MS).toISOString(),
    pullRequest: n + 1,
    tool: '0.0.0',
    model: { path: 'models/stress.onnx', sha256: hash },
    evaluationSet: { path: 'data/eval.npz', sha256: '0'.repeat(64), evaluated: 2000 },
    metric: 'accuracy',
    threshold: 0.15,
    alpha: 0.05,
    verdict: gap < 0.15 ? 'decorative' : 'quality-aware',
    conclusion: gap < 0.15 ? 'failure' : 'success',
    clean: 0.8,
    broken: 0.8 - gap,
    gap: { value: gap, lower: gap - 0.02, upper: gap + 0.02, confidence: 0.95 },
    p: 0.001,
    modalities: ['audio', 'video', 'text'].map((name) => ({ name, gap: gap / 3, p: 0.01, auroc: 0.7 })),
    controls: { correctness: { gap: 0.3, p: 0.001, passed: true }, corruption: null },
  };
}
