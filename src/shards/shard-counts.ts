import type { Counts } from '../diagnostic/cells.ts';
import type { Facts, Measurements } from '../diagnostic/measurements.ts';
import type { Outcomes } from '../diagnostic/outcomes.ts';
import { MAX_INT } from './number-lists.ts';

/**
 * What a shard's text has as lists of numbers, as whoever measured it held them: examples are counted in 32 bits, and weights of
 * examples are summed in floats.
 *
 * A number that no count can be is left as it is, for `whatIsDamaged` to find.
 */
export function withCounts(measurements: Measurements): Measurements {
  const { facts, draws } = measurements;
  if (facts.weights !== undefined) return measurements;
  const { main, correctness } = draws;
  return {
    ...measurements,
    facts: withFacts(facts),
    draws: {
      ...draws,
      main: {
        ...withHits(main),
        flipped: counted(main.flipped),
        ...(main.slices && { slices: main.slices.map(withHits) }),
      },
      perModality: draws.perModality.map(withHits),
      joint: draws.joint && withHits(draws.joint),
      correctness: correctness && withControl(correctness),
      corruption: draws.corruption.map(withControl),
    },
  };
}

function withFacts(facts: Facts): Facts {
  const { uniform, correctness, corruption, slices } = facts;
  const withOutcomes = <Control extends Pick<NonNullable<Facts['correctness']>, 'best' | 'truthful'>>(
    control: Control,
  ): Control => ({
    ...control,
    best: control.best && withHits(control.best),
    truthful: withHits(control.truthful),
  });
  return {
    ...facts,
    uniform: counted(uniform),
    correctness: correctness && withOutcomes(correctness),
    corruption: corruption.map(withOutcomes),
    ...(slices && { slices: slices.map((of) => ({ ...of, uniform: counted(of.uniform) })) }),
  };
}

function withControl(control: Measurements['draws']['corruption'][number]): typeof control {
  return { broken: withHits(control.broken), doses: control.doses && withHits(control.doses) };
}

function withHits<Counted extends Outcomes>(outcomes: Counted): Counted {
  return { ...outcomes, hits: counted(outcomes.hits) };
}

function counted(numbers: Counts): Counts {
  return numbers.every((number) => number <= MAX_INT) ? Uint32Array.from(numbers) : numbers;
}
