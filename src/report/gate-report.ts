import type { Conclusion, Diagnosis, Verdict } from '../diagnostic/diagnosis.ts';
import type { Obstacle } from '../diagnostic/score-findings.ts';
import type { LeakageFinding } from '../diagnostic/leakage/finding.ts';
import type { BaseReport } from './base-report.ts';

/** One gate from config to verdict. `invalid` gates carry the diagnosis as far as it could be made. */
export interface GateReport extends Verdict, Omit<Diagnosis, 'invalid'> {
  readonly name: string;
  readonly model: { readonly path: string; readonly sha256: string; readonly engine: string };
  readonly evaluationSet: {
    readonly path: string;
    readonly sha256: string;
    /** Rows in the file. */
    readonly rows: number;
    /** Rows that were evaluated: in the subset and with every modality present, or at least one. */
    readonly evaluated: number;
    /** Where rows with at least one were: on how many each modality is present, and which of them together. */
    readonly presence?: {
      readonly modalities: Readonly<Record<string, number>>;
      /** The most frequent first. */
      readonly patterns: readonly { readonly present: readonly string[]; readonly rows: number }[];
    };
    /** The column that says how much each of them counts, and how many of equal weight they are worth (Kish 1965). */
    readonly weights?: { readonly column: string; readonly effectiveSize: number };
  };
  /** Whether the rule, the scores or the data stand in the way; left out where nothing could be judged. */
  readonly obstacle?: Obstacle;
  readonly modalities: readonly string[];
  /** Class names where the config gives them. */
  readonly classes: readonly string[] | null;
  /** What the user should know and that changes no number. */
  readonly warnings: readonly string[];
  /** Signs that the evaluation set, or a score, knows what it must not know. */
  readonly leakage: readonly LeakageFinding[];
  /** The same gate at the base; undefined where nobody asked for it. */
  readonly base?: BaseReport;
  readonly seconds: number;
}

/** `report.json`: every gate of one run. */
export interface RunReport {
  readonly version: 1;
  readonly tool: { readonly name: 'fusion-gate'; readonly version: string };
  /** The worst of the gates': error, then failure, then inconclusive. */
  readonly conclusion: Conclusion;
  /** Why nothing was judged, in the words that the user gets; there are no gates then. */
  readonly error?: string;
  readonly gates: readonly GateReport[];
}
