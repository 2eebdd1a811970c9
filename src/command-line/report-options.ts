import type { Command } from 'commander';

import { ConfigurationError, didYouMean, enumerate } from '../foundation/errors.ts';
import { type Options, textOf } from './option-values.ts';

/** Where a report goes. */
export interface ReportWishes {
  /** Where to write the report as JSON. */
  readonly report?: string;
  /** Where to write the report as a pull request would show it. */
  readonly markdown?: string;
  /** Print the report as JSON. */
  readonly json: boolean;
  /** Print the report in another form than text or JSON. */
  readonly format?: 'markdown' | 'latex';
}

/** Forms of the report that can be printed. */
const FORMATS = ['text', 'json', 'markdown', 'latex'] as const;

export function addReportOptions(command: Command): Command {
  return command
    .option('--report <path>', 'Write the report as JSON.')
    .option('--markdown <path>', 'Write the report as a pull request would show it.')
    .option('--json', 'Print the report as JSON on standard output, and all else on standard error.')
    .option('--format <form>', `Print the report as ${FORMATS.join(', ')}. Default: text.`);
}

/** What to print; `--json` is short for one of the forms. */
function printedForm(options: Options): Pick<ReportWishes, 'json' | 'format'> {
  const given = textOf(options, 'format');
  const format = FORMATS.find((form) => form === given);
  if (given !== undefined && format === undefined) {
    throw new ConfigurationError(
      `--format is "${given}"; ${enumerate(FORMATS)} are there.${didYouMean(given, FORMATS)}`,
    );
  }
  if (options.json === true && format !== undefined && format !== 'json') {
    throw new ConfigurationError(`--json and --format ${format} ask for two forms. Leave one out.`);
  }
  if (format === 'markdown' || format === 'latex') return { json: false, format };
  return { json: options.json === true || format === 'json' };
}

export function reportWishes(options: Options): ReportWishes {
  return {
    report: textOf(options, 'report'),
    markdown: textOf(options, 'markdown'),
    ...printedForm(options),
  };
}
