// A server of the Open Inference Protocol without a dependency: a weighted mean of two experts. Arguments make it fail.
//   node serve.mjs PORT [--pids FILE] [--child] [--stubborn] [--never-ready] [--infer-times COUNT (then it ends with 3)]
//                       [--hang-after COUNT]
import { spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const [port, ...flags] = process.argv.slice(2);
const has = (flag) => flags.includes(flag);
const valueOf = (flag) => (has(flag) ? flags[flags.indexOf(flag) + 1] : undefined);

const tensor = (name, ...shape) => ({ name, datatype: 'FP32', shape });
const METADATA = {
  name: 'fusion',
  platform: 'none',
  inputs: [tensor('Q_a', -1), tensor('Q_v', -1), tensor('p_a', -1, 2), tensor('p_v', -1, 2)],
  outputs: [tensor('fused', -1, 2)],
};

const pids = [process.pid];
// It outlives its parent and asks nobody: what a pool of workers does.
if (has('--child')) {
  pids.push(spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'inherit' }).pid);
}
if (has('--pids')) writeFileSync(valueOf('--pids'), pids.join('\n'));
if (has('--stubborn')) process.on('SIGTERM', () => console.log('I stay'));
console.log(`token: ${process.env.GITHUB_TOKEN ?? 'none'}`);

let times = 0;
const ROUTES = {
  'GET /v2': () => ({ name: 'stand-in', version: '1.0', extensions: [] }),
  'GET /v2/health/ready': () => (has('--never-ready') ? undefined : {}),
  'GET /v2/models/fusion': () => METADATA,
  'GET /v2/models/fusion/ready': () => ({}),
  'POST /v2/models/fusion/infer': infer,
};

function infer({ inputs }) {
  times++;
  if (times > Number(valueOf('--infer-times') ?? Infinity)) {
    console.error('CUDA out of memory');
    process.exit(3);
  }
  if (times > Number(valueOf('--hang-after') ?? Infinity)) return hang();
  const [qa, qv, pa, pv] = METADATA.inputs.map(
    ({ name }) => inputs.find((input) => input.name === name).data,
  );
  const data = pa.map((_, i) => {
    const row = Math.floor(i / 2);
    return (qa[row] * pa[i] + qv[row] * pv[i]) / (qa[row] + qv[row]);
  });
  return { model_name: 'fusion', outputs: [{ ...tensor('fused', data.length / 2, 2), data }] };
}

function hang() {
  console.log('I hang');
  return new Promise(() => {});
}

createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const route = ROUTES[`${request.method} ${request.url}`];
  const answer = await route?.(body === '' ? {} : JSON.parse(body));
  response.writeHead(answer === undefined ? 503 : 200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(answer ?? { error: 'not ready' }));
}).listen(Number(port), '127.0.0.1');
