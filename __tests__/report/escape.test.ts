import { describe, expect, it } from 'vitest';

import { clip, code, plain, terminal, visible, webAddress } from '../../src/report/escape.ts';
import { HOSTILE } from './fixtures.ts';

/** What is left of escaped text once its own entities and tags are taken out. */
function bare(escaped: string): string {
  return escaped.replaceAll(/<span>&#36;<\/span>|&#\d+;/g, '·').replace(/^<code>(.*)<\/code>$/s, '$1');
}

/** What a page shows of escaped text. */
function shown(escaped: string): string {
  return escaped
    .replaceAll(/<\/?(span|code)>/g, '')
    .replaceAll(/&#(\d+);/g, (_, decimal: string) => String.fromCharCode(Number(decimal)));
}

describe.each(HOSTILE)('%j', (text) => {
  it.each([
    ['plain', plain],
    ['code', code],
  ])('is only text after %s', (_, escape) => {
    expect(bare(escape(text))).not.toMatch(/[&<>`*_~[\]\\|#$\p{C}\n]/u);
    expect(shown(escape(text))).not.toMatch(/@(?!\u200b)|:\/\/|www\./);
    expect(shown(escape(text)).replaceAll('\u200b', '')).toBe(visible(text));
  });

  it('makes no reference, commit link or emoji in running text', () => {
    expect(shown(plain(text))).not.toMatch(/#\d|GH-\d|\b[0-9a-f]{7,40}\b|:[a-z]/);
  });

  it('is no command to a runner or a terminal', () => {
    expect(terminal(text)).not.toMatch(/##\[|(^|\s)::|\p{C}/u);
  });
});

it('leaves names that people copy as they are', () => {
  expect(code('stress-avp/fold-1 (v2.0)')).toBe('<code>stress-avp/fold-1 (v2.0)</code>');
});

it('spells out what cannot be seen', () => {
  expect(visible('a\u202eb\nc\u200b\ud800')).toBe('a\\u{202e}b\\u{a}c\\u{200b}\\u{d800}');
  expect(visible('Łódź 音声 😀')).toBe('Łódź 音声 😀');
});

it('clips a long text in the middle, so that both ends still tell it from others', () => {
  expect(clip('0123456789', 7)).toBe('0123…89');
  expect(clip('0123456789', 10)).toBe('0123456789');
  expect(Array.from(clip('😀'.repeat(50), 20))).toHaveLength(20);
});

it('links to web addresses only', () => {
  expect(webAddress('https://github.com/o/r/actions/runs/1')).toBe('https://github.com/o/r/actions/runs/1');
  expect(webAddress('https://h/"><img src=x>')).toBe('https://h/%22%3E%3Cimg%20src=x%3E');
  expect(['javascript:alert(1)', 'data:text/html,x', 'no address', undefined].map(webAddress)).toEqual(
    Array(4).fill(undefined),
  );
});
