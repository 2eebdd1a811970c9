import type { Command } from 'commander';

import { addGateOptions, addInputs, gateWishes, type GateWishes } from './gate-options.ts';
import { notEmpty, optionsOf } from './option-values.ts';

/** What `fusion-gate shuffle` was asked for. */
export interface ShuffleWishes extends GateWishes {
  /** The file to write. */
  readonly bank: string;
  /** Replace what stands there. */
  readonly force: boolean;
}

const HELP = `
Example:
  fusion-gate shuffle --gate stress --permutations 200 --seed 7 --bank brokenQ.npz`;

/** Adds the command that writes the shuffles of a gate. */
export function addShuffle(program: Command, shuffle: (wishes: ShuffleWishes) => Promise<void>): void {
  const command = program
    .command('shuffle')
    .summary('Write the shuffles of a gate to a file.')
    .description(
      "Writes the shuffled scores that a gate draws to a .npz, in the layout of the paper's brokenQ banks.",
    )
    .helpOption('-h, --help', 'Print this help.');
  addGateOptions(command)
    .option('--bank <path>', 'The file to write.', 'bank.npz')
    .option('--force', 'Replace the file that stands there.');
  addInputs(command)
    .addHelpText('after', HELP)
    .action(async () => {
      const options = optionsOf(command);
      const bank = notEmpty('bank', options.bank as string);
      await shuffle({ ...gateWishes(options), bank, force: options.force === true });
    });
}
