import { PassThrough } from 'node:stream';

import { describe, expect, it } from 'vitest';

import { terminalLogger, wantsColour } from '../../src/foundation/terminal-logger.ts';

/** A stream that keeps what is written, with a clock that is set by hand. */
function listen({ isTTY = false, quiet = false, environment = {} } = {}) {
  const stream = Object.assign(new PassThrough(), { isTTY });
  let time = 0;
  const logger = terminalLogger({ stream, quiet, environment, now: () => time });
  const heard = (): string => {
    const chunk: unknown = stream.read();
    return chunk instanceof Buffer ? chunk.toString() : '';
  };
  return {
    logger,
    heard,
    wait: (ms: number) => {
      time += ms;
    },
  };
}

describe('in a log file', () => {
  it('a line for each message, its kind before what is more than information', () => {
    const { logger, heard } = listen();
    logger.info('a');
    logger.warning('b');
    logger.error('c');
    logger.debug('d');
    expect(heard()).toBe('a\nwarning: b\nerror: c\n');
  });

  it('progress is a line every five seconds, and one when all is done', () => {
    const { logger, heard, wait } = listen();
    const progress = logger.progress('shuffles', 300);
    progress.advance(10);
    wait(4999);
    progress.advance(10);
    expect(heard()).toBe('');
    wait(1);
    progress.advance();
    expect(heard()).toBe('shuffles: 7 %\n');
    progress.advance(200);
    wait(6000);
    progress.advance(78);
    expect(heard()).toBe('shuffles: 99 %\n');
    progress.advance();
    progress.done();
    wait(9000);
    progress.advance();
    expect(heard()).toBe('shuffles: 100 %\n');
  });

  it('debugging is said where it is asked for', () => {
    const { logger, heard } = listen({ environment: { DEBUG: '1' } });
    logger.debug('stack');
    expect(heard()).toBe('stack\n');
  });

  it('nothing in a message steers the terminal', () => {
    const { logger, heard } = listen();
    logger.error('model \u001b[2J\r\u202Ename\nnext');
    expect(heard()).toBe('error: model \\u{1b}[2J\\u{d}\\u{202e}name\nnext\n');
  });
});

describe('when quiet', () => {
  it('only warnings and errors are said', () => {
    const { logger, heard, wait } = listen({ quiet: true });
    logger.info('a');
    const progress = logger.progress('shuffles', 2);
    wait(60_000);
    progress.advance(2);
    progress.done();
    logger.warning('b');
    logger.error('c');
    expect(heard()).toBe('warning: b\nerror: c\n');
  });
});

describe('on a terminal', () => {
  it('warnings are yellow and errors red, unless NO_COLOR says otherwise', () => {
    const coloured = listen({ isTTY: true });
    coloured.logger.warning('b');
    coloured.logger.error('c');
    expect(coloured.heard()).toBe(
      '\r\u001b[K\u001b[33mwarning: b\u001b[0m\n\r\u001b[K\u001b[31merror: c\u001b[0m\n',
    );
    const plain = listen({ isTTY: true, environment: { NO_COLOR: '1' } });
    plain.logger.error('c');
    expect(plain.heard()).toBe('\r\u001b[Kerror: c\n');
  });

  it('an empty NO_COLOR is none, as no-color.org has it', () => {
    expect(wantsColour({ isTTY: true }, { NO_COLOR: '' })).toBe(true);
    expect(wantsColour({ isTTY: true }, { NO_COLOR: '0' })).toBe(false);
    expect(wantsColour({}, {})).toBe(false);
  });

  it('progress is a bar that goes away, and leaves interrupts alone', () => {
    const { logger, heard } = listen({ isTTY: true });
    const before = process.listenerCount('SIGINT');
    const progress = logger.progress('shuffles', 4);
    expect(process.listenerCount('SIGINT')).toBe(before);
    progress.advance(3);
    progress.done();
    const said = heard();
    expect(said).toContain('shuffles [');
    expect(said).toContain('75 %');
    expect(said).not.toContain('\n');
  });
});
