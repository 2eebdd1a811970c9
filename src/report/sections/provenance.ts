import type { Scheme } from '../../diagnostic/diagnosis.ts';
import type { GateReport } from '../gate-report.ts';
import { code, plain } from '../escape.ts';
import { METRIC_WORDS } from '../metrics.ts';
import { quantity } from '../numbers.ts';
import { shownPresence } from '../presence.ts';
import { table } from './table.ts';

/** How scores are shuffled, in words. */
export const SCHEMES: Readonly<Record<Scheme, string>> = {
  independent: 'each modality its own shuffle',
  joint: 'one shuffle moves the scores of a row together',
  bank: 'read from a file',
};

/** Longest list of names that is shown; the report file has them all. */
const MOST_NAMES = 20;

/** What was judged, on what, and how: enough to run it again. */
export function provenance(gate: GateReport, toolVersion: string): string {
  const { model, evaluationSet, broken, classes, exchange } = gate;
  const drawn = broken.scheme === 'bank' ? '' : `, seed ${broken.seed}`;
  return [
    '**What was judged**',
    table(
      [
        ['What', 'Which'],
        ['Model', `${file(model)}, replayed by ${code(model.engine)}`],
        ['Evaluation set', file(evaluationSet)],
        [
          'Examples',
          `${quantity(evaluationSet.evaluated)} evaluated of ${quantity(evaluationSet.rows)} rows`,
        ],
        ...present(evaluationSet),
        ['Modalities', names(gate.modalities)],
        ...(classes === null ? [] : [['Classes', names(classes)]]),
        ['Shuffles', `${quantity(broken.count)} (${broken.scheme}: ${SCHEMES[broken.scheme]}${drawn})`],
        ...(exchange === undefined ? [] : [['Change places', exchanged(exchange)]]),
        ['Passes at', `${METRIC_WORDS[gate.metric]} gap ≥ ${gate.threshold} and p ≤ ${gate.alpha}`],
        ['Time', `${gate.seconds.toFixed(1)} s with fusion-gate ${code(toolVersion)}`],
      ],
      2,
    ),
  ].join('\n\n');
}

function present({ presence }: GateReport['evaluationSet']): string[][] {
  if (presence === undefined) return [];
  const { modalities, patterns } = shownPresence(presence, code);
  return [['Present', `${modalities} (${patterns}); scores change places among rows on which they are`]];
}

/** What changes places in a shuffle, and with whom. */
function exchanged({ within, moved, units, groups, alone }: NonNullable<GateReport['exchange']>): string {
  const rest = alone === 0 ? '' : `, ${quantity(alone)} of them with none to change places with`;
  return moved === 'rows'
    ? `${quantity(units)} rows, each within its ${within.map(plain).join(' and ')} (${quantity(groups)} groups${rest})`
    : `${quantity(units)} blocks as wholes, among those with as many rows (${quantity(groups)} sizes${rest})`;
}

function file({ path, sha256 }: { readonly path: string; readonly sha256: string }): string {
  return sha256 === '' ? code(path) : `${code(path)} (sha256 ${code(sha256.slice(0, 12))})`;
}

function names(all: readonly string[]): string {
  const shown = all.slice(0, MOST_NAMES).map((name) => code(name));
  return [...shown, ...(all.length > MOST_NAMES ? [`${quantity(all.length - MOST_NAMES)} more`] : [])].join(
    ', ',
  );
}
