import type { GateConfig } from './config/gate-config.ts';
import { fewestShuffles } from './config/shuffle-counts.ts';
import { logArrangements } from './diagnostic/arrangements.ts';
import { diagnose, type DiagnosisPlan } from './diagnostic/diagnose.ts';
import type { Diagnosis } from './diagnostic/diagnosis.ts';
import { judge } from './diagnostic/verdict.ts';
import type { EvaluatedRows } from './evaluation-set/evaluated-rows.ts';
import type { EvaluationSet } from './evaluation-set/evaluation-set.ts';
import { readLabels } from './evaluation-set/labels.ts';
import { openEvaluationSet } from './evaluation-set/open-evaluation-set.ts';
import { selectRows } from './evaluation-set/select-rows.ts';
import { ConfigurationError } from './foundation/errors.ts';
import type { Logger } from './foundation/logger.ts';
import type { Workspace } from './foundation/workspace.ts';
import { freeze, type FreezeOptions, type Frozen } from './model/freeze.ts';
import type { FrozenFusion } from './model/frozen-fusion.ts';
import { localServers } from './model/local-server/local-servers.ts';
import { readScoreBank } from './model/score-bank.ts';
import { worst } from './report/conclusion.ts';
import type { GateReport, RunReport } from './report/gate-report.ts';

export interface RunOptions {
  readonly workspace: Workspace;
  /** Threads for the engines. Default: one per core. */
  readonly threads?: number;
  readonly logger: Logger;
  /** Version of this program, for the report. */
  readonly version: string;
}

/**
 * Runs every gate, one after the other, and reports on all of them.
 *
 * @throws ConfigurationError when the user has something to mend; a gate that merely fails is in the report
 */
export async function runGates(gates: readonly GateConfig[], options: RunOptions): Promise<RunReport> {
  const servers = localServers(options);
  try {
    return await runEach(gates, { ...options, servers });
  } finally {
    await servers.stop();
  }
}

async function runEach(
  gates: readonly GateConfig[],
  options: RunOptions & FreezeOptions,
): Promise<RunReport> {
  const sets = new Map<string, Promise<EvaluationSet>>();
  const open = (path: string): Promise<EvaluationSet> => {
    const set = sets.get(path) ?? openEvaluationSet(path, options.workspace);
    sets.set(path, set);
    return set;
  };
  const reports: GateReport[] = [];
  for (const gate of gates) {
    try {
      reports.push(await runGate(gate, open, options));
    } catch (error) {
      if (gates.length === 1 || !(error instanceof ConfigurationError)) throw error;
      throw new ConfigurationError(`Gate "${gate.name}": ${error.message}`);
    }
  }
  return {
    version: 1,
    tool: { name: 'fusion-gate', version: options.version },
    conclusion: worst(reports.map(({ conclusion }) => conclusion)),
    gates: reports,
  };
}

/** One gate from config to report. */
async function runGate(
  gate: GateConfig,
  open: (path: string) => Promise<EvaluationSet>,
  options: FreezeOptions,
): Promise<GateReport> {
  const started = performance.now();
  const { logger, workspace } = options;
  logger.info(`Gate "${gate.name}": ${gate.evaluationSet}`);
  const set = await open(gate.evaluationSet);
  const { data, total } = await selectRows(set, gate.columns, gate.modalities, scoreColumns(gate));
  const frozen = await freeze(gate, data, options);
  try {
    const { fusion } = frozen;
    const labels = readLabels(
      await data.read(gate.columns.label),
      fusion.classes,
      gate.output.classes,
      data.nameRow,
    );
    const plan = await planFor(gate, data, fusion, workspace);
    const diagnosis = await diagnose(fusion, labels, plan, logger);
    const { invalid, ...numbers } = diagnosis;
    const verdict = judge(diagnosis, {
      controlThreshold: gate.control.threshold,
      failOnInconclusive: gate.failOnInconclusive,
    });
    return {
      ...describeGate(gate, data, total, frozen),
      ...verdict,
      ...numbers,
      warnings: [...(fusion.warnings ?? []), ...warningsFor(diagnosis, labels)],
      seconds: Math.round(performance.now() - started) / 1000,
    };
  } finally {
    await frozen.fusion.close();
  }
}

/** Columns that must be there; whether those of a model must, the model decides: it may compute its scores itself. */
function scoreColumns({ candidate, reliability, modalities }: GateConfig): string[] {
  if (candidate.kind === 'model') return [];
  if (reliability) return [reliability.column];
  return modalities.flatMap((modality) => modality.reliability?.column ?? []);
}

async function planFor(
  gate: GateConfig,
  data: EvaluatedRows,
  fusion: FrozenFusion,
  workspace: Workspace,
): Promise<DiagnosisPlan> {
  const reliableWhen = gate.modalities.map((modality) => modality.reliableWhen);
  const { bank, ...permutations } = gate.permutations;
  if (bank === undefined) {
    refuseTooFewRows(gate, data, fusion);
    return { ...gate, permutations, reliableWhen };
  }
  refuseVectorScores(bank.path, fusion);
  const banked = await readScoreBank(bank, gate.modalities, data, gate.columns.id, workspace);
  refuseTooFewDraws(gate, bank.path, banked.count);
  return {
    ...gate,
    permutations: { ...permutations, count: banked.count, bank: banked.scores },
    reliableWhen,
  };
}

/** Scores that can be arranged in too few ways can never show influence, however strong it is. */
function refuseTooFewRows(gate: GateConfig, data: EvaluatedRows, { reliability }: FrozenFusion): void {
  const { scheme } = gate.permutations;
  const ways = logArrangements(reliability, scheme);
  if (ways === 0 || -ways <= Math.log(gate.alpha)) return;
  throw new ConfigurationError(
    `The reliability scores of the ${data.rows.length} evaluated rows of "${gate.evaluationSet}" can be arranged in only ${Math.round(Math.exp(ways))} ways, so that no p-value can reach alpha = ${gate.alpha}; evaluate on more rows.`,
  );
}

function refuseVectorScores(path: string, { modalities, reliability }: FrozenFusion): void {
  const wide = reliability.findIndex(({ width }) => width !== 1);
  if (wide === -1) return;
  throw new ConfigurationError(
    `The score bank "${path}" has one number per row and draw, but the scores of ${modalities[wide]} have ${reliability[wide].width} per row; remove permutations.bank, and the gate draws shuffles of its own.`,
  );
}

/** The same for a bank: the smallest p-value is one in its draws and one. */
function refuseTooFewDraws({ alpha }: GateConfig, path: string, count: number): void {
  const fewest = fewestShuffles(alpha);
  if (count >= fewest) return;
  throw new ConfigurationError(
    `The score bank "${path}" has ${count} draws, so that no p-value can reach alpha = ${alpha}; at least ${fewest} are needed.`,
  );
}

function describeGate(gate: GateConfig, data: EvaluatedRows, total: number, frozen: Frozen) {
  return {
    name: gate.name,
    model: { path: frozen.path, sha256: frozen.sha256, engine: frozen.fusion.engine },
    evaluationSet: {
      path: gate.evaluationSet,
      sha256: data.set.sha256,
      rows: total,
      evaluated: data.rows.length,
    },
    modalities: frozen.fusion.modalities,
    classes: gate.output.classes ?? null,
  };
}

function warningsFor({ constantScores, invalid }: Diagnosis, labels: Int32Array): string[] {
  const warnings: string[] = [];
  if (constantScores.length > 0 && invalid === null) {
    warnings.push(
      `The score of ${constantScores.join(', ')} is the same on all evaluated rows: shuffling it changes nothing.`,
    );
  }
  if (labels.every((label) => label === labels[0])) {
    warnings.push(`All evaluated rows have the same label (class ${labels[0]}).`);
  }
  return warnings;
}
