import type { GateReport } from '../../gate-report.ts';
import { furtherMetrics, gatingResult, METRIC_WORDS } from '../../metrics.ts';
import { gap, interval, metric, pValue } from '../../numbers.ts';
import { markup } from '../markup.ts';
import type { Part } from '../part.ts';
import { number, table } from '../table.ts';

/** What shuffling does to the metrics beside the one that gates; null where there are none. */
export function metrics(gate: GateReport): Part | null {
  const further = furtherMetrics(gate);
  if (further.length === 0) return null;
  const rows = [gatingResult(gate), ...further].map(
    ({ name, better, clean, broken, uniform, gap: of, p }) => [
      METRIC_WORDS[name] + (better === 'lower' ? ' (lower is better)' : ''),
      number(clean, metric),
      { by: broken.mean, show: markup`${metric(broken.mean)} ± ${metric(broken.std)}` },
      number(uniform, metric),
      { by: of.value, show: markup`${gap(of.value)}<small>${interval(of.lower, of.upper)}</small>` },
      number(p, (it) => pValue(it, gate.alpha)),
    ],
  );
  return {
    title: 'Metric by metric',
    finding:
      'A positive gap means that the scores help, whichever way the metric goes. The first metric gates; p is one-sided, and not corrected for the number of metrics.',
    numbers: table({
      label: 'Metric by metric',
      head: ['Metric', 'Clean-Q', 'Broken-Q', 'Uniform', 'Gap', 'p'],
      rows,
    }),
    wide: true,
  };
}
