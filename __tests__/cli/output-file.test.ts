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
import { openOutputFile } from '../../src/foundation/output-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fusion-gate-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const open = (path: string) => openOutputFile(path, folder, '--report');

it('writes a new file, or in place of an old one, and leaves nothing else behind', () => {
  const file = open('r.json');
  expect(existsSync(join(folder, 'r.json'))).toBe(false);
  file.write('one');
  open('./r.json').write('two');
  expect(readFileSync(join(folder, 'r.json'), 'utf8')).toBe('two');
  expect(readdirSync(folder)).toEqual(['r.json']);
});

it('keeps what is there when the file cannot be put in its place', () => {
  const file = open('r.json');
  mkdirSync(join(folder, 'r.json', 'full'), { recursive: true });
  expect(() => {
    file.write('new');
  }).toThrow(/^--report could not be written: E/);
  expect(readdirSync(folder)).toEqual(['r.json']);
});

it('refuses a missing folder, a folder and a link, and says so at once', () => {
  mkdirSync(join(folder, 'sub'));
  writeFileSync(join(folder, 'victim'), 'secret');
  symlinkSync(join(folder, 'victim'), join(folder, 'link'));
  expect(() => open('none/r.json')).toThrow(
    new ConfigurationError(
      '--report is "none/r.json", but there is no folder "none". Make it first, or name another.',
    ),
  );
  expect(() => open('sub')).toThrow('--report is "sub", which is a folder. Name a file to write.');
  expect(() => open('link')).toThrow('--report is "link", which is a link. Name a file to write.');
});
