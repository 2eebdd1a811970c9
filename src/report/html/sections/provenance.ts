import type { GateReport } from '../../gate-report.ts';
import { METRIC_WORDS } from '../../metrics.ts';
import { quantity } from '../../numbers.ts';
import { shownPresence } from '../../presence.ts';
import { SCHEMES } from '../../sections/provenance.ts';
import { code, type Content, markup } from '../markup.ts';
import type { Part } from '../part.ts';

/** Longest list of names that is shown; `report.json` has them all. */
const MOST_NAMES = 60;

/** What was judged, on what, and how: enough to run it again. */
export function provenance(gate: GateReport, toolVersion: string): Part {
  const { model, evaluationSet, broken, classes } = gate;
  const facts: (readonly [string, Content])[] = [
    ['Model', file(model)],
    ['Evaluation set', file(evaluationSet)],
    ['Replayed by', code(model.engine)],
    ['Examples', `${quantity(evaluationSet.evaluated)} evaluated of ${quantity(evaluationSet.rows)} rows`],
    ...present(evaluationSet),
    ['Modalities', names(gate.modalities)],
    ...(classes === null ? [] : [['Classes', names(classes)] as const]),
    ['Shuffles', `${quantity(broken.count)}, ${broken.scheme}: ${SCHEMES[broken.scheme]}`],
    ...(broken.scheme === 'bank' ? [] : [['Seed', broken.seed] as const]),
    ['Passes at', `${METRIC_WORDS[gate.metric]} gap ≥ ${gate.threshold} and p ≤ ${gate.alpha}`],
    ['Program', markup`fusion-gate ${code(toolVersion)}, ${gate.seconds.toFixed(1)} s`],
  ];
  return {
    title: 'What was judged',
    finding: 'The same files, seed and program give the same numbers.',
    numbers: markup`<dl class="facts">${facts.map(([what, which]) => markup`<div><dt>${what}</dt><dd>${which}</dd></div>`)}</dl>`,
    wide: true,
  };
}

function present({ presence }: GateReport['evaluationSet']): [string, Content][] {
  if (presence === undefined) return [];
  const { modalities, patterns } = shownPresence(presence, (name) => name);
  return [['Present', markup`${modalities} <small>${patterns}</small>`]];
}

function file({ path, sha256 }: { readonly path: string; readonly sha256: string }): Content {
  return [code(path), sha256 === '' ? null : markup`<small>SHA-256 ${code(sha256)}</small>`];
}

function names(all: readonly string[]): Content {
  const shown = all.slice(0, MOST_NAMES).map((name, i) => [i === 0 ? '' : ', ', code(name)]);
  return [...shown, ...(all.length > MOST_NAMES ? [`, and ${quantity(all.length - MOST_NAMES)} more`] : [])];
}
