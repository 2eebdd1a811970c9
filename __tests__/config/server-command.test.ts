import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { readConfig, type Wishes } from '../../src/config/read-config.ts';
import { openWorkspace } from '../../src/foundation/workspace.ts';

const gate = (name: string, model: string, ...lines: readonly string[]): string =>
  [
    `  - name: ${name}`,
    `    model: ${model}`,
    '    evaluation-set: eval.npz',
    '    columns: { label: y }',
    '    modalities: { audio: { reliability: Q_a }, video: { reliability: Q_v } }',
    ...lines.map((line) => `    ${line}`),
    '',
  ].join('\n');
const URL_HERE = 'http://127.0.0.1:8080/v2/models/m';

describe('who may say what is run', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'fusion-gate-'));
  });
  afterEach(() => rm(folder, { recursive: true }));

  const commandsOf = async (gates: string, wishes: Wishes): Promise<(string | undefined)[]> => {
    await writeFile(join(folder, 'fusion-gate.yml'), `gates:\n${gates}`);
    const suite = await readConfig(wishes, openWorkspace(folder));
    return suite.gates.map(({ candidate }) =>
      candidate.kind === 'model' ? candidate.server?.command : undefined,
    );
  };
  const ofFile = gate('served', URL_HERE, 'command: python of_file.py');

  it('refuses the command of a file, and names both ways out', async () => {
    await expect(commandsOf(ofFile, {})).rejects.toThrow(/not run.*"command".*"allow-command"/);
    await expect(commandsOf(ofFile, { allowCommand: 'false' })).rejects.toThrow(/not run/);
  });

  it('runs the command of a file where the workflow allows it', async () => {
    expect(await commandsOf(ofFile, { allowCommand: 'true' })).toEqual(['python of_file.py']);
  });

  it.each(['pull_request_target', 'workflow_run'])(
    'does not run it on %s, whatever is allowed',
    async (privilegedEvent) => {
      const wishes = { allowCommand: 'true', privilegedEvent };
      await expect(commandsOf(ofFile, wishes)).rejects.toThrow(
        `fusion-gate.yml: gates[0].command is not run on ${privilegedEvent}, whatever is allowed`,
      );
      expect(await commandsOf(ofFile, { ...wishes, inputs: { command: 'python ours.py' } })).toEqual([
        'python ours.py',
      ]);
    },
  );

  it('refuses an allowance that is neither true nor false', async () => {
    await expect(commandsOf(ofFile, { allowCommand: 'python' })).rejects.toThrow(
      '"allow-command" must be true or false, but is "python".',
    );
  });

  it("runs the workflow's command in place of that of the file", async () => {
    const wishes = { inputs: { command: 'python ours.py' } };
    expect(await commandsOf(ofFile, wishes)).toEqual(['python ours.py']);
  });

  it("gives the workflow's command to the gates that ask a server", async () => {
    const gates = gate('file', 'm.onnx') + gate('served', URL_HERE);
    expect(await commandsOf(gates, { inputs: { command: 'python ours.py' } })).toEqual([
      undefined,
      'python ours.py',
    ]);
  });

  it('minds the gates that are run, and no others', async () => {
    const gates = gate('file', 'm.onnx') + ofFile;
    expect(await commandsOf(gates, { gates: ['file'] })).toEqual([undefined]);
    const idle = commandsOf(gates, { gates: ['file'], inputs: { command: 'python ours.py' } });
    await expect(idle).rejects.toThrow('the model "m.onnx" is a file');
  });

  it('shows no token to what a command starts', async () => {
    const inputs = { model: URL_HERE, 'evaluation-set': 'e.npz', label: 'y', reliability: 'Q_a' };
    const trusted = async (more: Wishes['inputs']): Promise<boolean | undefined> => {
      const { gates } = await readConfig({ inputs: { ...inputs, ...more } }, openWorkspace(folder));
      const { candidate } = gates[0];
      return candidate.kind === 'model' ? candidate.server?.isTrusted : undefined;
    };
    expect(await trusted({})).toBe(true);
    expect(await trusted({ command: 'python serve.py' })).toBe(false);
  });
});
