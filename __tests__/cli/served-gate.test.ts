import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, expect, it, vi } from 'vitest';

import type { RunWishes } from '../../src/command-line/program.ts';
import { runCommand } from '../../src/command-line/run-command.ts';
import { ConfigurationError } from '../../src/foundation/errors.ts';
import type { RunReport } from '../../src/report/gate-report.ts';
import { DATA, MODELS, N, normalised } from '../model/server/formulas.ts';
import { type StandIn, startStandIn, type Wishes } from '../model/server/stand-in.ts';

let folder: string;
let server: StandIn | undefined;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'served-')));
  mkdirSync(join(folder, '.git'));
  vi.spyOn(process, 'cwd').mockReturnValue(folder);
  vi.spyOn(process.stdout, 'write').mockReturnValue(true);
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
  vi.spyOn(Math, 'random').mockReturnValue(0);
});
afterEach(async () => {
  vi.restoreAllMocks();
  await server?.close();
  server = undefined;
  rmSync(folder, { recursive: true });
});

/** A gate on this model, and the same with its experts read from the evaluation set. */
async function write(model: string, keys = '', wishes: Partial<Wishes> = {}): Promise<void> {
  server = await startStandIn({ models: MODELS, ...wishes });
  const { origin } = server;
  const address = (name: string): string => `${origin}/v2/models/${name}`;
  const modalities = (inputs: string, [a, v]: readonly string[]): string =>
    `modalities: { a: { ${inputs.replaceAll('*', 'a')} reliability: Q_a, expert: ${a} }, v: { ${inputs.replaceAll('*', 'v')} reliability: Q_v, expert: ${v} } }`;
  const rest =
    'evaluation-set: eval.jsonl, columns: { label: y }, permutations: { count: 39, secondary-count: 39, seed: 3 }';
  const own = `model: "${address(model)}", ${keys.replace(/head: (\w+)/, (_, name: string) => `head: "${address(name)}"`)}`;
  writeFileSync(
    join(folder, 'fusion-gate.yml'),
    `gates:
  - { name: served, ${own} ${rest}, ${modalities('inputs: [E_*],', ['p_a', 'p_v'])}, output: { tensor: fused, kind: probabilities } }
  - { name: cached, fusion: weighted-mean, ${rest}, ${modalities('', ['c_a', 'c_v'])}, output: { kind: probabilities } }
`,
  );
  const [c_a, c_v] = [normalised(DATA.E_a), normalised(DATA.E_v)];
  const pair = (values: number[], i: number) => values.slice(2 * i, 2 * i + 2);
  const rows = Array.from({ length: N }, (_, i) => ({
    ...{ E_a: pair(DATA.E_a, i), E_v: pair(DATA.E_v, i), Q_a: DATA.Q_a[i], Q_v: DATA.Q_v[i] },
    ...{ c_a: pair(c_a, i), c_v: pair(c_v, i), y: i % 3 === 0 ? 1 : 0 },
  }));
  writeFileSync(join(folder, 'eval.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
}

const run = (wishes: Partial<RunWishes> = {}): Promise<number> =>
  runCommand({ gates: [], inputs: {}, json: false, quiet: true, report: 'r.json', ...wishes }, '1.2.3');

it.each([
  ['late', ''],
  ['experts', 'head: given,'],
])('%s (%s) gets the findings of its cached experts, and no hash', async (model, keys) => {
  await write(model, keys);
  await run();
  const { gates } = JSON.parse(readFileSync(join(folder, 'r.json'), 'utf8')) as RunReport;
  expect(gates[0].model.sha256).toBe('');
  const [served, cached] = gates.map(({ clean, broken, joint, gap, flipRate, headroom }) => {
    return { clean, broken, joint, gap, flipRate, headroom };
  });
  expect(served).toEqual(cached);
});

it.each([
  ['before the first answer', 0],
  ['while scores are shuffled', 5],
])('a server that dies %s leaves no report', async (_, after) => {
  let infers = 0;
  const trouble: Wishes['trouble'] = ({ path }) => {
    if (path.endsWith('/infer') && infers++ === after) void server!.close();
    return false;
  };
  await write('late', '', { trouble });
  const before = readdirSync(folder);
  const { origin } = server!;
  await expect(run({ gates: ['served'] })).rejects.toThrow(
    new ConfigurationError(
      `The model "${origin}/v2/models/late" fails on evaluated rows 0 to 11: nothing answers at its address (ECONNREFUSED), after 5 tries.`,
    ),
  );
  expect(readdirSync(folder)).toEqual(before);
});
