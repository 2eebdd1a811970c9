import type { BadConfig } from './bad-configs.ts';

const gateAt = (...lines: readonly string[]): string => `gates:
  - name: stress
    evaluation-set: eval.npz
    columns: { label: y }
    modalities: { audio: { reliability: Q_a }, video: { reliability: Q_v } }
${lines.map((line) => `    ${line}\n`).join('')}`;

const FLAGS = { 'evaluation-set': 'e.npz', label: 'y', reliability: 'Q_a,Q_v' } as const;
const FORM = 'http://host:port/v2/models/NAME, or the same with /versions/VERSION behind it';

/** Mistakes in the address of a server. Nothing is asked of any. */
export const BAD_SERVERS: readonly BadConfig[] = [
  {
    title: 'a server that only the workflow may name',
    yaml: gateAt('model: http://169.254.169.254/v2/models/stress'),
    sentence:
      'fusion-gate.yml: gates[0].model names a server on 169.254.169.254:80. A config file may name servers on this machine only, unless the workflow allows the host: name "169.254.169.254" in --allow-hosts.',
  },
  {
    title: 'another port than the workflow allows',
    yaml: gateAt('model: https://models.internal:8443/v2/models/stress'),
    allowHosts: 'models.internal:443,other',
    sentence:
      'fusion-gate.yml: gates[0].model names a server on models.internal:8443. A config file may name servers on this machine only, unless the workflow allows the host: name "models.internal" in --allow-hosts. So far it allows models.internal:443 and other.',
  },
  {
    title: "a file's head on another machine, under a flag's model",
    yaml: gateAt('model: a.onnx', 'head: http://elsewhere/v2/models/head'),
    inputs: { model: 'http://models.internal/v2/models/stress' },
    gates: ['stress'],
    sentence:
      'fusion-gate.yml: gates[0].head names a server on elsewhere:80. A config file may name servers on this machine only, unless the workflow allows the host: name "elsewhere" in --allow-hosts.',
  },
  {
    title: 'a name that only begins like this machine',
    yaml: gateAt('model: http://127.0.0.1.example.org/v2/models/stress'),
    sentence:
      'fusion-gate.yml: gates[0].model names a server on 127.0.0.1.example.org:80. A config file may name servers on this machine only, unless the workflow allows the host: name "127.0.0.1.example.org" in --allow-hosts.',
  },
  {
    title: 'an address among the allowed hosts',
    yaml: gateAt('model: m.onnx'),
    allowHosts: 'http://models.internal',
    sentence:
      '--allow-hosts has the entry "http://models.internal". Write host or host:port, separated by commas, or * for any host.',
  },
  {
    title: 'a password in an address',
    inputs: { ...FLAGS, model: 'https://me:secret@models.internal/v2/models/stress' },
    sentence:
      "--model holds a user name or a password. Remove it, and give the server's token in the environment variable FUSION_GATE_SERVER_TOKEN.",
  },
  {
    title: 'a key in an address',
    inputs: { ...FLAGS, model: 'https://models.internal/v2/models/stress?key=secret' },
    sentence: `--model has something behind "?" or "#". Write ${FORM}.`,
  },
  {
    title: 'gRPC',
    inputs: { ...FLAGS, model: 'grpc://localhost:8001/stress' },
    sentence: `--model begins with "grpc://", which is not spoken here. Give the address of the server's REST interface: ${FORM}.`,
  },
  {
    title: 'a server without a model',
    inputs: { ...FLAGS, model: 'http://localhost:8000' },
    sentence: `--model is "http://localhost:8000", which names no model of a server. Write ${FORM}.`,
  },
  {
    title: 'the address of inference',
    inputs: { ...FLAGS, model: 'http://localhost:8000/v2/models/stress/infer' },
    sentence: `--model is "http://localhost:8000/v2/models/stress/infer", which names no model of a server. Write ${FORM}.`,
  },
  {
    title: 'a port that is none',
    inputs: { ...FLAGS, model: 'http://localhost:port/v2/models/stress' },
    sentence: `--model is "http://localhost:port/v2/models/stress", which is no address. Write ${FORM}.`,
  },
  {
    title: 'patience with a file',
    yaml: gateAt('model: m.onnx', 'server: { ready-timeout: 5 }'),
    sentence:
      'fusion-gate.yml: gates[0].server is for a model on a server, and "m.onnx" is a file. Remove it.',
  },
  {
    title: 'a head for a fusion rule',
    inputs: {
      'evaluation-set': 'e.npz',
      label: 'y',
      reliability: 'Q_a,Q_v',
      experts: 'a,b',
      fusion: 'hard',
      head: 'h.onnx',
    },
    sentence: '--head is for a model only, and this gate has a fusion rule. Remove it.',
  },
  {
    title: 'no patience',
    yaml: gateAt('model: http://localhost/v2/models/stress', 'server: { request-timeout: 0 }'),
    sentence: 'fusion-gate.yml: gates[0].server.request-timeout must be greater than 0, but is 0.',
  },
];
