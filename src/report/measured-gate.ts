import { cellsIn } from '../diagnostic/cells.ts';
import { conclude, type ConclusionPlan } from '../diagnostic/conclude.ts';
import type { Diagnosis } from '../diagnostic/diagnosis.ts';
import type { Facts, FoldFacts, Measurements } from '../diagnostic/measurements.ts';
import { METRIC_WORDS } from '../diagnostic/metrics/metric-words.ts';
import { decidingP, pInterval, straddles } from '../diagnostic/monte-carlo.ts';
import { obstacleOf } from '../diagnostic/obstacle.ts';
import { thinEvidence } from '../diagnostic/thin-evidence.ts';
import { judge } from '../diagnostic/verdict.ts';
import type { GateReport } from './gate-report.ts';
import { quantity } from './numbers.ts';

/** What decides a gate's verdict besides its measurements. */
export interface GatePlan extends ConclusionPlan {
  readonly failOnInconclusive: boolean;
  /** A gap that fell fails the gate. Default: no. */
  readonly failOnRegression?: boolean;
}

/** One gate, measured and not yet judged. */
export interface MeasuredGate extends Pick<
  GateReport,
  'name' | 'model' | 'evaluationSet' | 'classes' | 'warnings' | 'leakage' | 'seconds'
> {
  readonly plan: GatePlan;
  /** SHA-256 of the gate's config and of what it reads besides model and evaluation set, hexadecimal. */
  readonly config: string;
  readonly measurements: Measurements;
}

/** The report on a gate, whose `seconds` are still those of the measurements. */
export function reportOn(gate: MeasuredGate): GateReport {
  const { name, model, evaluationSet, classes, plan, measurements, leakage, seconds } = gate;
  const diagnosis = conclude(measurements, plan);
  const verdict = judge(diagnosis, {
    controlThreshold: plan.control.threshold,
    failOnInconclusive: plan.failOnInconclusive,
  });
  const obstacle = obstacleOf(verdict.verdict, diagnosis, plan.control.threshold);
  const { invalid, ...numbers } = diagnosis;
  const { modalities } = measurements.facts;
  const warnings = [
    ...gate.warnings,
    ...warningsFor(measurements, evaluationSet),
    ...sureness(diagnosis, plan, measurements.facts.weights !== undefined),
  ];
  return {
    name,
    model,
    evaluationSet,
    modalities,
    classes,
    ...verdict,
    ...(obstacle && { obstacle }),
    ...numbers,
    warnings,
    leakage,
    seconds,
  };
}

function warningsFor(
  { facts, invalid }: Measurements,
  { presence }: MeasuredGate['evaluationSet'],
): string[] {
  const { constantScores, labels, exchange, task } = facts;
  const warnings: string[] = [];
  if (constantScores.length > 0 && invalid === null) {
    const everywhere = presence ? 'on all evaluated rows on which it is present' : 'on all evaluated rows';
    const where = exchange ? 'wherever it may change places' : everywhere;
    warnings.push(
      `The score of ${constantScores.join(', ')} is the same ${where}: shuffling it changes nothing.`,
    );
  }
  if (exchange && invalid === null) warnings.push(...whatStays(exchange));
  if (task === 'classification' && labels.every((label) => label === labels[0])) {
    warnings.push(`All evaluated rows have the same label (class ${labels[0]}).`);
  }
  if (facts.folds !== null && invalid === null) warnings.push(...foldWarnings(facts, facts.folds));
  return warnings;
}

/** Most folds that a warning names. */
const MOST_NAMED = 5;

/** What is amiss in some of the folds. */
function foldWarnings(facts: Facts, { names, repeats, constantScores }: FoldFacts): string[] {
  const { sizes, classes } = cellsIn(facts);
  const lacks = (fold: number, c: number): boolean =>
    sizes[fold * classes + c] === 0 && names.some((_, other) => sizes[other * classes + c] > 0);
  const incomplete = names.filter((_, fold) =>
    Array.from({ length: classes }, (_, c) => lacks(fold, c)).includes(true),
  );
  const still = names.filter((_, fold) =>
    constantScores[fold].some((modality) => !facts.constantScores.includes(modality)),
  );
  return [
    ...(incomplete.length > 0
      ? [
          `Classes of other folds have no example in ${listed(incomplete)}: balanced accuracy is the mean over those that it has.`,
        ]
      : []),
    ...(still.length > 0
      ? [`A score is the same on all rows of ${listed(still)}: shuffling it changes nothing there.`]
      : []),
    ...(repeats.length > 1
      ? [
          `Examples come again in several folds: in ${repeats.length} repeats there is none twice. The p-values are twice the median of those of the repeats, and the interval draws examples with all their rows.`,
        ]
      : []),
  ];
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, MOST_NAMED).join(', ');
  return names.length > MOST_NAMED ? `${shown} and ${names.length - MOST_NAMED} more` : shown;
}

/** Groups that shuffles leave as they are. Rows and blocks that are alone are named by whoever read their names. */
function whatStays({ moved, groups, unchanged }: NonNullable<Diagnosis['exchange']>): string[] {
  if (unchanged === 0) return [];
  const where = moved === 'rows' ? 'groups that shuffles stay in' : 'sizes of blocks';
  return [
    `In ${quantity(unchanged)} of the ${quantity(groups)} ${where} all scores are the same, so that shuffling changes nothing there.`,
  ];
}

/** Whether chance in the shuffles decides the verdict: with more of them, p might lie on the other side of alpha. */
function whatStraddles({ gap, p, pIntervals, broken, alpha, threshold, acrossFolds }: Diagnosis): {
  readonly main: boolean;
  readonly joint: boolean;
} {
  const tries = acrossFolds !== null && acrossFolds.repeats > 1 ? 2 : 1;
  const deciding = decidingP({ gap: gap.value, p }, threshold);
  const hangsOnJoint = gap.value >= threshold && p.oneSided <= alpha;
  return {
    main: deciding !== undefined && straddles(pInterval(deciding, broken.count, tries), alpha),
    joint: pIntervals.joint !== null && hangsOnJoint && straddles(pIntervals.joint, alpha),
  };
}

/** Whether one run would have drawn more than shards do, which know of their own draws alone. */
export function wantsMoreDraws({ plan, measurements }: MeasuredGate): boolean {
  const { count, secondaryCount } = measurements.facts;
  const { most = 0 } = plan.permutations;
  if (most <= Math.min(count, secondaryCount)) return false;
  const { main, joint } = whatStraddles(conclude(measurements, plan));
  return main || joint;
}

/** What the user should know of how sure the numbers are. */
function sureness(diagnosis: Diagnosis, plan: GatePlan, isWeighted: boolean): string[] {
  const { gap, broken, alpha, invalid } = diagnosis;
  if (invalid !== null) return [];
  const warnings: string[] = [];
  if (gap.method !== plan.interval.method) {
    warnings.push(
      'The BCa interval of the gap is not defined on these examples: this one is by plain percentiles.',
    );
  }
  warnings.push(...tooLittle(diagnosis, isWeighted));
  const { main, joint } = whatStraddles(diagnosis);
  if (main) {
    warnings.push(
      `With more shuffles than these ${broken.count.toLocaleString('en-US')}, p may lie on the other side of alpha = ${alpha}: ${MORE[whyNoMore(broken, plan)]}.`,
    );
  }
  if (joint) {
    warnings.push(
      `With more shuffles of whole rows, their p may lie on the other side of alpha = ${alpha}; raise permutations.secondary-count to settle it.`,
    );
  }
  return warnings;
}

/** What makes the interval of the gap narrower than it says. */
function tooLittle({ metric, power }: Diagnosis, isWeighted: boolean): string[] {
  const thin = thinEvidence({ power });
  if (thin === undefined) return [];
  const { clusters, examples } = power;
  const number = Math.min(Math.round(thin.count), thin.enough - 1);
  const count = quantity(number);
  const one = clusters === undefined ? 'example' : 'block';
  const what = `${one}s`;
  const enough = `the study in docs/study.md finds intervals as good as they say from about ${thin.enough} on`;
  return thin.of === 'the rarest class'
    ? [
        `${isWeighted ? 'By their weights, the examples of a class are worth' : 'The rarest class has'} only ${count} ${number === 1 ? one : what}, so that the interval of the gap in ${METRIC_WORDS[metric]} is rough and too narrow: ${enough}.`,
      ]
    : [
        `The gap hangs on about ${count} of the ${quantity(clusters ?? examples)} ${what}, so that its interval is rough and too narrow: ${enough}.`,
      ];
}

/** How to get more shuffles than were drawn. */
const MORE = {
  bank: 'put more draws in the bank to settle it',
  shards:
    'shards draw no more than permutations.count, so merge them with the config and the model at hand to settle it',
  cap: 'raise permutations.most to settle it',
};

function whyNoMore({ scheme, count }: Diagnosis['broken'], { permutations }: GatePlan): keyof typeof MORE {
  if (scheme === 'bank') return 'bank';
  return count < (permutations.most ?? count) ? 'shards' : 'cap';
}
