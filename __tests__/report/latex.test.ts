import { describe, expect, it } from 'vitest';

import { renderLatex } from '../../src/report/latex.ts';
import { decorative, HOSTILE, hostile, invalid, qualityAware, runOf } from './fixtures.ts';

/** The rows of the tables, without headings. */
const rowsOf = (text: string): string[] => text.split('\n').filter((line) => line.endsWith(' \\\\'));

describe('renderLatex', () => {
  it('looks as a reviewer approved it (vitest -u writes it anew)', async () => {
    const run = runOf(
      qualityAware,
      { ...decorative, name: 'late seed 1 fold 0' },
      { ...decorative, name: 'late seed 1 fold 1', alignment: null, headroom: null, competitiveness: null },
      invalid,
    );
    await expect(renderLatex(run)).toMatchFileSnapshot('__golden__/tables.tex');
  });

  it('shows one fold without a deviation, and none that was not measured', () => {
    const bare = { ...decorative, alignment: null, headroom: null, competitiveness: null };
    // 1625 and 1626 of 2000 are right.
    expect(rowsOf(renderLatex(runOf(bare)))).toEqual([
      'Family & median $\\Delta$ & $\\rho$ \\\\',
      `${bare.name} & -- & -- \\\\`,
      'Family & Clean--Perm & $p_{\\mathrm{perm}}$ (med) & Oracle--C \\\\',
      expect.stringMatching(/^\S+ & \$-?0\.00[01]\$ & 0\.\d\d & -- \\\\$/),
      'Family & NoQ & Clean-Q \\\\',
      expect.stringContaining(' & $0.813$ \\\\'),
    ]);
  });

  it('leaves out what could not be judged, and says so', () => {
    const text = renderLatex(runOf(invalid));
    expect(text).toMatch(/^% Left out: dropout-left-on: This gate cannot be judged: [^\n]*\n$/);
    expect(renderLatex({ ...runOf(), error: 'No\nfile.' })).toBe('% No\\u{a}file.\n');
  });

  it.each(HOSTILE.map((name, i) => [name, hostile[i]] as const))('keeps %j text', (_, gate) => {
    const text = renderLatex(runOf(gate, { ...gate, verdict: 'invalid' }));
    const [comment, ...lines] = text.split('\n');
    expect(comment).toMatch(/^% Left out: /);
    const names = rowsOf(lines.join('\n')).filter((line) => !line.startsWith('Family'));
    expect(names).toHaveLength(3);
    for (const line of names) {
      const name = line.split(/ & (?=\$|--)/)[0];
      // Nothing is left that TeX would take as its own, once what is escaped is gone.
      const rest = name.replace(/\\text(backslash|asciitilde|asciicircum)\{\}|\\[{}$&#_%]/g, '');
      expect(rest).not.toMatch(/[\\{}$&#^_~%]/);
      // eslint-disable-next-line no-control-regex
      expect(rest).not.toMatch(/[\u0000-\u001f\u2028\u202e]/);
    }
  });
});
