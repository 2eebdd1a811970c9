import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const ROWS = 240;

/**
 * A checked-out repository with two gates over cached experts, whose answers follow by hand.
 *
 * Audio is right on every other pair of rows and video on the rest; audio is the surer one. `truthful` scores say which is
 * right: Clean-Q is right on all rows, and with two coins for scores on half of them. `empty` scores differ in the sixth
 * decimal, so that audio always prevails: no shuffle changes any prediction.
 */
export function createWorkspace(): string {
  const folder = mkdtempSync(join(tmpdir(), 'workspace-'));
  writeFileSync(join(folder, 'eval.csv'), evaluationSet());
  for (const scores of ['truthful', 'empty'] as const) {
    writeFileSync(join(folder, `${scores}.yml`), config(scores));
  }
  return folder;
}

function evaluationSet(): string {
  const lines = ['label,p_audio,p_video,truthful_audio,truthful_video,empty_audio,empty_video'];
  for (let i = 0; i < ROWS; i++) {
    const label = i % 2;
    const audioIsRight = (i >> 1) % 2 === 0;
    const says = (right: boolean, sureness: number) => (right === (label === 1) ? sureness : 1 - sureness);
    const wobble = (step: number) => (0.5 + ((i * step) % 17) / 1e6).toFixed(7);
    lines.push(
      [
        label,
        says(audioIsRight, 0.9),
        says(!audioIsRight, 0.6),
        audioIsRight ? 0.9 : 0.1,
        audioIsRight ? 0.1 : 0.9,
        wobble(5),
        wobble(11),
      ].join(','),
    );
  }
  return lines.join('\n') + '\n';
}

function config(scores: 'truthful' | 'empty'): string {
  return `gates:
  - name: stress
    fusion: weighted-mean
    evaluation-set: eval.csv
    columns: { label: label }
    modalities:
      audio: { expert: p_audio, reliability: ${scores}_audio }
      video: { expert: p_video, reliability: ${scores}_video }
    output: { kind: probabilities }
    permutations: { count: 200, secondary-count: 150, seed: 3 }
    interval: { resamples: 200 }
`;
}
