import { type Engine, ENGINES, runTask, type Task } from './child.ts';
import { runPython } from './python.ts';
import { type Measured, seconds, times } from './table.ts';
import { type LargeModel, SHUFFLES } from './large-model.ts';

interface Importance {
  readonly forward: number;
  readonly seconds: number;
  readonly forwards: number;
  readonly sklearn: string;
  readonly onnxruntime: string;
}

/** A whole gate over a large model, beside one forward pass of it and as many as the gate has replays. */
export function onnx({ folder, parameters, rows }: LargeModel): Measured {
  const peer = runPython('permutation_importance.py', [folder, 1]) as Importance | undefined;
  const results = ENGINES.map((engine) => compare(engine, folder));
  const [{ gate }] = results;
  const notes = [
    `A gate makes ${gate.replays} replays in all: ${SHUFFLES} shuffles, as many of each modality and for each control, and the doses. Full forwards are one, timed, times as many.`,
  ];
  if (peer !== undefined) {
    const each = peer.seconds / peer.forwards;
    notes.push(
      `Beside it scikit-learn ${peer.sklearn}, \`permutation_importance\` of the scores over the same model through onnxruntime ${peer.onnxruntime} in Python: ${seconds(each)} a shuffle (${peer.forwards} timed), so ${seconds(each * gate.replays!)} for as many; the native gate is ${times(each * gate.replays!, gate.seconds)} as fast.`,
    );
  }
  return {
    title: `ONNX, ${(parameters / 1e6).toFixed(0)} M parameters, scores late: ${rows} examples, Node ${process.versions.node}.`,
    header: [
      'engine',
      'one forward',
      'opened, one forward',
      'one replay',
      'whole gate',
      'against a forward and the replays',
      'with the model opened',
      'full forwards',
      'speed ratio',
    ],
    rows: results.map(({ row }) => row),
    notes,
  };
}

function compare(engine: Engine, folder: string): { gate: Task; row: string[] } {
  const forward = runTask('forward', engine, folder).seconds;
  const opened = runTask('load', engine, folder).seconds;
  const replay = runTask('replay', engine, folder).seconds;
  const gate = runTask('gate', engine, folder);
  const replays = gate.replays!;
  const row = [
    engine,
    seconds(forward),
    seconds(opened),
    `${(replay * 1000).toFixed(2)} ms`,
    seconds(gate.seconds),
    times(gate.seconds, forward + replays * replay),
    times(gate.seconds, opened + replays * replay),
    seconds(replays * forward),
    times(replays * forward, gate.seconds),
  ];
  return { gate, row };
}
