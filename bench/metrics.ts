import { shuffledScores } from '../src/diagnostic/broken-scores.ts';
import { conclude } from '../src/diagnostic/conclude.ts';
import type { MetricName } from '../src/diagnostic/diagnosis.ts';
import type { Examined } from '../src/diagnostic/examined.ts';
import { takeMeasurements, type DiagnosisPlan } from '../src/diagnostic/take-measurements.ts';
import { silentLogger } from '../src/foundation/logger.ts';
import { CLASSES, examinedFor, gateFor, ROWS, SHUFFLES } from './cached-experts.ts';
import { type Measured, seconds, times } from './table.ts';

const RESAMPLES = 2_000;
/** Sums over examples, all that classification has; the first one gates. */
const SUMS: readonly MetricName[] = [
  'brier',
  'accuracy',
  'balanced-accuracy',
  'log-loss',
  'top-2-accuracy',
  'top-3-accuracy',
  'top-5-accuracy',
];
/** The analyses beside the shuffles are kept as small as they can be: they are of the gating metric alone. */
const FEW = 20;

function planFor(metrics: readonly MetricName[], resamples: number): DiagnosisPlan {
  const gate = gateFor();
  return {
    ...gate,
    metric: metrics[0],
    metrics: metrics.slice(1),
    permutations: { count: SHUFFLES, secondaryCount: FEW, scheme: 'independent', seed: 0 },
    interval: { ...gate.interval, resamples },
    reliableWhen: gate.modalities.map(({ reliableWhen }) => reliableWhen),
  };
}

/** From the frozen model to the diagnosis. */
async function secondsOfGate({ fusion, cells: { labels } }: Examined, plan: DiagnosisPlan): Promise<number> {
  const start = performance.now();
  conclude(await takeMeasurements(fusion, { labels }, plan, silentLogger), plan);
  return (performance.now() - start) / 1000;
}

/** Drawn and fused, and nothing else. */
async function secondsOfReplays({ fusion }: Examined): Promise<number> {
  const plan = { scheme: 'independent', count: SHUFFLES, seed: 0, stream: 'shuffle' } as const;
  const start = performance.now();
  const broken = shuffledScores(fusion.reliability, fusion.modalities, plan);
  for (let k = 0; k < SHUFFLES; k++) await fusion.replay(broken.draw(k));
  return (performance.now() - start) / 1000;
}

/** What several metrics and their intervals cost beside the shuffles that they are all made from. */
export async function metrics(): Promise<Measured> {
  const rows: string[][] = [];
  for (const classes of CLASSES) {
    const examined = await examinedFor(classes);
    const names = SUMS.filter((name) => classes > 5 || !name.startsWith('top-'));
    await secondsOfReplays(examined);
    const replays = await secondsOfReplays(examined);
    const one = await secondsOfGate(examined, planFor(names.slice(0, 1), 100));
    const all = await secondsOfGate(examined, planFor(names, RESAMPLES));
    rows.push([
      `${classes} classes, ${names.length} metrics`,
      seconds(replays),
      seconds(one),
      seconds(all),
      times(all, one),
    ]);
  }
  return {
    title: `${ROWS} examples of cached experts, ${SHUFFLES} shuffles, ${RESAMPLES} resamples, one thread; metrics that are sums over examples:`,
    header: ['', 'shuffles, nothing measured', 'one metric, 100 resamples', 'all metrics', 'all / one'],
    rows,
  };
}
