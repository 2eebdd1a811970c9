import { expect, it } from 'vitest';

import type { RunReport } from '../../src/report/gate-report.ts';
import { renderJson } from '../../src/report/json.ts';
import { renderMarkdown } from '../../src/report/markdown.ts';

const failed = (error: string): RunReport => ({
  version: 1,
  tool: { name: 'fusion-gate', version: '1.2.3' },
  conclusion: 'error',
  error,
  gates: [],
});

it('a run that judged nothing says what is wrong, a line for each mistake, and nothing else', () => {
  expect(renderMarkdown(failed('First mistake.\nSecond <img> @team mistake.'), { limit: 65_536 })).toBe(
    [
      '### 🛑 fusion-gate: no gate was judged',
      '**What is wrong**\n\n- First mistake.\n- Second &#60;img&#62; @&#8203;team mistake.',
      '<sub>fusion-gate <code>1.2.3</code></sub>',
    ].join('\n\n'),
  );
});

it('its report has the words as they are', () => {
  expect(JSON.parse(renderJson(failed('a\nb')))).toEqual(failed('a\nb'));
});
