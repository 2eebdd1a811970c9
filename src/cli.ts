import { contractCommand } from './command-line/contract-command.ts';
import { demoCommand } from './command-line/demo-command.ts';
import { initCommand } from './command-line/init-command.ts';
import { inspectCommand } from './command-line/inspect-command.ts';
import { mergeCommand } from './command-line/merge-command.ts';
import { runProgram } from './command-line/program.ts';
import { runCommand } from './command-line/run-command.ts';
import { shuffleCommand } from './command-line/shuffle-command.ts';
import { splitCommand } from './command-line/split-command.ts';
import { trendCommand } from './command-line/trend-command.ts';
import { errorSentence, errorStack } from './foundation/error-sentence.ts';
import { catchCrashes, exitWhenPrinted, ignoreClosedPipes } from './foundation/exit.ts';
import { terminalLogger } from './foundation/terminal-logger.ts';
import { VERSION } from './version.ts';

/** From here as from the bundle in dist/. */
const EXAMPLES = new URL('../examples/digits/', import.meta.url);

async function main(args: readonly string[]): Promise<number> {
  try {
    return await runProgram(
      args,
      {
        run: (wishes) => runCommand(wishes, VERSION),
        merge: (wishes) => mergeCommand(wishes, VERSION),
        demo: (wishes) => demoCommand(EXAMPLES, wishes, VERSION),
        contract: contractCommand,
        inspect: inspectCommand,
        init: initCommand,
        shuffle: shuffleCommand,
        split: splitCommand,
        trend: (wishes) => trendCommand(wishes, VERSION),
      },
      VERSION,
      {
        out: (text) => process.stdout.write(text),
        error: (text) => process.stderr.write(text),
      },
    );
  } catch (error) {
    return fail(error);
  }
}

function fail(error: unknown): number {
  const logger = terminalLogger({ stream: process.stderr });
  for (const line of errorSentence(error).split('\n')) logger.error(line);
  const stack = errorStack(error);
  if (stack !== undefined) logger.debug(stack);
  return 2;
}

ignoreClosedPipes();
catchCrashes(fail);
exitWhenPrinted(await main(process.argv.slice(2)));
