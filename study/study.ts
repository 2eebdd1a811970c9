import { fork } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import { asDocument } from './document.ts';
import { PARTS, type PartResult } from './parts.ts';
import { drawStudy } from './picture.ts';
import { DATA_SETS, inOrder, type Results } from './results.ts';

const ROOT = join(import.meta.dirname, '..');
const RESULTS = join(import.meta.dirname, 'results.json');
const QUICK_DATA_SETS = 40;

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    /** The short version: prints the table and writes nothing. */
    quick: { type: 'boolean', default: false },
    /** Keeps what `results.json` has of the same number of data sets. */
    resume: { type: 'boolean', default: false },
    sets: { type: 'string' },
    /** Set by this program itself: runs one part, and sends what it gives. */
    part: { type: 'string' },
  },
});
const sets = Number(values.sets ?? (values.quick ? QUICK_DATA_SETS : DATA_SETS));

if (values.part === undefined) await runAll();
else process.send!(await PARTS[values.part](sets));

async function runAll(): Promise<void> {
  const results: Results = { sets, parts: values.resume || positionals.length > 0 ? known() : {} };
  const left = wished().filter((name) => positionals.length > 0 || !(name in results.parts));
  await Promise.all(
    Array.from({ length: availableParallelism() }, async () => {
      for (let name = left.shift(); name !== undefined; name = left.shift()) {
        results.parts[name] = await runPart(name);
        process.stderr.write(`${name}\n`);
        if (!values.quick) writeFileSync(RESULTS, asJson(results));
      }
    }),
  );
  publish(results);
}

function wished(): string[] {
  const unknown = positionals.find((name) => !(name in PARTS));
  if (unknown !== undefined) {
    throw new Error(`There is no part "${unknown}"; the parts are ${Object.keys(PARTS).join('; ')}.`);
  }
  return positionals.length > 0 ? positionals : Object.keys(PARTS);
}

function known(): Results['parts'] {
  if (!existsSync(RESULTS)) return {};
  const before = JSON.parse(readFileSync(RESULTS, 'utf8')) as Results;
  return before.sets === sets ? before.parts : {};
}

/** In a process of its own, so that all processors have something to do. */
function runPart(name: string): Promise<PartResult> {
  return new Promise((resolve, reject) => {
    const child = fork(process.argv[1], ['--part', name, '--sets', String(sets)]);
    child.on('message', (result) => {
      resolve(result as PartResult);
    });
    child.on('exit', (code) => {
      reject(new Error(`The part "${name}" ended with code ${code}.`));
    });
  });
}

function asJson(results: Results): string {
  return `${JSON.stringify({ ...results, parts: inOrder(results.parts) }, null, 1)}\n`;
}

function publish(results: Results): void {
  const ordered = Object.values(inOrder(results.parts));
  const document = asDocument(ordered, sets);
  if (values.quick) {
    process.stdout.write(document);
    return;
  }
  writeFileSync(join(ROOT, 'docs', 'study.md'), document);
  writeFileSync(join(ROOT, 'docs', 'study.svg'), drawStudy(ordered));
}
