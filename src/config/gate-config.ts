import type { Path } from './place.ts';
import type { GateFile, MetricName, RuleName } from './schema.ts';

/** A tensor of the model and the column of the evaluation set that fills it, where it is an input. */
export interface Binding {
  readonly tensor: string;
  readonly column: string;
}

/** What the numbers of an output are that speaks of classes. */
export type ClassKind = 'logits' | 'probabilities' | 'score';
/** The same of any output: `value` is one number that is itself the prediction. */
export type OutputKind = ClassKind | 'value';
export type ExpertKind = ClassKind | 'evidence';

export interface ModalityConfig {
  readonly name: string;
  /** Evidence of this modality alone: what the corruption control takes from another row. */
  readonly inputs: readonly Binding[];
  /** Undefined where one [N, M] tensor holds the scores of all modalities. */
  readonly reliability?: Binding;
  /** Column that is 1 (true) where the modality was observed; undefined: observed everywhere. */
  readonly presence?: string;
  /** A model output (looked up first) or a column of the evaluation set. */
  readonly expert?: string;
  /** Undefined: the kind of the fused output. */
  readonly expertKind?: ExpertKind;
  readonly reliableWhen: 'high' | 'low';
}

/** One [N, M] (or transposed) tensor with the scores of all modalities. */
export interface ReliabilityMatrix extends Binding {
  /** Modality names in the order of the tensor's columns. */
  readonly order: readonly string[];
  /** The tensor's axis that runs over modalities. */
  readonly axis: 0 | 1;
}

export interface FusionRule {
  readonly rule: RuleName;
  /** `softmax`: scores are divided by it. */
  readonly temperature: number;
  /** `linear-router`: a `.npz` with W [2M, M] and b [M]. */
  readonly weights?: string;
  /** Probabilities are clipped to [epsilon, 1 - epsilon] before a logarithm. */
  readonly epsilon: number;
}

/** How a model on a server is asked. */
export interface ServerWishes {
  /** Seconds that one request may take. */
  readonly requestTimeout: number;
  /** Seconds that the server may take to become ready. */
  readonly readyTimeout: number;
  /** Requests under way at a time. */
  readonly concurrency: number;
  /** Starts the server on this machine: a program and its arguments, as one line. */
  readonly command?: string;
  /** The workflow itself names or allows the servers: only such ones are shown its token. */
  readonly isTrusted?: boolean;
}

/** A file that is fetched from the network and kept in a cache by its hash. */
export interface Download {
  /** What gate, errors and report call it: its address without "?"; of a file beside a model, the address it would have there. */
  readonly name: string;
  /** `https://...` or `hf://...`; what stands behind "?" may be a secret. */
  readonly url: string;
  /** The hash that its bytes must have, hexadecimal in lower case. */
  readonly sha256: string;
  /** How errors call it: `model`, `evaluation set`, ... */
  readonly role: string;
  /** Where it stands in the gate. */
  readonly path: Path;
}

/** What is judged: a model (a file with its engine, or a server's) or a named rule over cached experts. */
export type Candidate =
  | {
      readonly kind: 'model';
      readonly path: string;
      readonly engine: GateFile['engine'];
      readonly batchSize?: number;
      /** A second model, which takes the scores and what the first one gives: what a replay runs. */
      readonly head?: string;
      /** Where one of the two is on a server. */
      readonly server?: ServerWishes;
      /** Those of the two that are files although an address names them. */
      readonly downloaded?: readonly string[];
    }
  | { readonly kind: 'fusion'; readonly rule: FusionRule };

export interface OutputConfig {
  /** Undefined: the model's only output. */
  readonly tensor?: string;
  /** Column with the fused outputs as the training code saw them: replay must reproduce it. */
  readonly column?: string;
  readonly kind: OutputKind;
  readonly decisionThreshold?: number;
  /** An example may have several labels, or none: each column of the output is one. Undefined: it has one class. */
  readonly multiLabel?: true;
  /** From which probability on each label is predicted [L]. Undefined: from `decisionThreshold` on. */
  readonly labelThresholds?: readonly number[];
  /** Class names in the order of the outputs; needed where labels are text. */
  readonly classes?: readonly string[];
}

/** Broken-Q read from a file instead of drawn: per modality an array [rows, K]. */
export interface ScoreBank {
  readonly path: string;
  /** Array of row ids to match with `columns.id`; undefined: rows in the evaluation set's order. */
  readonly id?: string;
  /** Modality name to array name. */
  readonly scores: Readonly<Record<string, string>>;
}

/** Groups of rows that are alike. */
export interface Match {
  /** Columns of numbers. */
  readonly match: readonly string[];
  /** Rows in a group, or a few more. */
  readonly neighbours: number;
}

/** One fold of a folder in the layout of the paper's code; what is left out must be the only one there is. */
export interface ContractFold {
  readonly seed?: number;
  readonly fold?: number;
  /** The folder in `unimodal_preds`. */
  readonly experts?: string;
  /** The paper's corruption control: size of the logit for the wrong class where the score is 0. */
  readonly corruption?: number;
}

/** One, some or all of those that there are. Undefined: the only one there is. */
export type Some = number | readonly number[] | 'all' | undefined;

/** Parts that are judged apart and together: folds of a contract folder, or gates of their own. */
export type FoldWishes =
  | { readonly from: 'contract'; readonly seed: Some; readonly fold: Some }
  | { readonly from: 'list'; readonly list: readonly FoldGate[] };

/** A fold, and the gate that it would be alone. */
export interface FoldGate {
  readonly name: string;
  readonly gate: GateConfig;
}

/** One gate as the user asked for it, every default filled in. */
export interface GateConfig {
  readonly name: string;
  readonly candidate: Candidate;
  /** A file; with `contract`, a folder in the layout of the paper's code. */
  readonly evaluationSet: string;
  /** Which fold of such a folder. */
  readonly contract?: ContractFold;
  /** The files that are not in the workspace; undefined: all of them are. */
  readonly downloads?: readonly Download[];
  /** Parts of it, each of its own model or rows. */
  readonly folds?: FoldWishes;
  readonly columns: {
    /** Several columns where each is of one label. */
    readonly label: string | readonly string[];
    readonly id?: string;
    readonly subset?: string;
    readonly block?: string;
    /** Fold of each row, within its seed. */
    readonly fold?: string;
    readonly seed?: string;
  };
  /** Columns each value of which is looked at besides. */
  readonly slices?: readonly string[];
  /** Ids that the model was trained on: a `.txt` with one a line, or a column, by default one called as `columns.id`. */
  readonly trainIds?: {
    readonly path: string;
    readonly column?: string;
    /** What follows where an evaluated example is among them. */
    readonly whenShared: GateFile['leakage'];
  };
  readonly modalities: readonly ModalityConfig[];
  /** Evidence that belongs to no single modality. Graph inputs that nothing names are looked up by their own name. */
  readonly inputs: readonly Binding[];
  readonly reliability?: ReliabilityMatrix;
  readonly output: OutputConfig;
  /** The metric that gates. */
  readonly metric: MetricName;
  /** Metrics that are reported beside it. */
  readonly metrics: GateFile['metrics'];
  /** Smallest gap that counts as influence, in the metric's unit. */
  readonly threshold: number;
  readonly alpha: number;
  readonly permutations: {
    readonly count: number;
    /** How many may be drawn where p lies near alpha. */
    readonly most: number;
    /** Where draws stop as soon as the answer is settled. */
    readonly stopping?: { readonly exceedances: number; readonly most: number };
    /** Shuffles for per-modality gaps and positive controls. */
    readonly secondaryCount: number;
    readonly scheme: 'independent' | 'joint';
    /** What shuffles stay within. Undefined: blocks, where there are any. */
    readonly within?: 'all' | 'block' | 'predicted-class' | Match;
    /** What changes places. Default: rows. */
    readonly move?: 'rows' | 'blocks';
    readonly seed: number;
    readonly bank?: ScoreBank;
  };
  /** What every score becomes for No-Q. */
  readonly uniformScore: 'mean' | number;
  readonly interval: {
    readonly method: 'bca' | 'percentile';
    readonly confidence: number;
    readonly resamples: number;
  };
  readonly control: { readonly threshold: number; readonly quantiles: readonly [low: number, high: number] };
  readonly failOnInconclusive: boolean;
  /** What a gap may lose against the base. Undefined: a fall beyond `threshold` counts, and fails nothing. */
  readonly regression?: { readonly threshold: number; readonly fails: boolean };
}
