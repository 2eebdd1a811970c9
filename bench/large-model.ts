import { runPython } from './python.ts';

/** A model too large to be committed, made anew. */
export interface LargeModel {
  /** Holds `model.onnx`, `evaluation.npz` and `fusion-gate.yml`. */
  readonly folder: string;
  readonly parameters: number;
  readonly rows: number;
}

export const SHUFFLES = 200;
const ROWS = 2_000;

/** Undefined where Python lacks what makes it. */
export function makeLargeModel(folder: string): LargeModel | undefined {
  const made = runPython('make_model.py', [folder, ROWS, SHUFFLES]) as { parameters: number } | undefined;
  return made && { folder, parameters: made.parameters, rows: ROWS };
}
