import { afterEach, describe, expect, it, vi } from 'vitest';

import { actionsLogger, quarterlyProgress } from '../../src/github/actions-logger.ts';

function printed(speak: () => void): string {
  let text = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  speak();
  vi.restoreAllMocks();
  return text.replaceAll('\r\n', '\n');
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe('actionsLogger', () => {
  it('annotates, with line breaks and percent signs escaped', () => {
    const text = printed(() => {
      actionsLogger.warning('50 %\n::set-env name=A::1');
      actionsLogger.error('Bad');
    });

    expect(text).toBe(
      '::warning title=fusion-gate::50 %25%0A::set-env name=A::1\n::error title=fusion-gate::Bad\n',
    );
  });

  it.each(['::stop-commands::x', '  ::add-mask::x', 'ok\n::error::x', 'see ##[group]x', 'a\r::error::x'])(
    'gives the runner no orders with %j',
    (message) => {
      const lines = printed(() => {
        actionsLogger.info(message);
      }).split(/\r\n|\n|\r/);

      // How the runner recognises a command: actions/runner, ActionCommand.TryParseV2 and TryParse.
      expect(lines.filter((line) => line.trimStart().startsWith('::') || line.includes('##['))).toEqual([]);
    },
  );

  it('leaves ordinary lines as they are', () => {
    const text = printed(() => {
      actionsLogger.info('stress: gap 0.4 (a::b, #3)');
    });

    expect(text).toBe('stress: gap 0.4 (a::b, #3)\n');
  });
});

describe('quarterlyProgress', () => {
  function lines(
    total: number,
    advances: readonly (readonly [milliseconds: number, steps: number])[],
  ): string[] {
    const shown: string[] = [];
    let clock = 0;
    const progress = quarterlyProgress(
      'Shuffling',
      total,
      (line) => shown.push(line),
      () => clock,
    );
    for (const [milliseconds, steps] of advances) {
      clock += milliseconds;
      progress.advance(steps);
    }
    progress.done();
    return shown;
  }

  it('prints each quarter of slow work once', () => {
    const steps = Array.from({ length: 100 }, () => [1000, 1] as const);

    expect(lines(100, steps)).toEqual([0, 25, 50, 75, 100].map((share) => `Shuffling: ${share} %`));
  });

  it('prints the ends of quick work', () => {
    const steps = Array.from({ length: 100 }, () => [1, 1] as const);

    expect(lines(100, steps)).toEqual(['Shuffling: 0 %', 'Shuffling: 100 %']);
  });

  it('skips quarters that pass together, and counts no further than 100 %', () => {
    expect(
      lines(4, [
        [5000, 3],
        [0, 5],
      ]),
    ).toEqual(['Shuffling: 0 %', 'Shuffling: 75 %', 'Shuffling: 100 %']);
  });

  it('says no more of work that stopped half way', () => {
    expect(lines(10, [[1, 5]])).toEqual(['Shuffling: 0 %']);
  });
});
