import type { Command } from 'commander';

import type { InputName } from '../config/inputs.ts';
import { inputHelp, INPUTS } from '../config/inputs.ts';
import { DEFAULT_CONFIG } from '../config/read-config.ts';
import { notEmpty, type Options, parseThreads, repeatable, textOf } from './option-values.ts';

/** Which gates, and with what. */
export interface GateWishes {
  readonly config?: string;
  readonly gates: readonly string[];
  readonly inputs: Readonly<Partial<Record<InputName, string>>>;
  /** Hosts whose servers and files the config file may name. */
  readonly allowHosts?: string;
  /** `true` where commands in the config file may be run. */
  readonly allowCommand?: string;
  readonly quiet: boolean;
  readonly threads?: number;
}

/** Where the gates come from. */
export function addGateOptions(command: Command): Command {
  return command
    .option(
      '-c, --config <path>',
      `The config file. Default: ${DEFAULT_CONFIG}, unless a model or a rule is named.`,
    )
    .addOption(
      repeatable(
        '--gate <name>',
        'Take this gate of the config file only; may be given several times.',
        'all',
      ),
    )
    .option(
      '--allow-hosts <hosts>',
      'Hosts whose servers and files the config file may name, beside this machine; * for any.',
    )
    .option('--allow-command', 'Run commands that the config file gives; else only --command is run.');
}

/** The gates in flags, and how they are run. The last group of a command's options. */
export function addInputs(command: Command): Command {
  command
    .option('--quiet', 'Print no progress; warnings and errors still are.')
    .option('--threads <count>', 'Threads for the engines. Default: one for each core.')
    .optionsGroup('The gate, without a config file or before what it says:');
  for (const input of INPUTS) command.option(`--${input.name} <${input.value}>`, inputHelp(input));
  return command;
}

export function gateWishes(options: Options): GateWishes {
  return {
    config: textOf(options, 'config'),
    gates: (options.gate as readonly string[]).map((gate) => notEmpty('gate', gate)),
    inputs: Object.fromEntries(INPUTS.map(({ name }) => [name, textOf(options, name)])),
    allowHosts: textOf(options, 'allow-hosts'),
    allowCommand: options['allow-command'] === true ? 'true' : undefined,
    quiet: options.quiet === true,
    threads: parseThreads(options.threads),
  };
}
