import type { GateConfig } from '../../config/gate-config.ts';
import type { RuleName } from '../../config/schema.ts';
import type { EvaluatedRows } from '../../evaluation-set/evaluated-rows.ts';
import { ConfigurationError } from '../../foundation/errors.ts';
import { readCleanReliability } from '../clean-reliability.ts';
import { decide, type Floats } from '../decision.ts';
import type { ExpertOutput, FrozenFusion, Reliability } from '../frozen-fusion.ts';
import { labelsSaid, labelThresholds, numbersOf } from '../label-sets.ts';
import { readStoredOutput } from '../stored-output.ts';
import { takeOutputRows } from '../take-output-rows.ts';
import { expertPosteriors, type CachedExpert } from './expert-columns.ts';
import { fusionKernel, type Kernel } from './kernel.ts';
import { readExperts } from './read-experts.ts';
import type { FusionRecipe } from './recipe.ts';
import { RULE_TABLE, type RuleOptions } from './rules.ts';

/**
 * A named rule over the experts' cached outputs, as a fusion with its evidence frozen. No engine runs.
 *
 * @throws ConfigurationError when a column is missing or does not fit the rule
 */
export async function freezeFusion(
  gate: GateConfig,
  data: EvaluatedRows,
  options: RuleOptions,
): Promise<FrozenFusion> {
  if (gate.candidate.kind !== 'fusion') throw new Error('freezeFusion needs a gate with a fusion rule.');
  const { rule } = gate.candidate;
  const reliability = await readCleanReliability(gate, data);
  refuseScoresOutsideDomain(gate, rule.rule, reliability, data);
  const experts = await readExperts(gate, data);
  const labels =
    gate.output.multiLabel &&
    labelThresholds(gate.output, `output of fusion rule ${rule.rule}`, experts[0].width);
  const threshold = gate.output.decisionThreshold;
  const recipe: FusionRecipe = { rule, experts, options, ...(labels ? { labels } : { threshold }) };
  const kernel = fusionKernel(recipe);
  if (!labels) refuseOtherClasses(gate, kernel);
  const stored = await readStoredOutput(
    gate,
    data,
    kernel.width,
    `fusion rule ${kernel.rule} gives ${kernel.width} ${kernel.decision.kind} per row`,
  );
  const { original, tolerance } = stored ?? { original: kernel.fuse(reliability), tolerance: 0 };
  return frozen({ gate, reliability, recipe, kernel, original, tolerance });
}

interface Parts {
  readonly gate: GateConfig;
  readonly reliability: Reliability;
  readonly recipe: FusionRecipe;
  readonly kernel: Kernel;
  readonly original: Floats;
  readonly tolerance: number;
}

function frozen(parts: Parts): FrozenFusion {
  const { gate, reliability, recipe, kernel, original, tolerance } = parts;
  const { experts } = recipe;
  const rows = reliability[0].values.length;
  return {
    rows,
    classes: kernel.decision.classes,
    modalities: gate.modalities.map(({ name }) => name),
    decision: kernel.decision,
    reliability,
    experts: experts.map((expert) => expertOutput(expert, recipe)),
    engine: `cached experts (${kernel.rule})`,
    original,
    tolerance,
    replay: (scores) => Promise.resolve(kernel.fuse(scores)),
    predict: (scores) => Promise.resolve(kernel.predict(scores)),
    recipe,
    withEvidence: (modality, source) => {
      const swapped = {
        ...recipe,
        experts: experts.map((expert, m) => (m === modality ? takeOutputRows(expert, source) : expert)),
      };
      const other = fusionKernel(swapped);
      return Promise.resolve(
        frozen({
          ...parts,
          recipe: swapped,
          kernel: other,
          original: other.fuse(reliability),
          tolerance: 0,
        }),
      );
    },
    close: () => Promise.resolve(),
  };
}

/** Experts decide as the fused output does: by its threshold, which for a single column is 0.5 unless given. */
function expertOutput(expert: CachedExpert, { threshold, labels: thresholds }: FusionRecipe): ExpertOutput {
  const { kind, values } = expert;
  if (thresholds) return labelsSaid(values, { numbers: numbersOf(kind), classes: 1, thresholds });
  if (kind === 'value') return { classes: new Int32Array(values.length), values };
  const posteriors = expertPosteriors(expert);
  const classes = Math.max(2, expert.width);
  const at = threshold ?? (expert.width === 1 ? 0.5 : undefined);
  return {
    posteriors,
    classes: decide(posteriors, classes, { kind: 'probabilities', classes, threshold: at }),
  };
}

function refuseScoresOutsideDomain(
  gate: GateConfig,
  rule: RuleName,
  reliability: Reliability,
  data: EvaluatedRows,
): void {
  const { min, max } = RULE_TABLE[rule].domain;
  const outside = (score: number): boolean => score < min || score > max;
  const needs = `fusion rule ${rule} needs scores that are ${max === Infinity ? `at least ${min}` : `between ${min} and ${max}`}`;
  gate.modalities.forEach(({ name }, m) => {
    const { width, values } = reliability[m];
    if (width !== 1) {
      throw new ConfigurationError(
        `The reliability of "${name}" has ${width} numbers per row; fusion rule ${rule} takes one.`,
      );
    }
    const row = values.findIndex(outside);
    if (row === -1) return;
    throw new ConfigurationError(
      `The reliability of "${name}" is ${values[row]} in ${data.nameRow(row)}; ${needs}.`,
    );
  });
  if (gate.uniformScore !== 'mean' && outside(gate.uniformScore)) {
    throw new ConfigurationError(`uniform-score is ${gate.uniformScore}; ${needs}.`);
  }
}

/** What the config says of the classes must go with the classes that the experts have. */
function refuseOtherClasses({ output }: GateConfig, { rule, width }: Kernel): void {
  const classes = Math.max(2, width);
  if (output.classes !== undefined && output.classes.length !== classes) {
    throw new ConfigurationError(
      `output.classes names ${output.classes.length} classes, but the experts that fusion rule ${rule} combines have ${classes}; name one for each.`,
    );
  }
  const threshold = output.decisionThreshold;
  if (threshold === undefined) return;
  if (classes > 2) {
    throw new ConfigurationError(
      `output.decision-threshold is for two classes, but the experts that fusion rule ${rule} combines have ${classes}; remove it.`,
    );
  }
  if (threshold > 0 && threshold < 1) return;
  throw new ConfigurationError(
    `output.decision-threshold is ${threshold}; for fusion rule ${rule} it is the probability of class 1 and lies between 0 and 1.`,
  );
}
