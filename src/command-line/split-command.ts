import { dirname, relative, resolve } from 'node:path';

import { ConfigurationError } from '../foundation/errors.ts';
import { openOutputFile, type OutputFile } from '../foundation/output-file.ts';
import { terminalLogger } from '../foundation/terminal-logger.ts';
import { openWorkspace } from '../foundation/workspace.ts';
import { splitModel, type SplitPart } from '../inspection/split-model.ts';
import { terminal } from '../report/escape.ts';
import { tensorText } from './inspection-text.ts';
import type { SplitWishes } from './inspection-options.ts';
import { refuseReplacing } from './new-file.ts';
import { repositoryAround } from './repository-around.ts';

/**
 * `fusion-gate split`
 *
 * @returns 0
 * @throws ConfigurationError when the model cannot be split there, or a file is in the way
 */
export async function splitCommand(wishes: SplitWishes): Promise<number> {
  const { model, at, force } = wishes;
  if (at.length === 0) {
    throw new ConfigurationError(
      'Where is the model to be cut? Name the tensors of its scores with --at; fusion-gate inspect shows candidates.',
    );
  }
  const folder = process.cwd();
  const stem = model.replace(/\.onnx$/i, '');
  const prefix = wishes.prefix ?? `${stem}.prefix.onnx`;
  const suffix = wishes.suffix ?? `${stem}.suffix.onnx`;
  const files = {
    prefix: target(prefix, folder, '--prefix', model, force),
    suffix: target(suffix, folder, '--suffix', model, force),
  };
  if (files.prefix.path === files.suffix.path) {
    throw new ConfigurationError(`--prefix and --suffix are both "${prefix}". Name a file for each.`);
  }
  const workspace = openWorkspace(repositoryAround(folder), folder);
  const logger = terminalLogger({ stream: process.stderr, quiet: wishes.quiet });
  const split = await splitModel(wishes, { workspace, logger, threads: wishes.threads });
  if (split.hasFilesBeside) refuseOtherFolder(files, model, folder);
  files.prefix.write(split.prefix.bytes);
  files.suffix.write(split.suffix.bytes);
  process.stdout.write(
    [...partText(prefix, split.prefix), '', ...partText(suffix, split.suffix), ''].join('\n'),
  );
  logger.info(
    `\nRun behind each other on made-up rows, they give what ${model} gives${split.difference === 0 ? ', bit for bit' : ` to ${split.difference.toPrecision(1)} of its largest output`}.`,
  );
  return 0;
}

function target(path: string, folder: string, spelling: string, model: string, force: boolean): OutputFile {
  const file = openOutputFile(path, folder, spelling);
  if (file.path === resolve(folder, model)) {
    throw new ConfigurationError(`${spelling} is the model itself. Name another file.`);
  }
  refuseReplacing(file, path, spelling, force);
  return file;
}

/** Both parts name the model's weight files relative to their own folder. */
function refuseOtherFolder(files: Readonly<Record<string, OutputFile>>, model: string, folder: string): void {
  const home = dirname(resolve(folder, model));
  const other = Object.entries(files).find(([, { path }]) => relative(home, dirname(path)) !== '');
  if (other === undefined) return;
  throw new ConfigurationError(
    `The model "${model}" keeps weights in files beside it, which both parts go on reading: write them into its folder (--${other[0]} is in another one).`,
  );
}

function partText(path: string, { inputs, outputs }: SplitPart): string[] {
  return [
    terminal(path),
    ...inputs.map((input) => `  takes  ${tensorText({ ...input, shape: input.shape ?? null })}`),
    ...outputs.map((output) => `  gives  ${tensorText({ ...output, shape: output.shape ?? null })}`),
  ];
}
