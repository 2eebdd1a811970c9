import { askScenario } from './ask-scenario.ts';
import { askPIntervals } from './p-intervals.ts';
import { askAdvice, askPower, type PowerCurve } from './power.ts';
import type { Rate } from './rate.ts';
import { SCENARIOS } from './scenarios.ts';

/** What one part of the study gave. */
export interface PartResult {
  readonly rates: readonly Rate[];
  readonly curve?: PowerCurve;
}

/** @param sets data sets of 200 examples of each kind; of larger ones, fewer */
export type Part = (sets: number) => Promise<PartResult>;

const SMALL = 200;
const LARGE = 1000;

/** Larger data sets take longer, and tell no more each. */
function setsOf(rows: number, sets: number): number {
  return Math.ceil(rows < LARGE ? sets : sets / 2);
}

const scenarios = Object.entries(SCENARIOS).map(([name, scenario]): [string, Part] => [
  name,
  async (sets) => ({ rates: await askScenario(name, scenario, setsOf(scenario.rows, sets)) }),
]);

const powers = (['weighted-mean', 'softmax', 'linear-router'] as const).flatMap((rule) =>
  [SMALL, LARGE].map((rows): [string, Part] => [
    `power, ${rule}, N = ${rows}`,
    (sets) =>
      askPower(rule, rows, { point: Math.ceil(setsOf(rows, sets) / 5), detectable: setsOf(rows, sets) }),
  ]),
);

/** By name, in the order of the table. */
export const PARTS: Readonly<Record<string, Part>> = {
  ...Object.fromEntries(scenarios),
  'intervals of p': async (sets) => ({ rates: await askPIntervals(sets) }),
  ...Object.fromEntries(powers),
  'examples needed': async (sets) => ({ rates: await askAdvice(SMALL, setsOf(LARGE, sets)) }),
};
