import { changeSinceRecord, gapChange } from '../diagnostic/gap-change.ts';
import {
  isMissing,
  type BaseCommit,
  type BaseRecord,
  type BaseReport,
  type FoundBase,
  type MissingBase,
} from './base-report.ts';
import { baseSentence } from './base-words.ts';
import type { GateReport } from './gate-report.ts';
import { reportOn, type MeasuredGate } from './measured-gate.ts';
import { gatingResult } from './metrics.ts';

/** How far a gap may fall, and whether the gate fails where it falls further. */
export interface RegressionRule {
  readonly threshold: number;
  readonly fails: boolean;
}

/** A gate here and at the base, measured by the same metric with the same seed. */
export interface Compared {
  /** The report on `head`. */
  readonly now: GateReport;
  readonly head: MeasuredGate;
  readonly base: MeasuredGate;
  /** The row of the base that is the same example as each row here [N]; null where they are not the same examples. */
  readonly order: Uint32Array | null;
  readonly commit: BaseCommit;
  readonly source: Exclude<FoundBase['source'], 'history'>;
  readonly rule: RegressionRule;
}

/** What a gate was at the base, and whether its gap has fallen since. */
export function compareWithBase({ now, head, base, order, commit, source, rule }: Compared): BaseReport {
  const before = source === 'same' ? now : reportOn(base);
  const unjudged = [before, now].find(({ verdict }) => verdict === 'invalid');
  if (unjudged !== undefined) {
    const where = unjudged === now ? 'here' : 'at the base';
    return { ...commit, missing: `The gate could not be judged ${where}: ${unjudged.reason}` };
  }
  const { plan } = head;
  const change = gapChange(
    { measurements: head.measurements, gap: now.gap.value },
    { measurements: base.measurements, gap: before.gap.value },
    order,
    {
      metric: plan.metric,
      threshold: rule.threshold,
      alpha: plan.alpha,
      seed: plan.permutations.seed,
      interval: plan.interval,
    },
  );
  const { clean, broken } = gatingResult(before);
  const { path, sha256 } = before.model;
  const { evaluationSet } = before;
  return {
    ...commit,
    source,
    verdict: before.verdict,
    model: { path, sha256 },
    evaluationSet: {
      path: evaluationSet.path,
      sha256: evaluationSet.sha256,
      evaluated: evaluationSet.evaluated,
      ...(evaluationSet.weights && { weight: evaluationSet.weights.column }),
    },
    clean,
    broken: broken.mean,
    gap: { value: before.gap.value, lower: before.gap.lower, upper: before.gap.upper },
    p: before.p.oneSided,
    change: { ...change, ...rule },
  };
}

/**
 * The base as the history has it, where it cannot be judged itself.
 *
 * @param missing why
 * @returns what is missing, where there is no record by the same metric and the same column of weights
 */
export function recordedBase(
  now: GateReport,
  missing: MissingBase,
  records: readonly BaseRecord[],
  rule: RegressionRule,
): BaseReport {
  const record = records.find(
    ({ gate, sha, metric, evaluationSet }) =>
      gate === now.name &&
      sha === missing.sha &&
      metric === now.metric &&
      evaluationSet.weight === now.evaluationSet.weights?.column,
  );
  if (record === undefined || record.verdict === 'invalid' || now.verdict === 'invalid') return missing;
  const { sha, verdict, model, evaluationSet, clean, broken, gap, p } = record;
  const here = { gap: now.gap.value, standardError: now.power.standardError };
  const change = changeSinceRecord(here, gap, { threshold: rule.threshold, alpha: now.alpha });
  return {
    sha,
    ref: missing.ref ?? '',
    source: 'history',
    why: missing.missing,
    verdict,
    model,
    evaluationSet,
    clean,
    broken,
    gap: { value: gap.value, lower: gap.lower, upper: gap.upper },
    p,
    change: { ...change, ...rule },
  };
}

/** The report with what was found of the base: a gate whose gap fell too far fails where its config says so. */
export function withBase(report: GateReport, base: BaseReport | undefined): GateReport {
  if (base === undefined) return report;
  const hasPassed = report.conclusion === 'success' || report.conclusion === 'inconclusive';
  if (isMissing(base) || !base.change.regressed || !base.change.fails || !hasPassed)
    return { ...report, base };
  return {
    ...report,
    conclusion: 'failure',
    reason: `${baseSentence(base)} ${report.reason}`,
    advice:
      'Find out what made the scores matter less than at the base; if that was meant, raise "regression-threshold".',
    base,
  };
}
