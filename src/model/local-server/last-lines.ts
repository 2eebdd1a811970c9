import { StringDecoder } from 'node:string_decoder';
import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

const MOST_LINES = 20;
const LONGEST_LINE = 300;
/** A server may print a gigabyte without a line break; what goes beyond this is a line of its own. */
const LONGEST_PIECE = 4096;

/**
 * Reads what a process prints, so that it is never held up by a full pipe, and keeps the end of it.
 *
 * @param streams its standard output and standard error
 * @param onLine told of every line, cleaned: plain text of at most 300 characters
 * @returns the last lines so far, at most 20
 */
export function keepLastLines(
  streams: readonly Readable[],
  onLine: (line: string) => void,
): () => readonly string[] {
  const kept: string[] = [];
  const keep = (raw: string): void => {
    const line = cleaned(raw);
    if (line === '') return;
    kept.push(line);
    if (kept.length > MOST_LINES) kept.shift();
    onLine(line);
  };
  for (const stream of streams) readLines(stream, keep);
  return () => [...kept];
}

function readLines(stream: Readable, take: (line: string) => void): void {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  stream.on('data', (chunk: Buffer) => {
    const lines = (rest + decoder.write(chunk)).split(/\r\n|\n|\r/);
    rest = lines.pop()!;
    for (const line of lines) take(line);
    if (rest.length <= LONGEST_PIECE) return;
    take(rest);
    rest = '';
  });
  stream.on('end', () => {
    take(rest + decoder.end());
  });
  // A pipe that breaks has no more lines; that its process ended is told elsewhere.
  stream.on('error', () => undefined);
}

function cleaned(line: string): string {
  const text = stripVTControlCharacters(line.slice(0, LONGEST_PIECE))
    .replace(/[\p{Cc}\p{Cf}]+/gu, ' ')
    .trimEnd();
  return text.length > LONGEST_LINE ? `${text.slice(0, LONGEST_LINE)}…` : text;
}
