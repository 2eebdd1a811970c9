import { describe, expect, it } from 'vitest';
import { memoryPages, validateXML } from 'xmllint-wasm';

import type { Markup } from '../../../src/report/html/markup.ts';
import { renderPlots } from '../../../src/report/html/plot-files.ts';
import { doseResponse } from '../../../src/report/html/plots/dose-response.ts';
import { gapIntervals } from '../../../src/report/html/plots/gap-intervals.ts';
import { nullDistribution } from '../../../src/report/html/plots/null-distribution.ts';
import { reliabilityDiagram } from '../../../src/report/html/plots/reliability-diagram.ts';
import { riskCoverage } from '../../../src/report/html/plots/risk-coverage.ts';
import { valueDots } from '../../../src/report/html/plots/value-dots.ts';
import { decorative, hostile, inconclusive, inertRule, invalid, qualityAware, runOf } from '../fixtures.ts';
import { dotsOf, linesOf, rulerOf } from './read-plot.ts';

/** Half a pixel is as good as a reader's ruler. */
const PIXEL = 0.5;

const shuffled = nullDistribution({
  metric: 'accuracy',
  better: 'higher',
  shuffles: [0.6, 0.61, 0.61, 0.62, 0.62, 0.62, 0.63, 0.63, 0.64],
  mean: 0.62,
  clean: 0.7,
  uniform: 0.65,
  threshold: 0.02,
});
const dosed = doseResponse({
  curves: [
    {
      label: 'correctness',
      points: [
        { auroc: 0.5, gap: 0 },
        { auroc: 0.75, gap: 0.1 },
        { auroc: 1, gap: 0.2 },
      ],
      requiredAuroc: 0.575,
    },
    {
      label: 'corruption',
      points: [
        { auroc: 0.5, gap: 0 },
        { auroc: 1, gap: 0.02 },
      ],
      requiredAuroc: null,
    },
  ],
  threshold: 0.03,
  own: [0.52, 0.6],
});
const gaps = gapIntervals(
  [
    { label: 'all scores', gap: 0.06, interval: [0.02, 0.1], threshold: 0.03, strong: true },
    { label: 'only audio', gap: -0.01, interval: null, threshold: 0.03, strong: false },
  ],
  'accuracy',
);
const dots = valueDots(
  [
    { label: 'Clean-Q', value: 0.8, spread: null, strong: true },
    { label: 'Broken-Q', value: 0.7, spread: 0.05, strong: false },
  ],
  'accuracy',
);
const reliability = reliabilityDiagram({
  label: 'audio',
  bins: [
    { lower: 0, upper: 0.5, meanScore: 0.25, accuracy: 0.4, count: 100 },
    { lower: 0.5, upper: 0.75, meanScore: null, accuracy: null, count: 0 },
    { lower: 0.75, upper: 1, meanScore: 0.9, accuracy: 0.8, count: 25 },
  ],
});
const ranking = reliabilityDiagram({
  label: 'noise of audio',
  calibrated: 'falling',
  bins: [
    {
      lower: 0.1,
      upper: 0.4,
      meanScore: 0.25,
      accuracy: 0.8,
      count: 100,
      interval: { lower: 0.7, upper: 0.9 },
    },
    { lower: 0.4, upper: 0.9, meanScore: 0.6, accuracy: 0.5, count: 100, interval: null },
  ],
});
const risk = riskCoverage([
  { label: 'audio', coverage: [0.25, 0.5, 0.75, 1], risk: [0, 0.1, 0.2, 0.3] },
  { label: 'video', coverage: [0.25, 0.5, 0.75, 1], risk: [0.3, 0.3, 0.3, 0.3] },
]);

const plots: Readonly<Record<string, Markup>> = {
  'null-distribution': shuffled,
  'dose-response': dosed,
  gaps,
  experts: dots,
  'reliability-diagram': reliability,
  'reliability-falling': ranking,
  'risk-coverage': risk,
};

it.each(Object.entries(plots))('%s looks as a reviewer approved it', async (name, { source }) => {
  await expect(`${source.replaceAll('><', '>\n<')}\n`).toMatchFileSnapshot(`__golden__/${name}.svg`);
});

describe('whoever measures a plot reads the data', () => {
  it('of the shuffles', () => {
    const svg = shuffled.source;
    const { x, y } = rulerOf(svg);
    const near = Math.abs(x(PIXEL) - x(0));
    const [clean] = linesOf(svg, 'clean strong');
    const [needed] = linesOf(svg, 'bound dashed');
    const [mean] = linesOf(svg, 'quiet');
    const [uniform] = linesOf(svg, 'quiet dashed');
    for (const [at, value] of [
      [clean, 0.7],
      [needed, 0.64],
      [mean, 0.62],
      [uniform, 0.65],
    ]) {
      expect(Math.abs(x(at) - value)).toBeLessThan(near);
    }
    const bars = [...svg.matchAll(/<rect class="bar" x="([\d.]+)" y="([\d.]+)" width="([\d.]+)"/g)];
    const centres = bars.map(([, left, , width]) => x(Number(left) + Number(width) / 2).toFixed(2));
    expect(centres).toEqual(['0.60', '0.61', '0.62', '0.63', '0.64']);
    expect(bars.map(([, , top]) => y(Number(top)).toFixed(2))).toEqual([
      '1.00',
      '2.00',
      '3.00',
      '2.00',
      '1.00',
    ]);
  });

  it('needs less of a metric that is better when lower', () => {
    const { source } = nullDistribution({
      metric: 'log loss',
      better: 'lower',
      shuffles: [0.5, 0.52, 0.54],
      mean: 0.52,
      clean: 0.4,
      uniform: 0.5,
      threshold: 0.05,
    });
    expect(source).toContain('>needed 0.4700<');
  });

  it('of the dose-response', () => {
    const svg = dosed.source;
    const { x, y } = rulerOf(svg);
    const read = (look: string): string[] =>
      dotsOf(svg, look).map(([cx, cy]) => `${x(cx).toFixed(2)} ${y(cy).toFixed(2)}`);
    expect(read('clean')).toEqual(['0.50 0.00', '0.75 0.10', '1.00 0.20']);
    expect(read('second')).toEqual(['0.50 0.00', '1.00 0.02']);
    expect(dotsOf(svg, 'bound')).toHaveLength(1);
    const [[cx, cy]] = dotsOf(svg, 'bound');
    expect([x(cx).toFixed(3), y(cy).toFixed(2)]).toEqual(['0.575', '0.03']);
  });

  it('of gaps and their intervals', () => {
    const svg = gaps.source;
    const { x } = rulerOf(svg);
    expect(dotsOf(svg, 'clean').map(([cx]) => x(cx).toFixed(2))).toEqual(['0.06']);
    expect(dotsOf(svg, 'quiet').map(([cx]) => x(cx).toFixed(2))).toEqual(['-0.01']);
    const [, from, to] = /class="interval clean" d="M([\d.]+) [\d.]+H([\d.]+)"/.exec(svg)!;
    expect([from, to].map((end) => x(Number(end)).toFixed(2))).toEqual(['0.02', '0.10']);
    expect(linesOf(svg, 'bound dashed').map((at) => x(at).toFixed(2))).toEqual(['0.03']);
    expect(svg.match(/class="interval/g)).toHaveLength(1);
  });

  it('of what predicts', () => {
    const svg = dots.source;
    const { x } = rulerOf(svg);
    expect(dotsOf(svg, 'clean').map(([cx]) => x(cx).toFixed(2))).toEqual(['0.80']);
    const [, from, to] = /class="interval quiet" d="M([\d.]+) [\d.]+H([\d.]+)"/.exec(svg)!;
    expect([from, to].map((end) => x(Number(end)).toFixed(2))).toEqual(['0.65', '0.75']);
  });

  it('of a reliability diagram, whose dots have the area of their examples and whose empty bins have none', () => {
    const svg = reliability.source;
    const { x, y } = rulerOf(svg);
    const read = dotsOf(svg, 'clean').map(([cx, cy]) => `${x(cx).toFixed(2)} ${y(cy).toFixed(2)}`);
    expect(read).toEqual(['0.25 0.40', '0.90 0.80']);
    const radii = [...svg.matchAll(/ r="([\d.]+)"/g)].map(([, r]) => Number(r));
    expect((radii[0] / radii[1]) ** 2).toBeCloseTo(100 / 25, 1);
  });

  it('of risk and coverage', () => {
    const svg = risk.source;
    const { x, y } = rulerOf(svg);
    const read = dotsOf(svg, 'clean').map(([cx, cy]) => `${x(cx).toFixed(2)} ${y(cy).toFixed(2)}`);
    // At 10 % there is nothing yet: the first point stands for it.
    expect(read).toEqual(['0.25 0.00', '0.25 0.00', '0.50 0.10', '0.75 0.20', '1.00 0.30']);
  });
});

describe('plots without extent', () => {
  it.each([
    [
      'all shuffles alike',
      nullDistribution({
        metric: 'accuracy',
        better: 'higher',
        shuffles: [0.5, 0.5],
        mean: 0.5,
        clean: 0.5,
        uniform: 0.5,
        threshold: 0,
      }),
    ],
    [
      'no gap at all',
      gapIntervals(
        [{ label: 'all scores', gap: 0, interval: [0, 0], threshold: 0, strong: true }],
        'accuracy',
      ),
    ],
    [
      'a deaf rule',
      doseResponse({
        curves: [
          {
            label: 'correctness',
            points: [
              { auroc: 0.5, gap: 0 },
              { auroc: 1, gap: 0 },
            ],
            requiredAuroc: null,
          },
        ],
        threshold: 0.001,
        own: null,
      }),
    ],
    ['one predictor', valueDots([{ label: 'Clean-Q', value: 1, spread: 0, strong: true }], 'accuracy')],
    ['no risk', riskCoverage([{ label: 'audio', coverage: [1], risk: [0] }])],
    [
      'no example',
      reliabilityDiagram({
        label: 'audio',
        bins: [{ lower: 0, upper: 1, meanScore: null, accuracy: null, count: 0 }],
      }),
    ],
  ])('are drawn all the same: %s', (_, { source }) => {
    expect(source).not.toMatch(/NaN|Infinity|undefined|null/);
    expect(source.match(/class="grid"/g)!.length).toBeGreaterThan(1);
  });

  it('draw many shuffles', () => {
    const shuffles = Array.from({ length: 300_000 }, (_, k) => 0.6 + (k % 97) / 1000);
    const data = { metric: 'accuracy', better: 'higher', mean: 0.65, clean: 0.7, uniform: 0.6 } as const;
    expect(nullDistribution({ ...data, shuffles, threshold: 0.01 }).source.length).toBeLessThan(20_000);
  });
});

describe('the plots as files', () => {
  const files = renderPlots(runOf(qualityAware, inconclusive, invalid, decorative));

  it('are named by gate and plot; what a gate has not is left out', () => {
    expect([...files.keys()]).toEqual([
      '1-digits-truthful-null-distribution.svg',
      '1-digits-truthful-gaps.svg',
      '1-digits-truthful-dose-response.svg',
      '1-digits-truthful-experts.svg',
      '2-end-to-end-null-distribution.svg',
      '2-end-to-end-gaps.svg',
      '2-end-to-end-dose-response.svg',
      '4-stress-avp-null-distribution.svg',
      '4-stress-avp-gaps.svg',
      '4-stress-avp-dose-response.svg',
      '4-stress-avp-experts.svg',
      '4-stress-avp-gains.svg',
      '4-stress-avp-risk-coverage.svg',
      '4-stress-avp-reliability-1.svg',
      '4-stress-avp-reliability-2.svg',
    ]);
  });

  it('are well-formed, whatever the names are', async () => {
    const all = new Map([...files, ...renderPlots(runOf(...hostile, inertRule))]);
    const xml = [...all].map(([fileName, contents]) => ({ fileName, contents }));
    const { errors } = await validateXML({ xml, extension: 'schema', schema: [SVG], ...memory });
    expect(errors).toEqual([]);
    for (const name of all.keys()) expect(name).toMatch(/^\d+-[a-z0-9-]+\.svg$/);
    for (const svg of all.values()) expect(svg).not.toMatch(/<script|<img|NaN|undefined/);
  });
});

const memory = { initialMemoryPages: 256, maxMemoryPages: 2 * memoryPages.GiB };

/** Nothing about SVG but its name: it is the form of XML that is asked for. */
const SVG = {
  fileName: 'svg.xsd',
  contents: `<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="http://www.w3.org/2000/svg">
<xs:element name="svg"><xs:complexType mixed="true"><xs:sequence><xs:any processContents="skip" minOccurs="0" maxOccurs="unbounded"/></xs:sequence><xs:anyAttribute processContents="skip"/></xs:complexType></xs:element>
</xs:schema>`,
};
