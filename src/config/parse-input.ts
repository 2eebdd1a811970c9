import { ConfigurationError } from '../foundation/errors.ts';
import type { Input } from './inputs.ts';

export type InputValue = string | number | boolean | readonly string[] | PinnedFile;

/** A file to download, as the config file writes it. */
interface PinnedFile {
  readonly url: string;
  readonly sha256: string;
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i;
const BOOLEANS: ReadonlyMap<string, boolean> = new Map([
  ['true', true],
  ['false', false],
]);

/**
 * A value from the text that the user gave.
 *
 * @param spelling the input as the user wrote it: `--threshold`, `with: threshold`
 * @throws ConfigurationError when the text is no such value; nothing is guessed
 */
export function parseInput({ kind }: Input, text: string, spelling: string): InputValue {
  const trimmed = text.trim();
  if (trimmed === '') throw new ConfigurationError(`${spelling} is empty. Give it a value, or leave it out.`);
  switch (kind) {
    case 'text':
      return trimmed;
    case 'file':
      return pinnedFile(trimmed) ?? trimmed;
    case 'number':
      if (NUMBER.test(trimmed) && Number.isFinite(Number(trimmed))) return Number(trimmed);
      throw new ConfigurationError(`${spelling} must be a number, but is ${JSON.stringify(trimmed)}.`);
    case 'boolean':
      return parseBoolean(trimmed, spelling);
    case 'list':
      return parseList(trimmed, spelling);
  }
}

/** @throws ConfigurationError for anything but true and false */
export function parseBoolean(text: string, spelling: string): boolean {
  const value = BOOLEANS.get(text.trim().toLowerCase());
  if (value !== undefined) return value;
  throw new ConfigurationError(`${spelling} must be true or false, but is ${JSON.stringify(text)}.`);
}

/** Commas or line breaks separate: a workflow's block text has a line for each. */
export function parseList(text: string, spelling: string): string[] {
  const entries = text.split(/[,\n]/).map((entry) => entry.trim());
  if (entries.includes('')) {
    throw new ConfigurationError(
      `${spelling} has an empty entry in "${text.replaceAll('\n', ' ')}". Separate the names by single commas.`,
    );
  }
  return entries;
}

/** `https://host/file#sha256=...`; undefined for anything else, such as a path. */
function pinnedFile(text: string): PinnedFile | undefined {
  const pinned = /^([a-z]+:\/\/[^#]+)#sha256=(.*)$/is.exec(text);
  return pinned === null ? undefined : { url: pinned[1], sha256: pinned[2] };
}
