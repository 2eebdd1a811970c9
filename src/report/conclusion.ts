import type { Conclusion } from '../diagnostic/diagnosis.ts';

/** Best to worst. */
const ORDER: readonly Conclusion[] = ['success', 'inconclusive', 'failure', 'error'];

/** What the process answers: 0 pass, 1 a gate failed, 2 could not judge. */
const EXIT_STATUS: Readonly<Record<Conclusion, 0 | 1 | 2>> = {
  success: 0,
  // A gate ends so only where the config says `fail-on-inconclusive: false`.
  inconclusive: 0,
  failure: 1,
  error: 2,
};

/** How bad a conclusion is: 0 is a success, the larger the worse. */
export function severity(conclusion: Conclusion): number {
  return ORDER.indexOf(conclusion);
}

/** The worst of several gates' conclusions. Of none at all it is `error`: where nothing was judged, nothing passed. */
export function worst(conclusions: readonly Conclusion[]): Conclusion {
  if (conclusions.length === 0) return 'error';
  return ORDER[Math.max(...conclusions.map(severity))];
}

export function exitStatus(conclusion: Conclusion): 0 | 1 | 2 {
  return EXIT_STATUS[conclusion];
}
