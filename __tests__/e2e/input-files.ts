import { cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import expected from '../fixtures/model/expected.json' with { type: 'json' };

/** Puts something at a path whose folder is there. */
export type Make = (path: string) => void;

/** What a folder holds, by path: text, or a way to make it; undefined takes away what a base has there. */
export type Files = Readonly<Record<string, string | Make | undefined>>;

const FIXTURES = join(import.meta.dirname, '../fixtures');

export function fixture(name: string): Buffer {
  return readFileSync(join(FIXTURES, name));
}

/** A fixture, a file or a folder, as it is. */
export function copyOf(name: string): Make {
  return (path) => {
    cpSync(join(FIXTURES, name), path, { recursive: true });
  };
}

/** A fixture of which a copy broke off. */
export function halfOf(name: string): Make {
  const whole = fixture(name);
  return bytes(whole.subarray(0, whole.length / 2));
}

export function bytes(content: Uint8Array): Make {
  return (path) => {
    writeFileSync(path, content);
  };
}

export function linkTo(target: string): Make {
  return (path) => {
    symlinkSync(target, path);
  };
}

export const emptyFolder: Make = (path) => {
  mkdirSync(path);
};

export const LFS_POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${'0'.repeat(64)}\nsize 123456\n`;

export function makeFiles(folder: string, files: Files): void {
  for (const [name, content] of Object.entries(files)) {
    if (content === undefined) continue;
    const path = join(folder, name);
    mkdirSync(dirname(path), { recursive: true });
    if (typeof content === 'string') writeFileSync(path, content);
    else content(path);
  }
}

/** What to put in place of what. */
export type Changes = Readonly<Record<string, string>>;

/** A text with some places changed, which must be there: a case without its mistake would test another one. */
export function edited(text: string, changes: Changes): string {
  return Object.entries(changes).reduce((result, [from, to]) => {
    if (!result.includes(from)) throw new Error(`"${from}" is not in the text.`);
    return result.replace(from, () => to);
  }, text);
}

/** A gate over cached experts: all that it names is in CACHED_ROWS. */
export const CACHED_GATE = `gates:
  - name: stress
    fusion: weighted-mean
    evaluation-set: eval.csv
    columns: { label: y }
    modalities:
      audio: { expert: p_a, reliability: Q_a }
      video: { expert: p_v, reliability: Q_v }
    output: { kind: probabilities }
    permutations: { count: 19, secondary-count: 39 }
`;

export const CACHED_ROWS = `id,y,emotion,p_a,p_v,l_a,Q_a,Q_v,M_a,M_v,test
a,0,calm,0.1,0.6,-2.2,0.9,0.2,1,1,0
b,1,stress,0.8,0.3,1.4,0.8,0.1,1,1,0
c,0,calm,0.7,0.2,0.8,0.2,0.9,1,1,0
d,1,stress,0.4,0.9,-0.4,0.3,0.7,1,1,0
e,0,calm,0.2,0.4,-1.4,0.6,0.6,1,1,0
f,1,stress,0.9,0.7,2.2,0.5,0.4,1,0,0
g,0,calm,0.6,0.1,0.4,0.1,0.8,0,1,0
h,1,stress,0.3,0.8,-0.8,0.4,0.5,1,1,0
`;

/** A gate over a model: what it names is in MODEL_ROWS. */
export const MODEL_GATE = `gates:
  - name: stress
    model: model.onnx
    evaluation-set: eval.jsonl
    columns: { label: y }
    modalities:
      audio: { inputs: [E_a], reliability: Q_a }
      video: { inputs: [E_v], reliability: Q_v }
    permutations: { count: 19, secondary-count: 39 }
`;

/** The rows that the models of the fixtures were made for, of three classes. */
export const MODEL_ROWS = modelRows();

function modelRows(): string {
  const { columns } = expected;
  const rows = columns.Q_a.values.map((_, row) => {
    const cells = Object.entries(columns).map(([name, { shape, values }]) => {
      const width = shape[1] ?? 1;
      const cell = values.slice(row * width, (row + 1) * width);
      return [name, shape.length === 1 ? cell[0] : cell] as const;
    });
    return JSON.stringify({ y: row % 3, ...Object.fromEntries(cells) });
  });
  return `${rows.join('\n')}\n`;
}
