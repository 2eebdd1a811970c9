import type { Command } from 'commander';

import { DEFAULT_CONFIG } from '../config/read-config.ts';
import { notEmpty, optionsOf, parseThreads, repeatable } from './option-values.ts';

/** What `fusion-gate inspect` was asked for. */
export interface InspectWishes {
  readonly model: string;
  readonly evaluationSet?: string;
  readonly label?: string;
  /** The fused output. */
  readonly output?: string;
  /** Print what was found as JSON. */
  readonly json: boolean;
  readonly quiet: boolean;
  readonly threads?: number;
}

/** What `fusion-gate init` was asked for. */
export interface InitWishes extends InspectWishes {
  /** The config file to write. */
  readonly config: string;
  /** Replace what stands there. */
  readonly force: boolean;
}

/** What `fusion-gate split` was asked for. */
export interface SplitWishes {
  readonly model: string;
  /** The tensors to cut at. */
  readonly at: readonly string[];
  readonly output?: string;
  /** Files to write. */
  readonly prefix?: string;
  readonly suffix?: string;
  readonly force: boolean;
  readonly quiet: boolean;
  readonly threads?: number;
}

/** The commands that look into a model; the answer is the exit status. */
export interface InspectionCommands {
  inspect(wishes: InspectWishes): Promise<number>;
  init(wishes: InitWishes): Promise<number>;
  split(wishes: SplitWishes): Promise<number>;
}

const INSPECT_HELP = `
Examples:
  fusion-gate inspect stress.onnx                                   what could be judged, on made-up rows
  fusion-gate inspect stress.onnx --evaluation-set eval.npz --label y    with spread and AUROC of each score`;

const INIT_HELP = `
Examples:
  fusion-gate init stress.onnx --evaluation-set eval.npz --label y && fusion-gate run`;

const SPLIT_HELP = `
Examples:
  fusion-gate split stress.onnx --at /router/Softmax_output_0
  fusion-gate split stress.onnx --at conf_a --at conf_v --prefix encoders.onnx --suffix fusion.onnx

The prefix takes the model's inputs and gives the scores, everything else that the suffix needs, and the outputs that
depend on no score. The suffix takes these and gives the fused output.`;

/** Adds the commands that look into a model. `end` is told the exit status. */
export function addInspection(
  program: Command,
  commands: InspectionCommands,
  end: (status: number) => void,
): void {
  const looking = added(program, 'inspect', 'Show what a model offers as reliability.', INSPECT_HELP);
  addLooking(looking).action(async (model: string) => {
    end(await commands.inspect(inspectWishes(model, optionsOf(looking))));
  });
  const writing = added(program, 'init', `Write a ${DEFAULT_CONFIG} for a model.`, INIT_HELP);
  addLooking(writing)
    .option('-c, --config <path>', 'The config file to write.', DEFAULT_CONFIG)
    .option('--force', 'Replace the file that stands there.')
    .action(async (model: string) => {
      const options = optionsOf(writing);
      const config = notEmpty('config', options.config as string);
      end(await commands.init({ ...inspectWishes(model, options), config, force: options.force === true }));
    });
  const cutting = added(program, 'split', 'Cut an ONNX model in two at its scores, to deploy.', SPLIT_HELP);
  cutting
    .addOption(repeatable('--at <tensor>', 'Cut at this tensor; may be given several times.'))
    .option('--output <tensor>', "The fused output. Default: the model's only output.")
    .option('--prefix <path>', 'Where to write the first part. Default: beside the model.')
    .option('--suffix <path>', 'Where to write the second part. Default: beside the model.')
    .option('--force', 'Replace files that stand there.')
    .action(async (model: string) => {
      end(await commands.split(splitWishes(model, optionsOf(cutting))));
    });
  for (const command of [looking, writing, cutting]) {
    command
      .option('--quiet', 'Print no progress.')
      .option('--threads <count>', 'Threads for the engines. Default: one for each core.');
  }
}

function added(program: Command, name: string, summary: string, help: string): Command {
  return program
    .command(name)
    .summary(summary)
    .description(summary)
    .argument('<model>', 'The model, as run takes it.')
    .helpOption('-h, --help', 'Print this help.')
    .addHelpText('after', help);
}

function addLooking(command: Command): Command {
  return command
    .option('--evaluation-set <path>', 'The examples to try the model on.')
    .option(
      '--label <column>',
      'Column with the true class (or value) of each example. Default: one of a well-known name.',
    )
    .option('--output <tensor>', 'The fused output. Default: the one that most inputs reach.')
    .option('--json', 'Print what was found as JSON.');
}

type Options = Readonly<Record<string, unknown>>;

function inspectWishes(model: string, options: Options): InspectWishes {
  return {
    model: notEmpty('model', model),
    evaluationSet: textOf(options, 'evaluation-set'),
    label: textOf(options, 'label'),
    output: textOf(options, 'output'),
    json: options.json === true,
    ...common(options),
  };
}

function splitWishes(model: string, options: Options): SplitWishes {
  return {
    model: notEmpty('model', model),
    at: ((options.at ?? []) as readonly string[]).map((tensor) => notEmpty('at', tensor)),
    output: textOf(options, 'output'),
    prefix: textOf(options, 'prefix'),
    suffix: textOf(options, 'suffix'),
    force: options.force === true,
    ...common(options),
  };
}

function common({ quiet, threads }: Options) {
  return { quiet: quiet === true, threads: parseThreads(threads) };
}

function textOf(options: Options, name: string): string | undefined {
  return notEmpty(name, options[name] as string | undefined);
}
