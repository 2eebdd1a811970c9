/** P(X >= times) of a binomial distribution, summed up term by term. */
export function atLeast(times: number, of: number, probability: number): number {
  let sum = 0;
  for (let k = times; k <= of; k++) sum += probabilityOf(k, of, probability);
  return sum;
}

function probabilityOf(k: number, of: number, probability: number): number {
  let log = k * Math.log(probability) + (of - k) * Math.log1p(-probability);
  for (let i = 1; i <= k; i++) log += Math.log((of - k + i) / i);
  return Math.exp(log);
}
