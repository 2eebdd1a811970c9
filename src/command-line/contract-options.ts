import type { Command } from 'commander';

import { DEFAULT_CONFIG } from '../config/read-config.ts';
import { ConfigurationError, didYouMean, enumerate } from '../foundation/errors.ts';
import { STUDIES, type ContractRequest, type Study } from '../inspection/contract-config.ts';
import { notEmpty, optionsOf, textOf } from './option-values.ts';

/** What `fusion-gate contract` was asked for. */
export interface ContractWishes extends ContractRequest {
  /** The config file to write. */
  readonly config: string;
  /** Replace what stands there. */
  readonly force: boolean;
  readonly quiet: boolean;
}

const HELP = `
Studies:
  late         weighted mean of the experts; scores from quality, shuffles from brokenQ
  moe          the linear routers of reports/moe/routers; scores from quality, shuffles from brokenQ
  corruption   weighted mean of experts of which some are made wrong; scores and shuffles from qsyn

Examples:
  fusion-gate contract data && fusion-gate run
  fusion-gate contract data --experts lr --study moe --config moe.yml && fusion-gate run --config moe.yml`;

/** Adds the command that writes gates for the data of the paper's code. */
export function addContract(program: Command, contract: (wishes: ContractWishes) => Promise<void>): void {
  const command = program
    .command('contract')
    .summary("Write a config file for data in the layout of the paper's code.")
    .description(
      "Writes a config file with a gate for each seed and fold of a folder in the layout of the paper's code.",
    )
    .helpOption('-h, --help', 'Print this help.')
    .argument('<folder>', 'The folder with union, splits, quality and unimodal_preds.')
    .option('--experts <name>', 'The folder in unimodal_preds. Default: the only one there is.')
    .option('--study <study>', `One of ${STUDIES.join(', ')}.`, STUDIES[0])
    .option('-c, --config <path>', 'The config file to write.', DEFAULT_CONFIG)
    .option('--force', 'Replace the file that stands there.')
    .option('--quiet', 'Print nothing.')
    .addHelpText('after', HELP);
  command.action(async (folder: string) => {
    const options = optionsOf(command);
    await contract({
      folder: notEmpty('folder', folder),
      experts: textOf(options, 'experts'),
      study: parseStudy(options.study as string),
      config: notEmpty('config', options.config as string),
      force: options.force === true,
      quiet: options.quiet === true,
    });
  });
}

function parseStudy(text: string): Study {
  const study = STUDIES.find((name) => name === text);
  if (study !== undefined) return study;
  throw new ConfigurationError(
    `--study is "${text}"; ${enumerate(STUDIES)} are there.${didYouMean(text, STUDIES)}`,
  );
}
