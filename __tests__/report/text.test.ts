import { describe, expect, it } from 'vitest';

import { renderText } from '../../src/report/text.ts';
import {
  decorative,
  hostile,
  inconclusive,
  inertRule,
  invalid,
  misleading,
  qualityAware,
  runOf,
} from './fixtures.ts';

const every = runOf(qualityAware, decorative, misleading, inertRule, inconclusive, invalid);

describe('renderText', () => {
  it('looks as a reviewer approved it (vitest -u writes it anew)', async () => {
    await expect(renderText(every, { colour: false })).toMatchFileSnapshot('__golden__/every-verdict.txt');
  });

  it('differs in colour alone', () => {
    const coloured = renderText(every, { colour: true });
    expect(coloured).toContain('\u001b[31mFAIL\u001b[0m stress-avp');
    // eslint-disable-next-line no-control-regex
    expect(coloured.replaceAll(/\u001b\[\d+m/g, '')).toBe(renderText(every, { colour: false }));
  });

  it('keeps lines short', () => {
    const longest = Math.max(
      ...renderText(every, { colour: false })
        .split('\n')
        .map((line) => line.length),
    );
    expect(longest).toBeLessThanOrEqual(100);
  });

  it('lets no name give orders to a terminal or to the runner', () => {
    const lines = renderText(runOf(...hostile), { colour: false }).split('\n');
    // The no-break space inside an interval is ours.
    for (const line of lines) expect(line.replaceAll('\u00a0', ' ')).not.toMatch(/##\[|^\s*::|\p{C}/u);
  });
});
