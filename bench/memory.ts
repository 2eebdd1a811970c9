import { ENGINES, runTask } from './child.ts';
import type { LargeModel } from './large-model.ts';
import { type Measured, megabytes, times } from './table.ts';

/** The most memory that a process held: the engine with one batch of all rows, and a whole gate. */
export function memory({ folder, parameters, rows }: LargeModel): Measured {
  return {
    title: `Peak memory, the same model (${megabytes(4 * parameters)} of weights) and ${rows} examples:`,
    header: ['engine', 'engine alone, one forward', 'whole gate', 'ratio'],
    rows: ENGINES.map((engine) => {
      const alone = runTask('load', engine, folder).peak;
      const gate = runTask('gate', engine, folder).peak;
      return [engine, megabytes(alone), megabytes(gate), times(gate, alone)];
    }),
  };
}
