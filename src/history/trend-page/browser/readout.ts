import { gap, interval, metric, pValue } from '../../../report/numbers.ts';
import { changesAt, dateOf, linksOf, verdictOf } from '../commit-cells.ts';
import type { GateData } from '../page-data.ts';
import { element, linked } from './elements.ts';

/** All that is known of commit `i`, for the lines under the plots. */
export function readout(gate: GateData, i: number, repository: string | null): Node[] {
  const links = linksOf(gate, i, repository);
  const verdict = verdictOf(gate, i);
  const number = gate.pullRequest[i];
  const threshold = gate.threshold[i];
  return [
    element(
      'p',
      { class: 'commit' },
      element('span', { class: `verdict ${verdict}` }, verdict),
      ' at ',
      element('code', {}, linked(gate.sha[i].slice(0, 7), links.commit)),
      ...(number === null ? [] : [' by ', linked(`#${number}`, links.pullRequest)]),
      `, ${dateOf(gate, i)}`,
      ...changesAt(gate, i).map((change) => element('span', { class: 'change' }, `new ${change}`)),
    ),
    element(
      'dl',
      {},
      ...fact('gap', `${gap(gate.gap[i], threshold)} ${interval(gate.lower[i], gate.upper[i], threshold)}`),
      ...fact('threshold', String(threshold)),
      ...fact('p', pValue(gate.p[i])),
      ...fact(gate.metric, `${metric(gate.clean[i])} as given, ${metric(gate.broken[i])} shuffled`),
      ...gate.modalities.flatMap((modality) => {
        const alone = modality.gap[i];
        const auroc = modality.auroc[i];
        if (alone === null) return [];
        const tells = auroc === null ? '' : `, AUROC ${metric(auroc)}`;
        return fact(`${modality.name} alone`, `${gap(alone)}${tells}`);
      }),
      ...fact('model', fileText(gate, gate.model[i])),
      ...fact('evaluation set', fileText(gate, gate.evaluationSet[i])),
    ),
  ];
}

function fact(name: string, value: string): Node[] {
  return [element('div', {}, element('dt', {}, name), element('dd', {}, value))];
}

function fileText({ files }: GateData, index: number): string {
  const { path, sha256 } = files[index];
  return sha256 === '' ? path : `${path} (${sha256.slice(0, 8)})`;
}
