import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { recordInFile, tellDamaged } from '../../src/history/history-file.ts';
import { parseHistory, recordsIn } from '../../src/history/history-lines.ts';
import { linesOf, sampleRecord } from './sample-record.ts';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
  path = join(folder, 'history.jsonl');
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

const keep = (n: number, limit = 1000) => recordInFile(path, [sampleRecord(n)], limit, '--history-file');
const text = () => readFileSync(path, 'utf8');

it('makes the file, adds to it, and leaves nothing else behind', async () => {
  await keep(0);
  await keep(1);
  await keep(1);

  expect(text()).toBe(linesOf(sampleRecord(0), sampleRecord(1)));
  expect(readdirSync(folder)).toEqual(['history.jsonl']);
});

it('keeps damaged lines in a file of their own, behind those of before', async () => {
  writeFileSync(path, `${linesOf(sampleRecord(0))}one{\n`);
  await keep(1);
  writeFileSync(path, `${text()}two{\n`);
  const { damaged } = await keep(2);

  expect(text()).toBe(linesOf(sampleRecord(0), sampleRecord(1), sampleRecord(2)));
  expect(readFileSync(`${path}.damaged`, 'utf8')).toBe('one{\ntwo{\n');
  expect(tellDamaged(damaged, 'history.jsonl', 'history.jsonl.damaged')).toBe(
    'Line 3 of the history "history.jsonl" is not a record (it is not JSON); it is kept in "history.jsonl.damaged".',
  );
});

it('loses nothing where 200 write at once and the file is compacted under them', async () => {
  await Promise.all(Array.from({ length: 200 }, (_, n) => keep(n, 250)));

  expect(new Set(recordsIn(parseHistory(text()).lines).map(({ sha }) => sha)).size).toBe(200);
  await keep(200, 150);
  expect(recordsIn(parseHistory(text()).lines)).toHaveLength(150);
});

it('takes over a lock that a killed process left behind', async () => {
  writeFileSync(`${path}.lock`, '');
  const longAgo = new Date(Date.now() - 3_600_000);
  utimesSync(`${path}.lock`, longAgo, longAgo);
  await keep(0);

  expect(existsSync(`${path}.lock`)).toBe(false);
  expect(text()).toBe(linesOf(sampleRecord(0)));
});

it('does not take a file apart that is no history', async () => {
  writeFileSync(path, 'id,label\n1,0\n');

  await expect(keep(0)).rejects.toThrow(
    /in which no line is a record of fusion-gate. Name a file of its own/,
  );
  expect(text()).toBe('id,label\n1,0\n');
  expect(readdirSync(folder)).toEqual(['history.jsonl']);
});

it('says so where the file is a folder', async () => {
  mkdirSync(path);

  await expect(keep(0)).rejects.toThrow(/which is not a file. Name a file of JSON lines/);
});
