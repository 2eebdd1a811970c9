import type { GateReport } from '../../gate-report.ts';
import { METRIC_WORDS } from '../../metrics.ts';
import { quantity } from '../../numbers.ts';
import { SCHEMES } from '../../sections/provenance.ts';
import { code, type Content, markup } from '../markup.ts';
import type { Part } from '../part.ts';
import { table } from '../table.ts';

/** Longest list of names that is shown; `report.json` has them all. */
const MOST_NAMES = 60;

/** What was judged, on what, and how: enough to run it again. */
export function provenance(gate: GateReport, toolVersion: string): Part {
  const { model, evaluationSet, broken, classes } = gate;
  const rows: Content[][] = [
    ['Model', code(model.path)],
    ...hash(model.sha256),
    ['Replayed by', code(model.engine)],
    ['Evaluation set', code(evaluationSet.path)],
    ...hash(evaluationSet.sha256),
    ['Examples', `${quantity(evaluationSet.evaluated)} evaluated of ${quantity(evaluationSet.rows)} rows`],
    ['Modalities', names(gate.modalities)],
    ...(classes === null ? [] : [['Classes', names(classes)]]),
    ['Shuffles', `${quantity(broken.count)}, ${broken.scheme}: ${SCHEMES[broken.scheme]}`],
    ...(broken.scheme === 'bank' ? [] : [['Seed', String(broken.seed)]]),
    ['Passes at', `${METRIC_WORDS[gate.metric]} gap ≥ ${gate.threshold} and p ≤ ${gate.alpha}`],
    ['Program', markup`fusion-gate ${code(toolVersion)}, ${gate.seconds.toFixed(1)} s`],
  ];
  return {
    title: 'What was judged',
    finding: 'The same files, seed and program give the same numbers.',
    numbers: table({ label: 'What was judged', head: ['What', 'Which'], rows, textColumns: 2, sortable: false }),
    wide: true,
  };
}

function hash(sha256: string): Content[][] {
  return sha256 === '' ? [] : [['its SHA-256', code(sha256)]];
}

function names(all: readonly string[]): Content {
  const shown = all.slice(0, MOST_NAMES).map((name, i) => [i === 0 ? '' : ', ', code(name)]);
  return [...shown, ...(all.length > MOST_NAMES ? [`, and ${quantity(all.length - MOST_NAMES)} more`] : [])];
}
