import type { z } from 'zod';

import { ConfigurationError } from '../foundation/errors.ts';
import { crossCheck } from './cross-checks.ts';
import { explainIssues } from './explain-issues.ts';
import { withLeftKeys } from './folds.ts';
import { isMapping, type Locate, type Mapping } from './place.ts';
import { configFile } from './schema.ts';

const MAX_SENTENCES = 10;

/**
 * Plain values as a config in which every key fits the schema and the others.
 *
 * @throws ConfigurationError with a sentence a line for what is wrong
 */
export function validateConfig(document: unknown, locate: Locate): z.output<typeof configFile> {
  const config = withLeftToFolds(document);
  const result = configFile.safeParse(config);
  if (!result.success) return refuse(explainIssues(result.error.issues, config, locate));
  const { gates } = result.data;
  const given = (config as { readonly gates: readonly Mapping[] }).gates;
  const sentences = gates.flatMap((file, i) =>
    crossCheck({ file, given: given[i], at: (...path) => locate(['gates', i, ...path]) }),
  );
  const names = gates.map(({ name }) => name);
  const repeated = names.findIndex((name, i) => names.indexOf(name) !== i);
  if (repeated !== -1) {
    sentences.push(
      `${locate(['gates', repeated, 'name'])} is "${names[repeated]}", which an earlier gate has already. Give each gate a name of its own.`,
    );
  }
  return sentences.length > 0 ? refuse(sentences) : result.data;
}

function withLeftToFolds(document: unknown): unknown {
  return isMapping(document) && Array.isArray(document.gates)
    ? { ...document, gates: document.gates.map(withLeftKeys) }
    : document;
}

function refuse(sentences: readonly string[]): never {
  const shown = sentences.slice(0, MAX_SENTENCES);
  const more = sentences.length - shown.length;
  throw new ConfigurationError([...shown, ...(more > 0 ? [`And ${more} more like these.`] : [])].join('\n'));
}
