import { CLAIMS } from './claims.ts';
import { judgeDataSet } from './judge-data-set.ts';
import type { Rate } from './rate.ts';
import type { Scenario } from './scenarios.ts';
import { trueGap } from './true-gap.ts';

/** How often each claim is so, over data sets of one kind. @param name decides the data sets, with their number */
export async function askScenario(name: string, scenario: Scenario, sets: number): Promise<Rate[]> {
  const { population, rows, metric, threshold, sequential, claims } = scenario;
  const gap = await trueGap(population, metric);
  const question = {
    population,
    rows,
    metric,
    threshold: threshold === 'true gap' ? Math.abs(gap) : threshold,
    sequential,
  };
  const times = claims.map(() => 0);
  for (let set = 0; set < sets; set++) {
    const found = await judgeDataSet(question, name, set);
    claims.forEach((claim, i) => (times[i] += Number(CLAIMS[claim].happens(found, gap))));
  }
  return claims.map((claim, i) => {
    const { what, nominal, mayErr } = CLAIMS[claim];
    return { data: `${name}, N = ${rows}`, what, nominal, mayErr, times: times[i], of: sets };
  });
}
