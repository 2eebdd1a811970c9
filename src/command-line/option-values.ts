import { type Command, Option } from 'commander';

import { parseThreadCount } from '../config/thread-count.ts';
import { ConfigurationError } from '../foundation/errors.ts';

/** Options by the names that the user writes, not by commander's own. */
export type Options = Readonly<Record<string, unknown>>;

export function optionsOf(command: Command): Options {
  return Object.fromEntries(
    command.options.map((option) => [option.name(), command.getOptionValue(option.attributeName())]),
  );
}

/** An empty value is a variable of a script that was never set; to leave the flag out is another wish. */
export function notEmpty<T extends string | undefined>(name: string, value: T): T {
  if (value?.trim() !== '') return value;
  throw new ConfigurationError(`--${name} is empty. Give it a value, or leave it out.`);
}

/** @throws ConfigurationError where it is empty */
export function textOf(options: Options, name: string): string | undefined {
  return notEmpty(name, options[name] as string | undefined);
}

export function parseThreads(value: unknown): number | undefined {
  return typeof value === 'string' ? parseThreadCount(value, '--threads') : undefined;
}

/** @param unsaid what it means to leave the option out, where that is allowed */
export function repeatable(flags: string, description: string, unsaid?: string): Option {
  const option = new Option(flags, description);
  // Help shows the default of an option, but for one that is undefined.
  if (unsaid !== undefined) option.default([], unsaid);
  return option.argParser((value: string, before?: readonly string[]) => [...(before ?? []), value]);
}
