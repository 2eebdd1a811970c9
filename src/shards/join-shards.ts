import { isDeepStrictEqual } from 'node:util';

import { joinMeasurements } from '../diagnostic/join-measurements.ts';
import { ConfigurationError, enumerate } from '../foundation/errors.ts';
import type { MeasuredGate } from '../report/measured-gate.ts';
import type { ShardFile } from './shard-file.ts';
import { spell } from './shard-number.ts';

/** A shard and the file that errors name. */
export interface FoundShard {
  readonly path: string;
  readonly file: ShardFile;
}

/**
 * The gates as one run measures them.
 *
 * @param shards in any order; at least one
 * @param version of this program
 * @throws ConfigurationError where they are not all the shards of one run
 */
export function joinShards(shards: readonly FoundShard[], version: string): MeasuredGate[] {
  refuseOtherVersions(shards, version);
  const ordered = inOrder(shards);
  refuseOtherGates(ordered);
  return ordered[0].file.gates.map((gate, g) => {
    const parts = ordered.map(({ path, file }) => ({ path, gate: file.gates[g] }));
    for (const part of parts) refuseDifference(parts[0], part);
    return {
      ...gate,
      measurements: joinMeasurements(parts.map((part) => part.gate.measurements)),
      seconds: Math.max(...parts.map((part) => part.gate.seconds)),
    };
  });
}

function refuseOtherVersions(shards: readonly FoundShard[], version: string): void {
  const other = shards.find(({ file }) => file.tool.version !== version);
  if (other === undefined) return;
  throw new ConfigurationError(
    `"${other.path}" was measured by fusion-gate ${other.file.tool.version}, and this is ${version}; use the same version for all steps.`,
  );
}

/** Every shard exactly once. */
function inOrder(shards: readonly FoundShard[]): FoundShard[] {
  const [first] = shards;
  const { of } = first.file.shard;
  const found = new Map<number, FoundShard>();
  for (const shard of shards) {
    const { index, of: others } = shard.file.shard;
    if (others !== of) {
      throw new ConfigurationError(
        `"${first.path}" is shard ${spell(first.file.shard)} and "${shard.path}" is shard ${spell(shard.file.shard)}; merge the shards of one run.`,
      );
    }
    const twin = found.get(index);
    if (twin !== undefined) {
      throw new ConfigurationError(
        `"${twin.path}" and "${shard.path}" are both shard ${spell(shard.file.shard)}; merge each shard once.`,
      );
    }
    found.set(index, shard);
  }
  const indices = Array.from({ length: of }, (_, i) => i + 1);
  const missing = indices.filter((index) => !found.has(index));
  if (missing.length === 0) return indices.map((index) => found.get(index)!);
  const those = missing.length === 1 ? 'Shard' : 'Shards';
  const are = missing.length === 1 ? 'is' : 'are';
  throw new ConfigurationError(
    `${those} ${enumerate(missing.map(String))} of ${of} ${are} missing. All are needed; see whether a job failed that should have measured one.`,
  );
}

function refuseOtherGates([first, ...others]: readonly FoundShard[]): void {
  const namesOf = ({ file }: FoundShard): string[] => [file.name, ...file.gates.map(({ name }) => name)];
  const other = others.find((shard) => !isDeepStrictEqual(namesOf(shard), namesOf(first)));
  if (other === undefined) return;
  const gates = ({ file }: FoundShard): string => enumerate(file.gates.map(({ name }) => `"${name}"`));
  throw new ConfigurationError(
    `"${first.path}" has the gates ${gates(first)} of "${first.file.name}" and "${other.path}" has ${gates(other)} of "${other.file.name}"; measure the same gates in every shard.`,
  );
}

/** What must be the same in every shard of a gate, and what mends it where it is not. */
const SAME: readonly {
  readonly what: string;
  readonly of: (gate: MeasuredGate) => unknown;
  readonly mend: string;
}[] = [
  { what: 'another model', of: ({ model }) => model.sha256, mend: 'measure all shards on one commit' },
  {
    what: 'another evaluation set',
    of: ({ evaluationSet }) => evaluationSet.sha256,
    mend: 'measure all shards on one commit',
  },
  {
    what: 'another configuration',
    of: ({ config, plan }) => [config, plan],
    mend: 'give all shards the same config file, inputs and flags',
  },
  {
    what: 'another engine',
    of: ({ model }) => model.engine,
    mend: 'give all shards the same "engine" and "threads", on machines of one kind',
  },
  {
    what: 'other results for Clean-Q and the controls',
    of: ({ measurements }) => measurements.facts,
    mend: 'measure all shards on machines of one kind, with the same version of Node',
  },
  {
    what: 'another description',
    of: ({ model, evaluationSet, classes, warnings, leakage }) => [
      model,
      evaluationSet,
      classes,
      warnings,
      leakage,
    ],
    mend: 'measure all shards in the same way',
  },
];

interface Part {
  readonly path: string;
  readonly gate: MeasuredGate;
}

function refuseDifference(first: Part, part: Part): void {
  const different = SAME.find(({ of }) => !isDeepStrictEqual(of(first.gate), of(part.gate)));
  if (different === undefined) return;
  throw new ConfigurationError(
    `Gate "${part.gate.name}" has ${different.what} in "${part.path}" than in "${first.path}"; ${different.mend}.`,
  );
}

/**
 * @param merged of all shards
 * @param here the same gate, as what is checked out has it
 * @throws ConfigurationError where that is not what the shards measured
 */
export function refuseChanged(merged: Omit<MeasuredGate, 'seconds'>, here: MeasuredGate): void {
  const { measurements } = merged;
  const different = SAME.find(
    ({ of }) => !isDeepStrictEqual(of({ ...merged, seconds: 0 }), of({ ...here, measurements })),
  );
  if (different === undefined) return;
  throw new ConfigurationError(
    `Gate "${here.name}" has ${different.what} here than in the shards; merge where they were measured: the same commit, config, inputs, flags and kind of machine.`,
  );
}
