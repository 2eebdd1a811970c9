import type { GateConfig, ModalityConfig } from '../../config/gate-config.ts';
import type { EvaluatedRows } from '../../evaluation-set/evaluated-rows.ts';
import { rowWidth } from '../../evaluation-set/evaluation-set.ts';
import { readNumbers } from '../../evaluation-set/numbers.ts';
import { ConfigurationError } from '../../foundation/errors.ts';
import { numbersOf, refuseMistakenLabels } from '../label-sets.ts';
import { refuseMistakenKind } from '../output-kind.ts';
import type { CachedExpert } from './expert-columns.ts';

/** The experts' cached outputs, all of one width. */
export async function readExperts(gate: GateConfig, data: EvaluatedRows): Promise<CachedExpert[]> {
  const experts = await Promise.all(gate.modalities.map((modality) => readExpert(gate, modality, data)));
  experts.forEach((expert, m) => {
    if (expert.width === experts[0].width) return;
    const [first, other] = [gate.modalities[0], gate.modalities[m]];
    throw new ConfigurationError(
      `The expert "${other.expert}" of ${other.name} has ${expert.width} ${expert.width === 1 ? 'column' : 'columns'} and "${first.expert}" of ${first.name} has ${experts[0].width}; all experts must have the same classes.`,
    );
  });
  return experts;
}

async function readExpert(
  gate: GateConfig,
  modality: ModalityConfig,
  data: EvaluatedRows,
): Promise<CachedExpert> {
  const column = await readNumbers(data, modality.expert!, 'expert');
  const kind = modality.expertKind ?? gate.output.kind;
  const width = rowWidth(column);
  if (column.shape.length > 2 || width === 0) {
    throw new ConfigurationError(
      `The expert column "${column.name}" has shape [${column.shape.join(', ')}]; [rows] or [rows, classes] is needed.`,
    );
  }
  if (kind === 'value' && width !== 1) {
    throw new ConfigurationError(
      `The expert column "${column.name}" has ${width} columns; for an output of kind "value" it has one number per row.`,
    );
  }
  if (kind === 'score' || (kind === 'evidence' && width === 1)) {
    throw new ConfigurationError(
      `The expert column "${column.name}" is of kind ${kind} with ${width} ${width === 1 ? 'column' : 'columns'}; a fusion rule needs probabilities or logits, or evidence with a column per class.`,
    );
  }
  const values = Float64Array.from(column.values);
  const stated = modality.expertKind !== undefined;
  if (kind === 'evidence') refuseNegative(values, width, column.name, data);
  else if (gate.output.multiLabel) {
    const what = `expert column "${column.name}"`;
    refuseMistakenLabels(values, width, numbersOf(kind), { what, stated, key: 'expert-kind' });
  } else refuseMistakenKind(values, width, kind, `expert column "${column.name}"`, stated, 'expert-kind');
  return { kind, width, values };
}

function refuseNegative(values: Float64Array, width: number, column: string, data: EvaluatedRows): void {
  const at = values.findIndex((value) => value < 0);
  if (at === -1) return;
  throw new ConfigurationError(
    `The expert column "${column}" is ${values[at]} in ${data.nameRow(Math.floor(at / width))}; evidence is at least 0.`,
  );
}
