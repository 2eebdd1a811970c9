import { vectorCode } from '../foundation/vector-code.ts';
import { aleaState, shuffleInto, type Key } from './random.ts';
import shuffleWasm from './shuffle.wasm.ts';

type Shuffle = (
  size: number,
  values: number,
  target: number,
  ...state: [carry: number, x0: number, x1: number, x2: number]
) => void;

const startShuffle = vectorCode<{ readonly shuffle: Shuffle }>(shuffleWasm);

/**
 * Up to this size a 32-bit random number times an index is exact in a float64, so that integers pick what `shuffleInto`
 * picks. Larger ones are left to `shuffleInto`.
 */
const EXACT_SIZE = 2 ** 21;

/**
 * Uniform shuffles of the same numbers: what `shuffleInto` gives for the key, at four times its speed or better. Drawing is
 * most of a gate's time over cached experts.
 *
 * @param values [N], copied
 * @returns the shuffle [N] for a key, in an array that the next one overwrites
 */
export function shuffledCopies(values: Float64Array): (...key: Key) => Float64Array {
  const size = values.length;
  if (size > EXACT_SIZE) {
    const target = new Float64Array(size);
    return (...key) => {
      shuffleInto(values, target, ...key);
      return target;
    };
  }
  const { run, memory } = startShuffle(2 * values.byteLength);
  const source = new Float64Array(memory, 0, size);
  const target = new Float64Array(memory, source.byteLength, size);
  source.set(values);
  return (...key) => {
    const { c, s0, s1, s2 } = aleaState(key);
    run.shuffle(size, source.byteOffset, target.byteOffset, c, bits(s0), bits(s1), bits(s2));
    return target;
  };
}

/** The 32 bits of a multiple of 2^-32 in [0, 1). */
function bits(fraction: number): number {
  return (fraction * 2 ** 32) | 0;
}
