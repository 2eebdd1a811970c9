import { z } from 'zod';

import { didYouMean, nearest } from '../foundation/errors.ts';
import { describeKey, knownKeys } from './known-keys.ts';
import type { Locate, Path } from './place.ts';
import { valueAt } from './place.ts';

type Issue = z.core.$ZodIssue;

const TYPES: Readonly<Record<string, string>> = {
  string: 'text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  tuple: 'a list',
  object: 'a mapping of keys',
  record: 'a mapping of keys',
};

/**
 * One sentence for each thing that the schema finds wrong: where it stands, what was found, what is allowed, and the
 * nearest allowed word.
 *
 * @param config what was validated
 */
export function explainIssues(issues: readonly Issue[], config: unknown, locate: Locate): string[] {
  const flat = issues.flatMap((issue) => flatten(issue, []));
  const misspelt = new Set(flat.flatMap((issue) => misspeltKeys(issue)));
  return flat
    .filter((issue) => valueAt(config, issue.path) !== undefined || !misspelt.has(key(issue.path)))
    .flatMap((issue) => explain(issue, config, locate));
}

/**
 * A union's complaints are those of the branch whose type fits the value, of several the one with the fewest; where none
 * fits, the union stays and is explained as a whole.
 */
function flatten(issue: Issue, base: Path): Issue[] {
  const path = [...base, ...issue.path];
  if (issue.code !== 'invalid_union') return [{ ...issue, path }];
  const fitting = issue.errors
    .filter((branch) => !branch.some((inner) => isMismatch(inner)))
    .sort((one, other) => one.length - other.length)
    .at(0);
  return fitting?.flatMap((inner) => flatten(inner, path)) ?? [{ ...issue, path }];
}

function isMismatch({ path, code }: Issue): boolean {
  return path.length === 0 && (code === 'invalid_type' || code === 'invalid_value');
}

/** The places that this issue's unknown keys were probably meant for: that those are missing needs no second sentence. */
function misspeltKeys(issue: Issue): string[] {
  if (issue.code !== 'unrecognized_keys') return [];
  const allowed = knownKeys(issue.path);
  return issue.keys
    .map((word) => nearest(word, allowed))
    .filter((match) => match !== undefined)
    .map((match) => key([...issue.path, match]));
}

function explain(issue: Issue, config: unknown, locate: Locate): string[] {
  const where = locate(issue.path);
  const found = valueAt(config, issue.path);
  if (issue.code === 'unrecognized_keys') {
    const allowed = knownKeys(issue.path);
    return issue.keys.map(
      (word) =>
        `${locate([...issue.path, word])} is not a known key.${didYouMean(word, allowed)} Allowed: ${allowed.join(', ')}.`,
    );
  }
  if (found === undefined) {
    const needed = describeKey(issue.path);
    return [`${where} is missing.${needed === undefined ? '' : ` Needed here: ${needed}`}`];
  }
  if (issue.code === 'invalid_key') return [`${where.replace(/\[""\]$/, '')} has an entry without a name.`];
  if (issue.code === 'too_small' || issue.code === 'too_big')
    return [`${where} ${explainSize(issue, found)}`];
  const allowed = expectations(issue);
  if (allowed.length === 0)
    return [`${where} is ${describe(found)}, which is not allowed here: ${issue.message}.`];
  const match = typeof found === 'string' ? didYouMean(found, allowed) : '';
  return [
    `${where} must be ${either(allowed)}, but is ${describe(found)}.${match || quotingHint(allowed, found)}`,
  ];
}

/** What would have been allowed, as words: values of an enum, names of types. */
function expectations(issue: Issue): string[] {
  if (issue.code === 'invalid_type') return [TYPES[issue.expected] ?? issue.expected];
  if (issue.code === 'invalid_value') return issue.values.map(String);
  if (issue.code === 'invalid_union') {
    const words = issue.errors.flatMap((branch) => branch.filter(isMismatch).flatMap(expectations));
    return [...new Set(words)];
  }
  return [];
}

function explainSize(issue: Extract<Issue, { code: 'too_small' | 'too_big' }>, found: unknown): string {
  const limit = issue.code === 'too_small' ? issue.minimum : issue.maximum;
  const most = issue.code === 'too_big';
  if (typeof found === 'string') {
    if (!most) return 'is empty. Give it a name, or leave the key out.';
    return `must have at most ${limit} characters, but has ${found.length}.`;
  }
  if (Array.isArray(found)) {
    const entries = Number(limit) === 1 ? 'entry' : 'entries';
    return `must have at ${most ? 'most' : 'least'} ${limit} ${entries}, but has ${found.length}.`;
  }
  const bound = issue.inclusive ? `at ${most ? 'most' : 'least'}` : `${most ? 'less' : 'greater'} than`;
  return `must be ${bound} ${limit}, but is ${Number(found)}.`;
}

/** A found value, short and on one line. */
function describe(found: unknown): string {
  if (found === null) return 'empty';
  if (typeof found === 'string')
    return `the text ${JSON.stringify(found.length > 60 ? `${found.slice(0, 57)}...` : found)}`;
  if (Array.isArray(found)) return 'a list';
  if (typeof found === 'object') return 'a mapping of keys';
  if (typeof found !== 'number') return JSON.stringify(found);
  return Number.isNaN(found) ? 'not a number' : `the number ${found}`;
}

function quotingHint(allowed: readonly string[], found: unknown): string {
  if (typeof found === 'string') {
    const isNumeric =
      allowed.some((word) => word.includes('number')) && found.trim() !== '' && !isNaN(Number(found));
    return isNumeric ? ' Write it without quotes.' : '';
  }
  if (!allowed.includes('text') || !['number', 'boolean'].includes(typeof found)) return '';
  return ` Put it in quotes: "${String(found)}".`;
}

/** `a, b or c` */
function either(words: readonly string[]): string {
  return [words.slice(0, -1).join(', '), words.at(-1)].filter(Boolean).join(' or ');
}

function key(path: Path): string {
  return JSON.stringify(path);
}
