/** Share of its range by which a number may be off that was computed in float32 elsewhere. */
const SLACK = 1e-5;

/**
 * Whether y is a monotone function of x: 1 where it never falls as x rises, -1 where it never rises, 0 elsewhere.
 *
 * Every pair of examples is asked, but for pairs that lie so close in x or in y that their order is a matter of float
 * arithmetic. Ties do not speak against it: numbers that are rounded, or stored as float16, have them.
 *
 * @param x [N] @param y [N]
 */
export function monotoneDirection(x: Float64Array, y: Float64Array): 1 | -1 | 0 {
  const slack = { x: SLACK * rangeOf(x), y: SLACK * rangeOf(y) };
  const candidates = directionsOfNeighbours(x, y, slack);
  if (candidates.length === 0) return 0;
  const order = Uint32Array.from(x, (_, i) => i).sort((a, b) => x[a] - x[b]);
  return candidates.find((direction) => neverTurns(order, x, y, slack, direction)) ?? 0;
}

interface Slack {
  readonly x: number;
  readonly y: number;
}

/** What pairs of neighbouring rows leave open: nothing, as a rule, after a few of them, and nothing has to be sorted. */
function directionsOfNeighbours(x: Float64Array, y: Float64Array, slack: Slack): (1 | -1)[] {
  let open: (1 | -1)[] = [1, -1];
  for (let i = 1; i < x.length && open.length > 0; i++) {
    const [dx, dy] = [x[i] - x[i - 1], y[i] - y[i - 1]];
    if (Math.abs(dx) <= slack.x || Math.abs(dy) <= slack.y) continue;
    const found = Math.sign(dx) * Math.sign(dy);
    if (open.some((direction) => direction !== found)) open = open.filter((direction) => direction === found);
  }
  return open;
}

/** Sweeps x upwards: no y lies below the highest y whose x is clearly smaller. */
function neverTurns(
  order: Uint32Array,
  x: Float64Array,
  y: Float64Array,
  slack: Slack,
  direction: 1 | -1,
): boolean {
  let highest = -Infinity;
  let passed = 0;
  return order.every((row) => {
    for (; x[order[passed]] < x[row] - slack.x; passed++) {
      highest = Math.max(highest, direction * y[order[passed]]);
    }
    return direction * y[row] >= highest - slack.y;
  });
}

function rangeOf(values: Float64Array): number {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) {
    if (value < low) low = value;
    if (value > high) high = value;
  }
  return high - low;
}
