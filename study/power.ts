import { normalCdf } from '../src/diagnostic/normal-distribution.ts';
import { examplesNeeded, type Uncertainty } from '../src/diagnostic/power.ts';
import { mean } from '../src/diagnostic/spread.ts';
import { ALPHA, judgeDataSet, type Found, type Question } from './judge-data-set.ts';
import type { Population } from './population.ts';
import type { Rate } from './rate.ts';
import { FEW_CHUNKS, trueGap } from './true-gap.ts';

/** Simulated evaluation sets of one size, from a population whose scores are so good. */
export interface PowerPoint {
  readonly auroc: number;
  /** The true gap. */
  readonly gap: number;
  /** How many evaluation sets pass, and of how many. */
  readonly passed: number;
  readonly of: number;
  /** Share that should pass, by the standard error and the critical gap that the report states. */
  readonly predicted: number;
  /** The detectable gap that the report states, on average. */
  readonly detectable: number;
}

export interface PowerCurve {
  readonly rule: Population['rule'];
  readonly rows: number;
  readonly points: readonly PowerPoint[];
}

/** The share of evaluation sets in which the power of the report is to settle a gap. */
const POWER = 0.8;
const THRESHOLD = 0.01;
const AUROCS = [0.5, 0.55, 0.6, 0.65, 0.7, 0.75];

function questionFor(rule: Population['rule'], auroc: number, rows: number): Question {
  const classes = rule === 'weighted-mean' ? [0.5, 0.5] : [0.3, 0.3, 0.4];
  const population: Population = { rule, classes, accuracy: 0.7, auroc: [auroc, auroc], scores: 'smooth' };
  return { population, rows, metric: 'accuracy', threshold: THRESHOLD };
}

/**
 * How many evaluation sets pass as scores get better, and how many where the true gap is the detectable one.
 *
 * @param sets at each point, and at the detectable gap
 */
export async function askPower(
  rule: Population['rule'],
  rows: number,
  sets: { readonly point: number; readonly detectable: number },
): Promise<{ rates: Rate[]; curve: PowerCurve }> {
  const points: PowerPoint[] = [];
  for (const auroc of AUROCS) points.push(await powerPoint(questionFor(rule, auroc, rows), sets.point));
  const auroc = whereDetectable(points);
  const { passed, of } = await powerPoint(questionFor(rule, auroc, rows), sets.detectable);
  const what = 'a gap as large as the detectable one passes';
  return {
    rates: [{ data: `${rule}, N = ${rows}`, what, nominal: POWER, mayErr: 'neither way', times: passed, of }],
    curve: { rule, rows, points },
  };
}

async function powerPoint(question: Question, sets: number): Promise<PowerPoint> {
  const { population, metric, threshold } = question;
  const gap = await trueGap(population, metric, FEW_CHUNKS);
  const found = await judgeSets(question, sets);
  const { standardError, criticalGap } = meanErrors(found);
  const needed = Math.max(threshold, criticalGap);
  return {
    auroc: population.auroc[0],
    gap,
    passed: found.filter(({ verdict }) => verdict === 'quality-aware').length,
    of: sets,
    predicted: normalCdf((gap - needed) / standardError),
    detectable: mean(found.map(({ diagnosis }) => diagnosis.power.detectableGap)),
  };
}

async function judgeSets(question: Question, sets: number): Promise<Found[]> {
  const { population, rows } = question;
  const found: Found[] = [];
  for (let set = 0; set < sets; set++) {
    found.push(await judgeDataSet(question, population.rule, population.auroc.join(), rows, set));
  }
  return found;
}

function meanErrors(found: readonly Found[]): Pick<Uncertainty, 'standardError' | 'criticalGap'> {
  return {
    standardError: mean(found.map(({ diagnosis }) => diagnosis.power.standardError)),
    criticalGap: mean(found.map(({ diagnosis }) => diagnosis.power.criticalGap!)),
  };
}

/** AUROC at which the true gap grows beyond the detectable one, by linear interpolation. */
function whereDetectable(points: readonly PowerPoint[]): number {
  const excess = ({ gap, detectable }: PowerPoint): number => gap - detectable;
  const after = points.findIndex((point) => excess(point) > 0);
  if (after < 1) throw new Error('No AUROC of the study has the detectable gap.');
  const [from, to] = [points[after - 1], points[after]];
  const share = -excess(from) / (excess(to) - excess(from));
  return from.auroc + share * (to.auroc - from.auroc);
}

/** What a user would ask: how many examples would settle it? */
interface Advice {
  readonly auroc: number;
  readonly threshold: number;
  readonly settled: (found: Found) => boolean;
  readonly what: string;
}

const isNone = ({ diagnosis }: Found): boolean => diagnosis.equivalence.shown;

const ADVICE: Readonly<Record<string, Advice>> = {
  'a small gap': {
    auroc: 0.58,
    threshold: THRESHOLD,
    settled: ({ verdict }) => verdict === 'quality-aware',
    what: 'passes with the examples that the report asks for',
  },
  'no gap': {
    auroc: 0.5,
    threshold: 0.05,
    settled: isNone,
    what: 'shown to be too small with the examples that the report asks for',
  },
  'half the threshold': {
    auroc: 0.58,
    threshold: 0.06,
    settled: isNone,
    what: 'shown to be too small with the examples that the report asks for',
  },
};

/**
 * Whether as many examples as the report would ask for, had it found the true gap, settle it four times out of five.
 *
 * @param about default: all kinds of advice
 */
export async function askAdvice(
  rows: number,
  sets: number,
  about: readonly string[] = Object.keys(ADVICE),
): Promise<Rate[]> {
  const rates: Rate[] = [];
  for (const name of about) {
    const { auroc, threshold, settled, what } = ADVICE[name];
    const question = { ...questionFor('weighted-mean', auroc, rows), threshold };
    const gap = await trueGap(question.population, question.metric);
    const errors = meanErrors(await judgeSets(question, Math.ceil(sets / 4)));
    const needed = examplesNeeded({
      ...errors,
      gap,
      threshold,
      alpha: ALPHA,
      groups: [rows],
      mostPerExample: 1,
    });
    if (needed === null) throw new Error(`${name} of the study cannot be settled.`);
    const found = await judgeSets({ ...question, rows: needed }, sets);
    rates.push({
      data: `${name}, from N = ${rows} to ${needed}`,
      what,
      nominal: POWER,
      mayErr: 'neither way',
      times: found.filter(settled).length,
      of: sets,
    });
  }
  return rates;
}
