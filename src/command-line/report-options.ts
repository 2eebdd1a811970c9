import type { Command } from 'commander';

import { ConfigurationError, didYouMean, enumerate } from '../foundation/errors.ts';
import { type Options, textOf } from './option-values.ts';

/** Forms of the report that are written to a file, and the flag of each. */
export const REPORT_FILES = ['report', 'markdown', 'html', 'junit'] as const;
export type ReportFileName = (typeof REPORT_FILES)[number];

const FILE_HELP: Readonly<Record<ReportFileName, string>> = {
  report: 'Write the report as JSON.',
  markdown: 'Write the report as a pull request would show it.',
  html: 'Write the report as a page with plots.',
  junit: 'Write the report as JUnit XML, a test case for each gate.',
};

/** Where a report goes: a path for each form that is wanted. */
export interface ReportWishes extends Readonly<Partial<Record<ReportFileName, string>>> {
  /** The folder for the plots as SVG files. */
  readonly plots?: string;
  /** Print the report as JSON. */
  readonly json: boolean;
  /** Print the report in another form than text or JSON. */
  readonly format?: 'markdown' | 'latex';
}

/** Forms of the report that can be printed. */
const FORMATS = ['text', 'json', 'markdown', 'latex'] as const;

export function addReportOptions(command: Command): Command {
  for (const name of REPORT_FILES) addReportFile(command, name);
  return command
    .option('--plots <folder>', 'Write the plots of that page as SVG files.')
    .option('--json', 'Print the report as JSON on standard output, and all else on standard error.')
    .option('--format <form>', `Print the report as ${FORMATS.join(', ')}. Default: text.`);
}

export function addReportFile(command: Command, name: ReportFileName): Command {
  return command.option(`--${name} <path>`, FILE_HELP[name]);
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
    ...Object.fromEntries(REPORT_FILES.map((name) => [name, textOf(options, name)])),
    plots: textOf(options, 'plots'),
    ...printedForm(options),
  };
}
