import { VERDICTS } from '../../diagnostic/diagnosis.ts';
import { metricWords } from '../metric-words.ts';
import type { HistoryRecord } from '../record-schema.ts';
import type { GateTrend } from '../trend.ts';

/** Ten million: more digits than any plot or table shows. */
const SCALE = 1e7;
/** Of a commit id: enough for a link in any repository. */
const SHA_LENGTH = 12;

/** A file that was judged, or judged on. */
export interface FileData {
  readonly path: string;
  readonly sha256: string;
}

/** One gate, a list of each thing with an entry a commit, oldest first. */
export interface GateData {
  readonly name: string;
  /** In words. */
  readonly metric: string;
  readonly sha: readonly string[];
  /** Seconds since 1970. */
  readonly time: readonly number[];
  readonly pullRequest: readonly (number | null)[];
  /** Index into `VERDICTS`. */
  readonly verdict: readonly number[];
  readonly gap: readonly number[];
  readonly lower: readonly number[];
  readonly upper: readonly number[];
  readonly threshold: readonly number[];
  readonly p: readonly number[];
  readonly clean: readonly number[];
  readonly broken: readonly number[];
  /** Index into `files`. */
  readonly model: readonly number[];
  readonly evaluationSet: readonly number[];
  readonly files: readonly FileData[];
  readonly modalities: readonly ModalityData[];
}

/** One modality; null where a commit did not have it. */
export interface ModalityData {
  readonly name: string;
  readonly gap: readonly (number | null)[];
  readonly auroc: readonly (number | null)[];
}

/** Everything that the page draws. */
export interface PageData {
  /** Address of the repository on the web, without a slash at the end; null where it is not known. */
  readonly repository: string | null;
  readonly gates: readonly GateData[];
}

export function pageData(trends: readonly GateTrend[], repository: string | undefined): PageData {
  return { repository: repository ?? null, gates: trends.map(gateData) };
}

function gateData({ gate, records }: GateTrend): GateData {
  const numbers = (of: (record: HistoryRecord) => number): number[] =>
    records.map((record) => rounded(of(record)));
  const files = new Map<string, number>();
  const fileOf = ({ path, sha256 }: FileData): number => {
    const key = `${sha256}\n${path}`;
    const index = files.get(key) ?? files.size;
    files.set(key, index);
    return index;
  };
  return {
    name: gate,
    metric: metricWords(records.at(-1)!.metric),
    sha: records.map(({ sha }) => sha.slice(0, SHA_LENGTH)),
    time: records.map(({ time }) => Math.round(Date.parse(time) / 1000)),
    pullRequest: records.map(({ pullRequest }) => pullRequest),
    verdict: records.map(({ verdict }) => VERDICTS.indexOf(verdict)),
    gap: numbers((record) => record.gap.value),
    lower: numbers((record) => record.gap.lower),
    upper: numbers((record) => record.gap.upper),
    threshold: numbers((record) => record.threshold),
    p: numbers((record) => record.p),
    clean: numbers((record) => record.clean),
    broken: numbers((record) => record.broken),
    model: records.map(({ model }) => fileOf(model)),
    evaluationSet: records.map(({ evaluationSet }) => fileOf(evaluationSet)),
    files: Array.from(files.keys(), fileOfKey),
    modalities: modalitiesOf(records),
  };
}

function fileOfKey(key: string): FileData {
  const end = key.indexOf('\n');
  return { path: key.slice(end + 1), sha256: key.slice(0, end) };
}

/** Every modality that any commit had. */
function modalitiesOf(records: readonly HistoryRecord[]): ModalityData[] {
  const modalities = new Map<string, { gap: (number | null)[]; auroc: (number | null)[] }>();
  for (const [i, record] of records.entries()) {
    for (const { name, gap, auroc } of record.modalities) {
      const known = modalities.get(name) ?? { gap: nulls(records.length), auroc: nulls(records.length) };
      modalities.set(name, known);
      known.gap[i] = rounded(gap);
      known.auroc[i] = auroc === null ? null : rounded(auroc);
    }
  }
  return Array.from(modalities, ([name, values]) => ({ name, ...values }));
}

function nulls(length: number): (number | null)[] {
  return Array.from({ length }, () => null);
}

function rounded(value: number): number {
  return Math.round(value * SCALE) / SCALE;
}
