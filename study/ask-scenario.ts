import { CLAIMS, type Claim } from './claims.ts';
import { judgeDataSet, type Found } from './judge-data-set.ts';
import type { Rate } from './rate.ts';
import type { Scenario } from './scenarios.ts';
import { trueGap } from './true-gap.ts';

/** Of fewer data sets, relative to all, no rate is given: a handful says nothing. */
const FEWEST = 0.1;

/** How often each claim is so, over data sets of one kind. @param name decides the data sets, with their number */
export async function askScenario(name: string, scenario: Scenario, sets: number): Promise<Rate[]> {
  const { population, rows, metric, threshold, sequential } = scenario;
  const gap = await trueGap(population, metric);
  const claims = scenario.claims.map((claim): Claim => CLAIMS[claim]);
  const question = {
    population,
    rows,
    metric,
    threshold: threshold === 'true gap' ? Math.abs(gap) : threshold,
    sequential,
    controls: claims.some(({ needsControls }) => needsControls),
  };
  const counts = claims.map(() => ({ sound: { times: 0, of: 0 }, thin: { times: 0, of: 0 } }));
  for (let set = 0; set < sets; set++) {
    const found = await judgeDataSet(question, name, set);
    claims.forEach((claim, i) => {
      const count = counts[i][isClaimed(claim, found) ? 'sound' : 'thin'];
      count.of++;
      count.times += Number(claim.happens(found, gap));
    });
  }
  return claims.flatMap(({ what, nominal, mayErr }, i) => {
    const asked = { data: `${name}, N = ${rows}`, what, nominal, mayErr };
    const { sound, thin } = counts[i];
    return [
      ...(sound.of >= FEWEST * sets ? [{ ...asked, ...sound }] : []),
      ...(thin.of >= FEWEST * sets ? [{ ...asked, ...thin, isWarnedOf: true as const }] : []),
    ];
  });
}

function isClaimed({ unlessThin }: Claim, { isThin }: Found): boolean {
  return !(unlessThin && isThin);
}
