import { expect, it } from 'vitest';

import { regressionOf } from '../../src/history/change-point.ts';
import {
  dropMarker,
  mendedBody,
  regressionIssue,
  regressionMarker,
} from '../../src/github/regression-text.ts';
import { sampleRecord, shaOf } from '../history/sample-record.ts';

const place = { repository: 'https://github.com/octo-lab/stress', branch: 'fusion-gate' };
const records = [0.1, 0.1, 0.1, -0.1].map((value, n) =>
  sampleRecord(n, {
    gap: { value, lower: value - 0.01, upper: value + 0.01, confidence: 0.95 },
    evaluationSet: { path: 'eval.npz', sha256: (n === 0 ? 'b' : String(n)).repeat(64), evaluated: 400 },
  }),
);
const regression = regressionOf(records)!;

it('says where the gap dropped, from what to what, and what changed', () => {
  const { title, body } = regressionIssue('stress', regression, records, place);

  expect(title).toBe(`fusion-gate: the gap of stress dropped at ${shaOf(3).slice(0, 7)}`);
  expect(body).toContain(`https://github.com/octo-lab/stress/commit/${shaOf(3)}`);
  expect(body).toContain('+0.1000 | [+0.0900,\u00a0+0.1100]');
  expect(body).toContain('−0.1000 | [−0.1100,\u00a0−0.0900]');
  expect(body).toContain('Between the two, the evaluation set changed.');
  expect(body).toContain(`https://github.com/octo-lab/stress/compare/${shaOf(2)}...${shaOf(3)}`);
});

it('lets no name of a gate say anything of its own', () => {
  const gate = '--> @octo-lab/all <img src=x> #1\n[x](https://evil.example)';
  const { title, body } = regressionIssue(gate, regression, records, place);
  const [marker, ...rest] = body.split('\n');

  expect(marker).toMatch(/^<!-- [^<>]* -->$/);
  expect(marker.indexOf('-->')).toBe(marker.length - 3);
  expect(marker.startsWith(regressionMarker(gate))).toBe(true);
  expect(rest.join('\n')).not.toMatch(/@octo-lab|<img|\[x\]|https:\/\/evil/);
  expect(title).not.toContain('\n');
});

it('tells two gates apart of which one begins like the other', () => {
  expect(dropMarker('stress-av', regression).startsWith(regressionMarker('stress'))).toBe(false);
});

it('keeps its first line when it is closed', () => {
  const { body } = regressionIssue('stress', regression, records, place);
  const closed = mendedBody(body, sampleRecord(9), place);

  expect(closed.split('\n')[0]).toBe(dropMarker('stress', regression));
  expect(closed).toContain(`**The gap is back** at [<code>${shaOf(9).slice(0, 7)}</code>]`);
  expect(closed).toContain('+0.1000 [+0.0800,\u00a0+0.1200]');
  expect(closed).toContain(body.slice(body.indexOf('\n')));
});
