import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';
import { validateXML } from 'xmllint-wasm';

import type { RunReport } from '../../src/report/gate-report.ts';
import { renderJUnit } from '../../src/report/junit.ts';
import {
  decorative,
  hostile,
  HOSTILE,
  inconclusive,
  invalid,
  misleading,
  qualityAware,
  runOf,
} from './fixtures.ts';

const schema = readFileSync(new URL('../fixtures/junit.xsd', import.meta.url), 'utf8');
const every = runOf(qualityAware, decorative, misleading, inconclusive, invalid);
const nothing: RunReport = { ...runOf(), error: 'model: "m.onnx" is not there.\n[[ATTACHMENT|/etc/passwd]]' };

async function complaints(xml: string): Promise<readonly string[]> {
  const { errors } = await validateXML({ xml: [{ fileName: 'junit.xml', contents: xml }], schema: [schema] });
  return errors.map(({ message }) => message);
}

describe('the file is one that Jenkins reads', () => {
  it.each([
    ['every verdict', every],
    ['hostile names', runOf(...hostile)],
    ['nothing judged', nothing],
  ])('with %s', async (_, report) => {
    expect(await complaints(renderJUnit(report))).toEqual([]);
  });

  it('and the schema can refuse one', async () => {
    const xml = renderJUnit(every);
    expect(await complaints(xml.replace('<testcase ', '<test '))).not.toEqual([]);
    expect(await complaints(xml.replaceAll(/ name="fusion-gate"/g, ''))).not.toEqual([]);
    expect(await complaints(xml.replace('tests="5"', 'tests="five"'))).not.toEqual([]);
  });
});

describe('a gate is', () => {
  const xml = renderJUnit(every);
  const cases = new Map(
    [...xml.matchAll(/<testcase classname="fusion-gate" name="([^"]*)"[^>]*>(.*?)<\/testcase>/gs)].map(
      ([, name, inside]) => [name, inside],
    ),
  );

  it.each([
    ['digits-truthful', 'a case that passes', /^<system-out>/],
    ['stress-avp', 'a failure', /^<failure type="decorative" message="Shuffling the reliability/],
    ['swapped-columns', 'a failure', /^<failure type="misleading" /],
    ['end-to-end', 'skipped where the config lets it pass', /^<skipped message="[^"]*"\/><system-out>/],
    ['dropout-left-on', 'an error', /^<error type="invalid" message="This gate cannot be judged/],
  ])('%s: %s', (name, _, expected) => {
    expect(cases.get(name)).toMatch(expected);
  });

  it('counted once', () => {
    expect(cases.size).toBe(5);
    expect(xml).toContain(
      '<testsuite name="fusion-gate" tests="5" failures="2" errors="1" skipped="1" time="6.200">',
    );
    expect(xml).toContain('<testsuites name="fusion-gate" tests="5" failures="2" errors="1" time="6.200">');
  });

  it('shown with what the terminal says', () => {
    expect(cases.get('stress-avp')).toContain('gap       −0.0005 [−0.0057,\u00a0+0.0047], threshold 0.01\n');
  });
});

it('of a run that judged nothing, one case errs', () => {
  const xml = renderJUnit(nothing);
  expect(xml).toContain(' tests="1" failures="0" errors="1" ');
  expect(xml).toContain('<error type="error" message="model: &#34;m.onnx&#34; is not there.');
});

it('no text names a file to be taken along, or is markup', () => {
  for (const xml of [renderJUnit(nothing), renderJUnit(runOf(...hostile))]) {
    expect(xml).not.toMatch(/\[\[|<script|<img|NaN|undefined/);
    for (const name of HOSTILE.filter((name) => /[<>&"]/.test(name))) expect(xml).not.toContain(name);
  }
});

it('the same report gives the same bytes', () => {
  expect(renderJUnit(structuredClone(every))).toBe(renderJUnit(every));
});
