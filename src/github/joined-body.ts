import { exitStatus } from '../report/conclusion.ts';
import { code } from '../report/escape.ts';
import type { RunReport } from '../report/gate-report.ts';
import { encodedName, groupMarker, MAX_COMMENT_LENGTH } from './comment-marker.ts';

/** What one job says in a comment that several share. */
export interface Part {
  readonly conclusion: RunReport['conclusion'];
  /** That it was measured at. A job that is no more leaves a part behind, which only this gives away. */
  readonly commit: string;
  readonly markdown: string;
}

/** The parts of a joined comment, by encoded name. */
export type Parts = ReadonlyMap<string, Part>;

const PART = /^<!-- fusion-gate:part:([^ :]*):(success|inconclusive|failure|error):([^ :]*) -->$/m;
/** Stands in each part where not all are of one commit. */
const MEASURED_AT = /^<sub>Measured at [0-9a-f]*\.<\/sub>\n\n/m;

/** Most characters of one part: four of them fill a comment. */
const MAX_PART = 16_000;
/** Where less is left than this, long parts of others are shortened to make room. */
const MIN_ROOM = 4000;

const SHORTENED = '<sub>Shortened to fit: the job summary has all of it.</sub>';

/** Reads a joined comment. Text before the first part is its marker, and nobody's. */
export function partsOf(body: string): Map<string, Part> {
  const pieces = body.replaceAll('\r\n', '\n').split(PART);
  const parts = new Map<string, Part>();
  for (let i = 1; i + 3 < pieces.length; i += 4) {
    const [name, conclusion, commit, text] = pieces.slice(i, i + 4);
    const markdown = text.replace(MEASURED_AT, '').trim();
    parts.set(name, { conclusion: conclusion as Part['conclusion'], commit, markdown });
  }
  return parts;
}

/** Writes a joined comment, its parts in the order of their names: whoever wrote last, the same parts are the same text. */
export function joinedBody(group: string, parts: Parts): string {
  const sorted = [...parts].sort(([a], [b]) => (a < b ? -1 : 1));
  const isMixed = new Set(sorted.map(([, { commit }]) => commit)).size > 1;
  return [
    groupMarker(group),
    ...sorted.map(([name, part]) => `${partMarker(name, part)}\n${isMixed ? dated(part) : part.markdown}\n`),
  ].join('\n');
}

function dated({ commit, markdown }: Part): string {
  const [heading, ...rest] = markdown.split('\n\n');
  return [heading, `<sub>Measured at ${commit.slice(0, 7)}.</sub>`, ...rest].join('\n\n');
}

/**
 * The parts with that of one job put in place. Where all do not fit, the longest of the others are shortened to their
 * headlines; nothing is left out.
 *
 * @param part of the job; `render` gives its Markdown in at most that many characters
 */
export function withPart(
  group: string,
  others: Parts,
  name: string,
  { conclusion, commit, render }: Omit<Part, 'markdown'> & { readonly render: (limit: number) => string },
): Map<string, Part> {
  const key = encodedName(name);
  const parts = new Map(others);
  parts.set(key, { conclusion, commit, markdown: '' });
  const room = () => MAX_COMMENT_LENGTH - joinedBody(group, parts).length - heading(name).length;
  while (room() < MIN_ROOM) {
    const longest = longestOf(parts);
    if (longest === undefined) break;
    parts.set(longest, shortened(parts.get(longest)!));
  }
  const markdown = `${heading(name)}${render(Math.min(MAX_PART, room()))}`.trim();
  return parts.set(key, { conclusion, commit, markdown });
}

/** Whether a job's part stands as it is wanted, be it that another job had to shorten it. */
export function holdsPart(found: Parts, name: string, wanted: Parts): boolean {
  const [there, part] = [found, wanted].map((parts) => parts.get(encodedName(name)));
  if (part === undefined || there?.conclusion !== part.conclusion || there.commit !== part.commit)
    return false;
  return [part, shortened(part)].some(({ markdown }) => markdown === there.markdown);
}

/** Whether no job has anything to complain of. */
export function allPass(parts: Parts): boolean {
  return [...parts.values()].every(({ conclusion }) => exitStatus(conclusion) === 0);
}

function partMarker(encoded: string, { conclusion, commit }: Part): string {
  return `<!-- fusion-gate:part:${encoded}:${conclusion}:${commit} -->`;
}

function heading(name: string): string {
  return `## ${code(name)}\n\n`;
}

/** The heading and the answer. */
function shortened({ markdown, ...part }: Part): Part {
  const lines = markdown.split('\n\n').filter((block) => block !== SHORTENED);
  return { ...part, markdown: [...lines.slice(0, 2), SHORTENED].join('\n\n') };
}

function longestOf(parts: Parts): string | undefined {
  const long = [...parts].filter(([, part]) => shortened(part).markdown.length < part.markdown.length);
  return long.sort(([, a], [, b]) => b.markdown.length - a.markdown.length).at(0)?.[0];
}
