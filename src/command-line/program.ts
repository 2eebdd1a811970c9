import { Command, CommanderError } from 'commander';

import { DEFAULT_CONFIG } from '../config/read-config.ts';
import { ConfigurationError } from '../foundation/errors.ts';
import { parseShardNumber, type Shard } from '../shards/shard-number.ts';
import { explainMistake } from './command-mistakes.ts';
import { addContract, type ContractWishes } from './contract-options.ts';
import { addGateOptions, addInputs, gateWishes, type GateWishes } from './gate-options.ts';
import { addHistoryOptions, historyWishes, type HistoryWishes } from './history-options.ts';
import { addInspection, type InspectionCommands } from './inspection-options.ts';
import { type Options, optionsOf, parseThreads, textOf } from './option-values.ts';
import { addReportFile, addReportOptions, type ReportWishes, reportWishes } from './report-options.ts';
import { addShuffle, type ShuffleWishes } from './shuffle-options.ts';
import { addTrend, type TrendWishes } from './trend-options.ts';

/** What `fusion-gate run` was asked for. */
export interface RunWishes extends ReportWishes, GateWishes, HistoryWishes {
  /** Measure a part of the shuffles, to be merged later, and judge nothing. */
  readonly shard?: Shard;
  /** A branch, tag or commit to compare with. */
  readonly base?: string;
}

/** What `fusion-gate merge` was asked for. */
export interface MergeWishes extends ReportWishes, HistoryWishes, GateWishes {
  /** Paths, in which `*` stands for any part of a name. */
  readonly files: readonly string[];
}

/** What `fusion-gate demo` was asked for. */
export type DemoWishes = Pick<RunWishes, 'quiet' | 'threads' | 'html'>;

/** What each command does; the answer is the exit status. */
export interface Commands extends InspectionCommands {
  run(wishes: RunWishes): Promise<number>;
  merge(wishes: MergeWishes): Promise<number>;
  shuffle(wishes: ShuffleWishes): Promise<number>;
  contract(wishes: ContractWishes): Promise<number>;
  trend(wishes: TrendWishes): Promise<number>;
  demo(wishes: DemoWishes): Promise<number>;
}

/** Where help and complaints are printed. */
export interface Printers {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

const EXIT_STATUS = `
Exit status: 0 all gates passed, 1 a gate failed, 2 nothing could be judged (bad input, bad config, crash).`;

const RUN_HELP = `
Examples:
  fusion-gate run                                    the gates of ${DEFAULT_CONFIG}
  fusion-gate run --gate stress --permutations 200   one of them, with fewer shuffles
  fusion-gate run --model m.onnx --evaluation-set eval.npz --label y --reliability Q_audio,Q_video
  fusion-gate run --fusion weighted-mean --experts p_a,p_v --reliability Q_a,Q_v \\
                  --evaluation-set eval.csv --label y --output-kind probabilities
  fusion-gate run --json > report.json               everything else goes to standard error
  fusion-gate run --html report.html                 a page with plots; --plots FOLDER for the plots alone
  fusion-gate run --format latex > tables.tex        the tables of the paper
  fusion-gate run --base origin/main                 side by side with where this branch began
  fusion-gate run --shard 2/8 --report shard-2.json  a part of the shuffles, for "fusion-gate merge"

A flag goes before the config file, the file before the defaults. Paths in flags are relative to the working
directory, paths in a config file to the folder of that file.
${EXIT_STATUS}`;

const MERGE_HELP = `
Example:
  fusion-gate run --shard 1/2 --report shard-1.json     on one machine
  fusion-gate run --shard 2/2 --report shard-2.json     on another
  fusion-gate merge shard-*.json --config ${DEFAULT_CONFIG}

Where p lies near alpha, one run draws more shuffles than shards do, which know of their own alone. Named the gates as
they were for the shards (by --config, or by flags), merge draws them; without, the report warns.
${EXIT_STATUS}`;

/**
 * Reads the command line and does what it says.
 *
 * @param args without node and script
 * @returns the exit status; 2 where no command is given, and the help is printed as an error
 * @throws ConfigurationError for a command line that cannot be understood
 */
export async function runProgram(
  args: readonly string[],
  commands: Commands,
  version: string,
  printers: Printers,
): Promise<number> {
  let status = 0;
  const program = new Command('fusion-gate')
    .description(
      'Fails the build when shuffling the reliability scores of a multimodal model does not change its accuracy.',
    )
    .version(version, '-V, --version', 'Print the version.')
    .helpOption('-h, --help', 'Print this help.')
    .helpCommand(false)
    .exitOverride()
    .configureOutput({
      writeOut: printers.out,
      writeErr: printers.error,
      // What is wrong is thrown, and told at the door.
      outputError: () => undefined,
    })
    .addHelpText('after', EXIT_STATUS);
  addRun(program, async (wishes) => {
    status = await commands.run(wishes);
  });
  addMerge(program, async (wishes) => {
    status = await commands.merge(wishes);
  });
  addShuffle(program, async (wishes) => {
    status = await commands.shuffle(wishes);
  });
  addTrend(program, async (wishes) => {
    status = await commands.trend(wishes);
  });
  addDemo(program, async (wishes) => {
    status = await commands.demo(wishes);
  });
  addContract(program, async (wishes) => {
    status = await commands.contract(wishes);
  });
  addInspection(program, commands, (it) => {
    status = it;
  });
  try {
    await program.parseAsync(args, { from: 'user' });
    return status;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version were asked for, and are no failure.
    if (error.exitCode === 0) return 0;
    if (error.code === 'commander.help') return 2;
    throw new ConfigurationError(
      `${explainMistake(error)} See fusion-gate --help and fusion-gate run --help.`,
    );
  }
}

function addRun(program: Command, run: (wishes: RunWishes) => Promise<void>): void {
  const command = program
    .command('run')
    .summary('Run gates and print what was found.')
    .description(
      'Runs the gates of a config file, or one gate that flags describe, and prints what was found.',
    )
    .helpOption('-h, --help', 'Print this help.');
  addGateOptions(command)
    .option('--base <commit>', 'Compare with where this commit branched off from a branch, tag or commit.')
    .option('--shard <part/parts>', 'Measure a part of the shuffles, such as 2/8, and judge nothing.')
    .optionsGroup('Output:');
  addReportOptions(command);
  addHistoryOptions(command);
  addInputs(command)
    .addHelpText('after', RUN_HELP)
    .action(async () => {
      await run(runWishes(optionsOf(command)));
    });
}

function addMerge(program: Command, merge: (wishes: MergeWishes) => Promise<void>): void {
  const command = program
    .command('merge')
    .summary('Judge what the shards of a run measured, and print what was found.')
    .description(
      'Puts together what "fusion-gate run --shard" wrote, and prints the report that one run would give.',
    )
    .helpOption('-h, --help', 'Print this help.')
    .argument('<files...>', 'The file of every shard; * stands for any part of a name.');
  addGateOptions(command).optionsGroup('Output:');
  addReportOptions(command);
  addHistoryOptions(command);
  addInputs(command)
    .addHelpText('after', MERGE_HELP)
    .action(async (files: readonly string[]) => {
      const options = optionsOf(command);
      await merge({ ...reportWishes(options), ...gateWishes(options), ...historyWishes(options), files });
    });
}

function addDemo(program: Command, demo: (wishes: DemoWishes) => Promise<void>): void {
  const command = program
    .command('demo')
    .summary('Judge the four models of the example, and print what a pull request would get.')
    .description('Judges the four models of examples/digits, and prints what a pull request would get.')
    .helpOption('-h, --help', 'Print this help.')
    .option('--quiet', 'Print no progress.')
    .option('--threads <count>', 'Threads for the engines. Default: one for each core.');
  addReportFile(command, 'html').action(async () => {
    const options = optionsOf(command);
    await demo({
      quiet: options.quiet === true,
      threads: parseThreads(options.threads),
      html: textOf(options, 'html'),
    });
  });
}

function runWishes(options: Options): RunWishes {
  return {
    ...reportWishes(options),
    ...gateWishes(options),
    ...historyWishes(options),
    base: textOf(options, 'base'),
    shard: typeof options.shard === 'string' ? parseShardNumber(options.shard, '--shard') : undefined,
  };
}
