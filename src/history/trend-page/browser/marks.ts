import type uPlot from 'uplot';

import { VERDICTS } from '../../../diagnostic/diagnosis.ts';
import { changesAt } from '../commit-cells.ts';
import type { GateData } from '../page-data.ts';
import type { Palette } from './palette.ts';

/** Beyond these, marks would be a smear. */
const MOST_POINTS = 160;
const MOST_CHANGES = 40;

const STRIP = 6;
const POINT = 4;

/** What a plot shows of the commits: the first and last index in view. */
function viewOf(plot: uPlot, gate: GateData): { from: number; until: number } {
  const { min = 0, max = 0 } = plot.scales.x;
  return { from: Math.max(0, Math.ceil(min)), until: Math.min(gate.sha.length - 1, Math.floor(max)) };
}

/** Behind the lines: the verdict of each commit, faint over the whole height and plain as a strip at the foot. */
export function drawVerdicts(plot: uPlot, gate: GateData, { verdicts }: Palette): void {
  const { ctx, bbox } = plot;
  const { from, until } = viewOf(plot, gate);
  const strip = STRIP * devicePixelRatio;
  ctx.save();
  for (let start = from; start <= until;) {
    let end = start;
    while (end < until && gate.verdict[end + 1] === gate.verdict[start]) end++;
    const left = Math.max(bbox.left, plot.valToPos(start - 0.5, 'x', true));
    const right = Math.min(bbox.left + bbox.width, plot.valToPos(end + 0.5, 'x', true));
    ctx.fillStyle = verdicts[gate.verdict[start]];
    ctx.globalAlpha = 0.07;
    ctx.fillRect(left, bbox.top, right - left, bbox.height);
    ctx.globalAlpha = 1;
    ctx.fillRect(left, bbox.top + bbox.height - strip, right - left, strip);
    start = end + 1;
  }
  ctx.restore();
}

/** A line down from the top where the model or the evaluation set is new, with M or D at its head. */
export function drawChanges(plot: uPlot, gate: GateData, { text, muted, surface }: Palette): void {
  const { ctx, bbox } = plot;
  const { from, until } = viewOf(plot, gate);
  const found: number[] = [];
  for (let i = from; i <= until; i++) if (changesAt(gate, i).length > 0) found.push(i);
  const size = 15 * devicePixelRatio;
  ctx.save();
  ctx.textAlign = 'center';
  ctx.textBaseline = 'middle';
  ctx.lineWidth = devicePixelRatio;
  ctx.font = `600 ${10 * devicePixelRatio}px system-ui, sans-serif`;
  for (const i of found) {
    const x = Math.round(plot.valToPos(i - 0.5, 'x', true));
    ctx.strokeStyle = muted;
    ctx.setLineDash([2 * devicePixelRatio, 3 * devicePixelRatio]);
    ctx.globalAlpha = 0.8;
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + (found.length > MOST_CHANGES ? size / 2 : bbox.height));
    ctx.stroke();
    ctx.setLineDash([]);
    ctx.globalAlpha = 1;
    if (found.length > MOST_CHANGES) continue;
    const label = changesAt(gate, i)
      .map((change) => (change === 'model' ? 'M' : 'D'))
      .join('');
    const width = label.length > 1 ? size * 1.5 : size;
    ctx.fillStyle = surface;
    ctx.strokeStyle = muted;
    ctx.beginPath();
    ctx.roundRect(x - width / 2, bbox.top - size * 0.75, width, size, size / 3);
    ctx.fill();
    ctx.stroke();
    ctx.fillStyle = text;
    ctx.fillText(label, x, bbox.top - size * 0.2);
  }
  ctx.restore();
}

/** Each commit as a shape of its own for how it ended, so that colour is not needed to tell. */
export function drawPoints(plot: uPlot, gate: GateData, { verdicts, surface }: Palette): void {
  const { ctx } = plot;
  const { from, until } = viewOf(plot, gate);
  if (until - from >= MOST_POINTS) return;
  const radius = POINT * devicePixelRatio;
  ctx.save();
  ctx.lineWidth = 2 * devicePixelRatio;
  for (let i = from; i <= until; i++) {
    const x = plot.valToPos(i, 'x', true);
    const y = plot.valToPos(gate.gap[i], 'y', true);
    ctx.strokeStyle = verdicts[gate.verdict[i]];
    ctx.fillStyle = surface;
    ctx.beginPath();
    const verdict = VERDICTS[gate.verdict[i]];
    if (verdict === 'quality-aware') {
      ctx.fillStyle = ctx.strokeStyle;
      ctx.arc(x, y, radius, 0, 2 * Math.PI);
    } else if (verdict === 'inconclusive') {
      diamond(ctx, x, y, radius * 1.25);
    } else {
      ctx.rect(x - radius, y - radius, 2 * radius, 2 * radius);
    }
    ctx.fill();
    ctx.stroke();
  }
  ctx.restore();
}

function diamond(ctx: CanvasRenderingContext2D, x: number, y: number, radius: number): void {
  ctx.moveTo(x, y - radius);
  ctx.lineTo(x + radius, y);
  ctx.lineTo(x, y + radius);
  ctx.lineTo(x - radius, y);
  ctx.closePath();
}
