import type { GatePlaces } from '../report/gate-places.ts';
import type { GateReport, RunReport } from '../report/gate-report.ts';

/** A line of a file that GitHub shows beside a sentence. */
export interface Annotation {
  readonly path: string;
  readonly start_line: number;
  readonly end_line: number;
  readonly annotation_level: 'notice' | 'warning' | 'failure';
  readonly title: string;
  readonly message: string;
}

/** GitHub's limits are 255 characters and 64 KB, which no character fills with more than 4 bytes. */
const LONGEST_TITLE = 255;
const LONGEST_MESSAGE = 16_000;

/**
 * What did not pass, on the line that set the bar and on the model that missed it. Gates that passed have none.
 *
 * @param places by the name of the gate
 * @param warnOnly failures are to be shown as warnings
 */
export function annotationsOf(
  { gates }: RunReport,
  places: ReadonlyMap<string, GatePlaces>,
  warnOnly: boolean,
): Annotation[] {
  return gates
    .filter(({ conclusion }) => conclusion !== 'success')
    .flatMap((gate) => {
      const { threshold, model } = places.get(gate.name) ?? {};
      const isWarning = gate.conclusion === 'inconclusive' || (gate.conclusion === 'failure' && warnOnly);
      const lines = [threshold, ...(model === undefined ? [] : [{ path: model, line: 1 }])];
      return lines
        .filter((line) => line !== undefined)
        .map((line) => annotation(gate, line, isWarning ? 'warning' : 'failure'));
    });
}

function annotation(
  { name, verdict, reason, advice }: GateReport,
  { path, line }: { readonly path: string; readonly line: number },
  level: Annotation['annotation_level'],
): Annotation {
  return {
    path,
    start_line: line,
    end_line: line,
    annotation_level: level,
    title: `${name} is ${verdict}`.slice(0, LONGEST_TITLE),
    message: `${reason} ${advice}`.slice(0, LONGEST_MESSAGE),
  };
}
