import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { ConfigurationError } from '../../src/foundation/errors.ts';
import { openOutputFolder } from '../../src/foundation/output-folder.ts';

let base: string;
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'fusion-gate-'));
});
afterEach(() => {
  rmSync(base, { recursive: true });
});

const open = (path: string) => openOutputFolder(path, base, '--plots');

it('is made when there is something to put into it, and not before', () => {
  const folder = open('a/b');
  expect(existsSync(join(base, 'a'))).toBe(false);
  folder.write(new Map([['one.svg', '<svg/>']]));
  expect(readFileSync(join(base, 'a/b/one.svg'), 'utf8')).toBe('<svg/>');
});

it('keeps what else is there', () => {
  mkdirSync(join(base, 'a'));
  writeFileSync(join(base, 'a/mine.txt'), 'mine');
  writeFileSync(join(base, 'a/one.svg'), 'old');
  open('a').write(new Map([['one.svg', 'new']]));
  expect(readdirSync(join(base, 'a')).toSorted()).toEqual(['mine.txt', 'one.svg']);
  expect(readFileSync(join(base, 'a/one.svg'), 'utf8')).toBe('new');
});

it('is not a file, nor below one', () => {
  writeFileSync(join(base, 'file'), '');
  for (const path of ['file', 'file/a']) {
    expect(() => open(path)).toThrow(ConfigurationError);
    expect(() => open(path)).toThrow(
      `--plots is "${path}", but "${join(base, 'file')}" is a file. Name a folder.`,
    );
  }
});

it('writes through no link', () => {
  mkdirSync(join(base, 'a'));
  writeFileSync(join(base, 'elsewhere'), 'mine');
  symlinkSync(join(base, 'elsewhere'), join(base, 'a/one.svg'));
  expect(() => {
    open('a').write(new Map([['one.svg', '']]));
  }).toThrow('--plots is "one.svg", which is a link. Name a file to write.');
  expect(readFileSync(join(base, 'elsewhere'), 'utf8')).toBe('mine');
});
