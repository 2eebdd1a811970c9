import { cpSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

import { stringify } from 'yaml';

import { keras, ROWS } from './model/tfjs/keras-fixture.ts';

const fixtures = fileURLToPath(new URL('./fixtures/model/keras/', import.meta.url));

/** How a format calls what all of them hold, where it does not keep the model's own names. */
interface Naming {
  readonly path: string;
  readonly q?: (name: string) => string;
  readonly outputs?: readonly [fused: string, audio: string, video: string];
  /** The scores of the router. */
  readonly gate?: string;
}

/** The names that tensorflowjs_converter gives to several outputs, and to inputs whose name it has already. */
const GRAPH = {
  q: (name: string) => `${name}:0`,
  outputs: ['Identity:0', 'Identity_1:0', 'Identity_2:0'],
  gate: 'StatefulPartitionedCall/router/gate/Softmax',
} as const;

/** One model with the same weights: scores as inputs, and a router that computes them. */
const FORMATS = {
  'scored-onnx': { path: 'scored.onnx' },
  'scored-layers': { path: 'scored-layers/model.json' },
  'scored-graph': { path: 'scored-graph/model.json', ...GRAPH },
  'scored-saved': { path: 'scored-saved' },
  'router-onnx': { path: 'router.onnx', gate: 'gate' },
  'router-layers': { path: 'router-layers/model.json', gate: 'gate' },
  'router-graph': { path: 'router-graph/model.json', ...GRAPH },
} satisfies Record<string, Naming>;

export type Format = keyof typeof FORMATS;

/** A folder with the models, their data, and a config `gates.yml` with a gate for each of these formats, of its name. */
export function sameModelWorkspace(formats: readonly Format[]): string {
  const folder = mkdtempSync(join(tmpdir(), 'fusion-gate-same-'));
  cpSync(fixtures, folder, { recursive: true });
  for (const kind of ['scored', 'router']) writeFileSync(join(folder, `${kind}.jsonl`), rowsOf(kind));
  writeFileSync(
    join(folder, 'gates.yml'),
    stringify({ gates: formats.map((name) => gateOf(name, FORMATS[name])) }),
  );
  return folder;
}

function rowsOf(kind: string): string {
  const { audio, video, q_a, q_v, gates } = keras;
  const rows = Array.from({ length: ROWS }, (_, i) => ({
    y: gates[kind].labels[i],
    audio: audio.slice(6 * i, 6 * i + 6),
    video: video.slice(5 * i, 5 * i + 5),
    q_a: q_a[i],
    q_v: q_v[i],
  }));
  return rows.map((row) => JSON.stringify(row)).join('\n');
}

function gateOf(name: string, { path, q = (it) => it, outputs, gate }: Naming) {
  const kind = name.split('-')[0];
  const isInside = kind === 'router';
  const [fused, ...experts] = outputs ?? ['fused', 'logits_audio', 'logits_video'];
  const modalities = ['audio', 'video'].map((modality, m) => {
    const column = `q_${modality[0]}`;
    const reliability = isInside ? {} : { reliability: { tensor: q(column), column } };
    return [modality, { inputs: [modality], expert: experts[m], ...reliability }] as const;
  });
  return {
    name,
    model: path,
    'evaluation-set': `${kind}.jsonl`,
    columns: { label: 'y' },
    modalities: Object.fromEntries(modalities),
    ...(isInside ? { reliability: { tensor: gate, order: ['audio', 'video'] } } : {}),
    output: { tensor: fused, kind: 'logits' },
    permutations: { count: 200, 'secondary-count': 80 },
  };
}

/** Keys of a report that say which file it is, and how long it took. */
const OWN = ['name', 'model', 'seconds'];

/** Where two reports say something different of the model: numbers may be 1e-5 apart. */
export function differences(found: unknown, wanted: unknown, place = ''): string[] {
  if (typeof found === 'number' && typeof wanted === 'number' && Math.abs(found - wanted) <= 1e-5) return [];
  if (typeof found !== 'object' || typeof wanted !== 'object' || found === null || wanted === null) {
    return found === wanted ? [] : [`${place}: ${String(found)}, not ${String(wanted)}`];
  }
  const [one, other] = [new Map(Object.entries(found)), new Map(Object.entries(wanted))];
  return [...new Set([...one.keys(), ...other.keys()])]
    .filter((key) => !OWN.includes(key))
    .flatMap((key) => differences(one.get(key), other.get(key), `${place}/${key}`));
}
