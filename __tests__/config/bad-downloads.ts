import type { BadConfig } from './bad-configs.ts';

const gateAt = (...lines: readonly string[]): string => `gates:
  - name: stress
    columns: { label: y }
    modalities: { audio: { reliability: Q_a }, video: { reliability: Q_v } }
${lines.map((line) => `    ${line}\n`).join('')}`;

const HASH = '0123456789abcdef'.repeat(4);
const SET = 'evaluation-set: eval.npz';
const FLAGS = { 'evaluation-set': 'e.npz', label: 'y', reliability: 'Q_a,Q_v' } as const;
const FORM = 'https://host/path/of/the/file, or hf://owner/repo@revision/path/of/the/file';
const at = 'fusion-gate.yml: gates[0].model';

const modelAt = (url: string) => gateAt(SET, `model: { url: "${url}", sha256: ${HASH} }`);
const unpinned = (url: string) =>
  `names a file to download, which must be pinned by its hash. Write ${url}#sha256=... in an input, or { url: ${url}, sha256: ... } in the config file, with the 64 digits that sha256sum prints for the copy that you have checked.`;

/** Mistakes in what is to be downloaded. Nothing is asked of any host. */
export const BAD_DOWNLOADS: readonly BadConfig[] = [
  {
    title: 'a download without its hash',
    yaml: gateAt(SET, 'model: { url: hf://owner/repo/m.onnx }'),
    sentence: `${at}.sha256 is missing. Needed here: the SHA-256 that the file must have, as 64 hexadecimal digits. Run sha256sum on the copy that you have checked; Hugging Face shows it on the page of the file.`,
  },
  {
    title: 'an evaluation set without its hash',
    yaml: gateAt('model: m.onnx', 'evaluation-set: { url: hf://datasets/owner/repo/e.npz }'),
    sentence:
      'fusion-gate.yml: gates[0].evaluation-set.sha256 is missing. Needed here: the SHA-256 that the file must have, as 64 hexadecimal digits. Run sha256sum on the copy that you have checked; Hugging Face shows it on the page of the file.',
  },
  {
    title: 'Hugging Face where a path stands',
    inputs: { ...FLAGS, model: 'hf://owner/repo/m.onnx' },
    sentence: `--model ${unpinned('hf://owner/repo/m.onnx')}`,
  },
  {
    title: 'a file of a host where a path stands, with secrets that are not repeated',
    yaml: gateAt(SET, 'model: https://me:secret@host/m.onnx?key=secret'),
    sentence: `${at} ${unpinned('https://host/m.onnx')}`,
  },
  {
    title: 'an address of an evaluation set where a path stands',
    yaml: gateAt('model: m.onnx', 'evaluation-set: https://host/eval'),
    sentence: `fusion-gate.yml: gates[0].evaluation-set ${unpinned('https://host/eval')}`,
  },
  {
    title: 'a hash that is too short',
    yaml: gateAt(SET, 'model: { url: hf://owner/repo/m.onnx, sha256: abc }'),
    sentence: `${at}.sha256 is no SHA-256, which has 64 hexadecimal digits. Run sha256sum on the copy that you have checked.`,
  },
  {
    title: 'a hash that is too short, in an input',
    inputs: { ...FLAGS, model: 'hf://owner/repo/m.onnx#sha256=abc' },
    sentence:
      '--model is no SHA-256, which has 64 hexadecimal digits. Run sha256sum on the copy that you have checked.',
  },
  {
    title: 'two downloads of one name, by inputs',
    inputs: {
      ...FLAGS,
      model: `https://models.example.org/m.onnx#sha256=${HASH}`,
      head: `https://models.example.org/m.onnx#sha256=${HASH.replace('0', '1')}`,
    },
    sentence:
      '--head is called "https://models.example.org/m.onnx", as is another download of the gate that differs. Give each a path of its own.',
  },
  {
    title: 'an input with something else behind #',
    inputs: { ...FLAGS, model: 'hf://owner/repo/m.onnx#v2' },
    sentence: `--model ${unpinned('hf://owner/repo/m.onnx')}`,
  },
  {
    title: 'plain HTTP in an input',
    inputs: { ...FLAGS, model: `http://models.example.org/m.onnx#sha256=${HASH}` },
    sentence: '--model begins with "http://". Files are downloaded over https:// or from hf:// only.',
  },
  {
    title: 'a host that only the workflow may name',
    yaml: modelAt('https://models.example.org/m.onnx'),
    sentence: `${at}.url names a file on models.example.org:443. A config file may have files downloaded from Hugging Face (hf://) only, unless the workflow allows the host: name "models.example.org" in --allow-hosts.`,
  },
  {
    title: 'a host of a file beside a model, another than the workflow allows',
    yaml: gateAt(
      SET,
      `model: { url: "https://a.org/m.onnx", sha256: ${HASH}, files: [{ url: "https://b.org/w.bin", sha256: ${HASH} }] }`,
    ),
    allowHosts: 'a.org',
    sentence: `${at}.files[0].url names a file on b.org:443. A config file may have files downloaded from Hugging Face (hf://) only, unless the workflow allows the host: name "b.org" in --allow-hosts. So far it allows a.org.`,
  },
  {
    title: 'plain HTTP',
    yaml: modelAt('http://models.example.org/m.onnx'),
    sentence: `${at}.url begins with "http://". Files are downloaded over https:// or from hf:// only.`,
  },
  {
    title: 'a path where an address stands',
    yaml: modelAt('models/m.onnx'),
    sentence: `${at}.url is "models/m.onnx", which is no address. Write ${FORM}.`,
  },
  {
    title: 'a password in the address of a file',
    yaml: modelAt('https://me:secret@models.example.org/m.onnx'),
    sentence: `${at}.url holds a user name or a password. Remove it: a config file is no place for secrets.`,
  },
  ...[
    'hf://owner/m.onnx',
    'hf://owner/repo/../other/m.onnx',
    'hf://../repo/m.onnx',
    'hf://owner/repo@a/b?c',
  ].map((url) => ({
    title: `no file of Hugging Face: ${url}`,
    yaml: modelAt(url),
    sentence: `${at}.url is "${url.replace('?c', '')}", which names no file. Write ${FORM}.`,
  })),
  {
    title: 'two downloads of one name',
    yaml: gateAt(
      SET,
      `model: { url: "https://localhost/f?m.onnx", sha256: ${HASH} }`,
      `head: { url: "https://localhost/f?h.onnx", sha256: ${HASH} }`,
    ),
    sentence:
      'fusion-gate.yml: gates[0].head is called "https://localhost/f", as is another download of the gate that differs. Give each a path of its own.',
  },
  {
    title: 'a server for a download',
    yaml: gateAt(
      SET,
      `model: { url: hf://owner/repo/m.onnx, sha256: ${HASH} }`,
      'server: { concurrency: 2 }',
    ),
    sentence:
      'fusion-gate.yml: gates[0].server is for a model on a server, and "hf://owner/repo/m.onnx" is a file. Remove it.',
  },
];
