import { describe, expect, it } from 'vitest';

import type { MergeWishes, RunWishes } from '../../src/command-line/program.ts';
import { runProgram } from '../../src/command-line/program.ts';
import { INPUTS } from '../../src/config/inputs.ts';
import { ConfigurationError } from '../../src/foundation/errors.ts';

interface Said {
  readonly status: number;
  readonly out: string;
  readonly error: string;
  readonly run: readonly RunWishes[];
  readonly merge: readonly MergeWishes[];
  readonly demo: readonly unknown[];
  /** By command. */
  readonly looked: readonly (readonly [string, unknown])[];
}

/** Reads a command line whose commands only note what they were asked for, and exit with 1. */
async function say(...args: readonly string[]): Promise<Said> {
  const said = {
    out: '',
    error: '',
    run: [] as RunWishes[],
    merge: [] as MergeWishes[],
    demo: [] as unknown[],
    looked: [] as [string, unknown][],
  };
  const look = (command: string) => (wishes: unknown) => Promise.resolve(said.looked.push([command, wishes]));
  const status = await runProgram(
    args,
    {
      run: (wishes) => Promise.resolve(said.run.push(wishes)),
      merge: (wishes) => Promise.resolve(said.merge.push(wishes)),
      demo: (wishes) => Promise.resolve(said.demo.push(wishes)),
      inspect: look('inspect'),
      init: look('init'),
      split: look('split'),
      contract: look('contract'),
      shuffle: look('shuffle'),
      trend: look('trend'),
    },
    '1.2.3',
    {
      out: (text) => {
        said.out += text;
      },
      error: (text) => {
        said.error += text;
      },
    },
  );
  return { ...said, status };
}

describe('the commands that look into a model', () => {
  it('take a model, and pass every flag on', async () => {
    const looks = 'm.onnx --evaluation-set e.npz --label y --output fused --json --quiet --threads 2'.split(
      ' ',
    );
    const { looked } = await say('inspect', ...looks);
    const wishes = {
      model: 'm.onnx',
      evaluationSet: 'e.npz',
      label: 'y',
      output: 'fused',
      json: true,
      quiet: true,
      threads: 2,
    };
    expect(looked).toEqual([['inspect', wishes]]);
    const init = await say('init', ...looks, '--config', 'g.yml', '--force');
    expect(init.looked).toEqual([['init', { ...wishes, config: 'g.yml', force: true }]]);
  });

  it('write to the default config, and over nothing, unless told otherwise', async () => {
    const { looked } = await say('init', 'm.onnx');
    expect(looked[0][1]).toMatchObject({ config: 'fusion-gate.yml', force: false, evaluationSet: undefined });
  });

  it('cut at several tensors', async () => {
    const args = 'split m.onnx --at a --at b --output f --prefix p.onnx --suffix s.onnx --force';
    const { looked } = await say(...args.split(' '));
    expect(looked).toEqual([
      [
        'split',
        {
          model: 'm.onnx',
          at: ['a', 'b'],
          output: 'f',
          prefix: 'p.onnx',
          suffix: 's.onnx',
          force: true,
          quiet: false,
          threads: undefined,
        },
      ],
    ]);
  });

  it('take a gate as run does, and the file to write', async () => {
    const flags = '-c g.yml --gate stress --seed 7 --bank b.npz --force --quiet --threads 2'.split(' ');
    const [[command, wishes]] = (await say('shuffle', ...flags)).looked;
    expect(command).toBe('shuffle');
    const given = { config: 'g.yml', gates: ['stress'], bank: 'b.npz', force: true, quiet: true, threads: 2 };
    expect(wishes).toMatchObject(given);
    expect((wishes as RunWishes).inputs.seed).toBe('7');
  });

  it('take a folder, its study and its experts', async () => {
    const given = 'data --experts hgb --study moe --config moe.yml --force --quiet'.split(' ');
    const wishes = {
      folder: 'data',
      experts: 'hgb',
      study: 'moe',
      config: 'moe.yml',
      force: true,
      quiet: true,
    };
    expect((await say('contract', ...given)).looked).toEqual([['contract', wishes]]);
    const plain = { folder: 'data', study: 'late', config: 'fusion-gate.yml', force: false, quiet: false };
    expect((await say('contract', 'data')).looked).toEqual([['contract', plain]]);
  });

  it.each([
    [['inspect'], 'Which model? Give its path behind the command.'],
    [['init', 'a', 'b'], '"init" takes one model: everything else needs its flag before it.'],
    [['contract'], 'Which folder? Give its path behind the command.'],
    [['contract', 'a', 'b'], '"contract" takes one folder: everything else needs its flag before it.'],
    [
      ['contract', 'a', '--study', 'lat'],
      '--study is "lat"; late, moe and corruption are there. Did you mean "late"?',
    ],
    [['split', 'a', '--at', ''], '--at is empty. Give it a value, or leave it out.'],
    [['inspect', 'a', '--lable', 'y'], 'There is no flag --lable here. Did you mean --label?'],
  ])('refuse %j', async (args, sentence) => {
    await expect(say(...args)).rejects.toThrow(sentence);
  });
});

describe('fusion-gate run', () => {
  it.each([
    [[], { json: false }],
    [['--format', 'text'], { json: false }],
    [['--format', 'json'], { json: true }],
    [['--json', '--format', 'json'], { json: true }],
    [['--format', 'latex'], { json: false, format: 'latex' }],
    [['--format', 'markdown'], { json: false, format: 'markdown' }],
  ])('takes the form of the report from %j', async (args, form) => {
    const [{ json, format }] = (await say('run', ...args)).run;
    expect({ json, ...(format && { format }) }).toEqual(form);
  });

  it.each([
    [
      ['--format', 'latx'],
      '--format is "latx"; text, json, markdown and latex are there. Did you mean "latex"?',
    ],
    [['--json', '--format', 'latex'], '--json and --format latex ask for two forms. Leave one out.'],
  ])('refuses %j', async (args, sentence) => {
    await expect(say('run', ...args)).rejects.toThrow(sentence);
  });

  it('passes every flag on, as text', async () => {
    const flags = INPUTS.flatMap(({ name }) => [`--${name}`, `value of ${name}`]);
    const { run } = await say('run', ...flags);
    expect(run[0].inputs).toEqual(Object.fromEntries(INPUTS.map(({ name }) => [name, `value of ${name}`])));
  });

  it('leaves out what is not said', async () => {
    const { run } = await say('run');
    expect(run).toEqual([
      {
        config: undefined,
        gates: [],
        inputs: Object.fromEntries(INPUTS.map(({ name }) => [name, undefined])),
        report: undefined,
        markdown: undefined,
        json: false,
        quiet: false,
        threads: undefined,
        shard: undefined,
      },
    ]);
  });

  it('takes what else may be said', async () => {
    const args =
      '-c a.yml --gate one --gate two --report r.json --markdown m.md --json --quiet --threads 2 --shard 2/8 --base main';
    const { run } = await say('run', ...args.split(' '));
    expect(run[0]).toMatchObject({
      config: 'a.yml',
      gates: ['one', 'two'],
      report: 'r.json',
      markdown: 'm.md',
      json: true,
      quiet: true,
      threads: 2,
      shard: { index: 2, of: 8 },
      base: 'main',
    });
  });

  it('takes a negative number for a value, and values behind an equals sign', async () => {
    const { run } = await say('run', '--decision-threshold', '-1.5', '--seed=7', '--reliability=t=c');
    expect(run[0].inputs).toMatchObject({ 'decision-threshold': '-1.5', seed: '7', reliability: 't=c' });
  });

  it('answers with the exit status of the command', async () => {
    // `Array.push` answers 1 for the first entry.
    expect((await say('run')).status).toBe(1);
    expect((await say('demo')).status).toBe(1);
  });

  it.each(['0', '-1', '1.5', '257', 'many', ''])('%j is no number of threads', async (threads) => {
    const reading = say('run', `--threads=${threads}`);
    await expect(reading).rejects.toThrow(ConfigurationError);
    await expect(reading).rejects.toThrow(
      `--threads must be a whole number from 1 to 256, but is ${JSON.stringify(threads)}.`,
    );
  });
});

describe('a shard', () => {
  it.each(['1/1', '8/8', '256/256', ' 2/3 '])('%j is one', async (text) => {
    const [index, of] = text.split('/').map(Number);
    expect((await say('run', `--shard=${text}`)).run[0].shard).toEqual({ index, of });
  });

  it.each(['0/2', '3/2', '1/257', '2', '/8', '1/', '1/2/3', '-1/2', '1.5/2', 'all', ''])(
    '%j is none',
    async (text) => {
      await expect(say('run', `--shard=${text}`)).rejects.toThrow(
        new ConfigurationError(
          `--shard must be a part and the number of parts, such as 2/8, with at most 256 parts, but is ${JSON.stringify(text)}.`,
        ),
      );
    },
  );
});

describe('fusion-gate merge', () => {
  it('takes files, and where the report goes', async () => {
    const args = 'merge a.json b/*.json --report r.json --markdown m.md --json';
    expect((await say(...args.split(' '))).merge).toMatchObject([
      {
        files: ['a.json', 'b/*.json'],
        report: 'r.json',
        markdown: 'm.md',
        json: true,
        gates: [],
        inputs: {},
      },
    ]);
  });

  it('says what is missing', async () => {
    await expect(say('merge')).rejects.toThrow('No files are named. See fusion-gate --help');
  });
});

describe('an empty value', () => {
  it.each(['config', 'gate', 'report', 'markdown', 'html', 'junit', 'plots', 'label'])(
    'of --%s is not taken for no value',
    async (name) => {
      await expect(say('run', `--${name}`, ' ')).rejects.toThrow(
        new ConfigurationError(`--${name} is empty. Give it a value, or leave it out.`),
      );
    },
  );
});

describe('fusion-gate demo', () => {
  it('takes how loud and how fast', async () => {
    expect((await say('demo', '--quiet', '--threads', '3')).demo).toEqual([{ quiet: true, threads: 3 }]);
    expect((await say('demo', '--html', 'd.html')).demo).toEqual([{ quiet: false, html: 'd.html' }]);
    expect((await say('demo')).demo).toEqual([{ quiet: false, threads: undefined }]);
  });
});

describe('a command line that cannot be understood', () => {
  it.each([
    [['run', '--treshold', '1'], 'There is no flag --treshold here. Did you mean --threshold?'],
    [['run', '--gpu'], 'There is no flag --gpu here.'],
    [['rum'], 'There is no command rum. Did you mean run?'],
    [['run', '--threshold'], '--threshold has no value. Write --threshold <gap>.'],
    [['run', '-c'], '--config has no value. Write --config <path>.'],
    [['run', 'gate'], '"run" takes flags only: a path or a name needs its flag before it.'],
    [['demo', '--json'], 'There is no flag --json here.'],
  ])('%j', async (args, sentence) => {
    await expect(say(...args)).rejects.toThrow(
      new ConfigurationError(`${sentence} See fusion-gate --help and fusion-gate run --help.`),
    );
  });

  it('an empty one gets the help, and judges nothing', async () => {
    const { status, out, error } = await say();
    expect([status, out]).toEqual([2, '']);
    expect(error).toContain('Usage: fusion-gate');
  });
});

describe('help and version', () => {
  it('are no failure, and go to standard output', async () => {
    expect(await say('--version')).toMatchObject({ status: 0, out: '1.2.3\n', error: '' });
    expect(await say('--help')).toMatchObject({ status: 0, error: '' });
  });

  it('name every flag, with examples and exit status', async () => {
    const { out } = await say('run', '--help');
    for (const { name, value } of INPUTS) expect(out).toContain(`--${name} <${value}>`);
    expect(out).toContain('Examples:\n  fusion-gate run ');
    expect(out).toContain('Exit status: 0 all gates passed, 1 a gate failed, 2 nothing could be judged');
  });
});
