import type { Regression } from '../history/change-point.ts';
import type { HistoryRecord } from '../history/record-schema.ts';
import { clip, code, visible, webAddress } from '../report/escape.ts';
import { gap, interval } from '../report/numbers.ts';
import { table } from '../report/sections/table.ts';
import { encodedName } from './comment-marker.ts';
import type { IssueText } from './own-issues.ts';

const LONGEST_GATE = 64;
const SHA_LENGTH = 7;

/** Where a history can be looked at. */
export interface TrendPlace {
  /** Of the repository, such as `https://github.com/octo-lab/stress`. */
  readonly repository: string;
  readonly branch: string;
}

/** How the first line of every issue about a gate begins. */
export function regressionMarker(gate: string): string {
  return `<!-- fusion-gate:regression:${encodedName(gate)}:`;
}

/** The first line of the issue about one drop. */
export function dropMarker(gate: string, { since }: Regression): string {
  return `${regressionMarker(gate)}${since.sha} -->`;
}

/**
 * The issue about a drop of a gate's gap.
 *
 * @param records of the gate, oldest first
 */
export function regressionIssue(
  gate: string,
  regression: Regression,
  records: readonly HistoryRecord[],
  place: TrendPlace,
): IssueText {
  const { since } = regression;
  const before = lastBefore(records, since);
  const name = clip(visible(gate), LONGEST_GATE);
  return {
    title: `fusion-gate: the gap of ${name} dropped at ${short(since)}`,
    body: [
      dropMarker(gate, regression),
      `The permutation gap of ${code(gate)} dropped by more than chance at ${commit(since, place)}, and has not come back: shuffling the reliability scores costs less than it did.`,
      comparison(before, since, place),
      `On average the gap was ${gap(regression.before)} before, and ${gap(regression.after)} from there on. ${whatChanged(before, since)}`,
      links(before, since, place),
      'This issue is closed when the gap has made up for half of the drop. Close it yourself to hear no more of this drop.',
    ].join('\n\n'),
  };
}

/** The body of an issue once the gap is back, at the newest commit on record. */
export function mendedBody(body: string, newest: HistoryRecord, place: TrendPlace): string {
  const { gap: found, threshold } = newest;
  const numbers = `${gap(found.value, threshold)} ${interval(found.lower, found.upper, threshold)}`;
  return withNotice(body, `**The gap is back** at ${commit(newest, place)}: ${numbers}.`);
}

/** The body of an issue that a race has doubled. */
export function doubledBody(body: string, oldest: number): string {
  return withNotice(body, `This was opened twice. It is told in #${oldest}.`);
}

/** The marker stays the first line: it is how the issue is found again. */
function withNotice(body: string, notice: string): string {
  const end = body.indexOf('\n');
  const [marker, rest] = end === -1 ? [body, ''] : [body.slice(0, end), body.slice(end)];
  return `${marker}\n\n${notice}${rest}`;
}

function lastBefore(records: readonly HistoryRecord[], since: HistoryRecord): HistoryRecord | undefined {
  const earlier = records.slice(
    0,
    records.findIndex(({ sha }) => sha === since.sha),
  );
  return earlier.findLast(({ verdict, metric }) => verdict !== 'invalid' && metric === since.metric);
}

function comparison(before: HistoryRecord | undefined, since: HistoryRecord, place: TrendPlace): string {
  const row = (name: string, record: HistoryRecord): string[] => [
    name,
    commit(record, place),
    gap(record.gap.value, record.threshold),
    interval(record.gap.lower, record.gap.upper, record.threshold),
    String(record.threshold),
    record.verdict,
  ];
  const rows = [...(before === undefined ? [] : [row('before', before)]), row('since', since)];
  return table([['', 'Commit', 'Gap', 'Interval', 'Threshold', 'Verdict'], ...rows], 2);
}

function whatChanged(before: HistoryRecord | undefined, since: HistoryRecord): string {
  if (before === undefined) return '';
  const changed = [
    ...(before.model.sha256 === since.model.sha256 ? [] : ['the model']),
    ...(before.evaluationSet.sha256 === since.evaluationSet.sha256 ? [] : ['the evaluation set']),
  ];
  return changed.length === 0
    ? 'Model and evaluation set are the same files in both.'
    : `Between the two, ${changed.join(' and ')} changed.`;
}

function links(before: HistoryRecord | undefined, since: HistoryRecord, place: TrendPlace): string {
  const changes =
    before === undefined
      ? []
      : [`[What changed between the two](${address(place, `compare/${before.sha}...${since.sha}`)})`];
  const trend = `[the trend](${address(place, `tree/${place.branch}`)}) (\`index.html\` there is the page)`;
  return [...changes, trend].join(' · ');
}

function commit(record: HistoryRecord, place: TrendPlace): string {
  return `[<code>${short(record)}</code>](${address(place, `commit/${record.sha}`)}) (${record.time.slice(0, 10)})`;
}

function short({ sha }: HistoryRecord): string {
  return sha.slice(0, SHA_LENGTH);
}

function address({ repository }: TrendPlace, path: string): string {
  return webAddress(`${repository}/${path}`) ?? '';
}
