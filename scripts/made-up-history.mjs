// A history for pictures: two months of a branch that nobody has pushed to. The gaps are drawn around those that the gates of
// examples/digits have, by a generator with a seed; only the newest report in the pictures is of a real run.
import seedrandom from 'seedrandom';

const COMMITS = 48;
/** From here on the scores are those of the wrong frame. */
const DROP = 42;
const DAY_MS = 86_400_000;
const START = Date.UTC(2026, 8, 14, 9);
const HALF_WIDTH = 0.0195;

/** @returns {object[]} records of one gate, oldest first, as src/history/record-schema.ts has them */
export function madeUpHistory(gate) {
  const random = seedrandom(gate);
  return Array.from({ length: COMMITS }, (_, n) => record(gate, n, random));
}

function record(gate, n, random) {
  const isGood = n < DROP;
  const [level, clean] = isGood ? [0.126, 0.803] : [-0.004, 0.671];
  const value = level + 0.02 * (random() + random() - 1);
  const hash = (count) => hexadecimal(seedrandom(`${gate}-${count}`), 64);
  const modalities = ['top', 'middle', 'bottom'].map((name) => ({
    name,
    gap: value / 3 + 0.012 * (random() - 0.5),
    p: isGood ? 0.001 : 0.5,
    auroc: (isGood ? 0.74 : 0.5) + 0.02 * (random() - 0.5),
  }));
  return {
    version: 1,
    gate,
    sha: hexadecimal(random, 40),
    ref: 'refs/heads/main',
    time: new Date(START + n * DAY_MS * 1.4).toISOString(),
    pullRequest: 101 + n,
    tool: '0.1.0',
    model: { path: 'models/digits.onnx', sha256: hash(isGood ? Math.floor(n / 6) : 'stale') },
    evaluationSet: { path: 'evaluation.npz', sha256: hash(n < 20 ? 'first' : 'second'), evaluated: 1797 },
    metric: 'accuracy',
    threshold: 0.03,
    alpha: 0.05,
    verdict: isGood ? 'quality-aware' : 'decorative',
    conclusion: isGood ? 'success' : 'failure',
    clean,
    broken: clean - value,
    gap: { value, lower: value - HALF_WIDTH, upper: value + HALF_WIDTH, confidence: 0.95 },
    p: isGood ? 0.001 : 0.6,
    modalities,
    controls: { correctness: { gap: 0.225, p: 0.001, passed: true }, corruption: null },
  };
}

function hexadecimal(random, digits) {
  return Array.from({ length: digits }, () => Math.floor(16 * random()).toString(16)).join('');
}
