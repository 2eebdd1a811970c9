import { readFileSync } from 'node:fs';

import { Ajv } from 'ajv';
import { expect, it } from 'vitest';
import { parse } from 'yaml';

import { INPUTS } from '../../src/config/inputs.ts';
import { outputsOf } from '../../src/github/outputs.ts';
import { reportOf, SAMPLE_GATE } from './sample-report.ts';

interface ActionFile {
  readonly inputs: Readonly<Record<string, { readonly default?: string }>>;
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly runs: { readonly using: string; readonly main: string };
}

const read = (path: string) => readFileSync(new URL(path, import.meta.url), 'utf8');
const action = parse(read('../../action.yml')) as ActionFile;

/** Inputs that speak of the run or of GitHub, and so are no key of a gate. */
const DOOR_INPUTS = [
  'config',
  'gate',
  'threads',
  'allow-hosts',
  'allow-command',
  'shard',
  'merge',
  'history-branch',
  'history-file',
  'history-limit',
  'issue-on-regression',
  'comment',
  'comment-group',
  'check-run',
  'annotations',
  'warn-only',
  'github-token',
  'pr-number',
  'report-path',
  'html',
  'upload-report',
  'working-directory',
  'base',
];

it('is what GitHub documents', () => {
  const validate = new Ajv({ allErrors: true }).compile(JSON.parse(read('../fixtures/action-schema.json')));

  expect(validate(action) ? [] : validate.errors).toEqual([]);
  expect(action.runs).toEqual({ using: 'node24', main: 'dist/index.js' });
});

it('has a second half that is what GitHub documents, and that the bundle holds', () => {
  const validate = new Ajv({ allErrors: true }).compile(JSON.parse(read('../fixtures/action-schema.json')));
  const second = parse(read('../../comment/action.yml')) as ActionFile;

  expect(validate(second) ? [] : validate.errors).toEqual([]);
  expect(second.runs).toEqual({ using: 'node24', main: '../dist/comment.js' });
  expect(Object.keys(second.inputs)).toEqual(['github-token', 'history-branch']);
  expect(read('../../scripts/bundle.mjs')).toContain("comment: 'src/comment-action.ts'");
});

it('has the inputs that the code reads', () => {
  const names = [...INPUTS.map(({ name }) => name), ...DOOR_INPUTS];

  expect(Object.keys(action.inputs).toSorted()).toEqual(names.toSorted());
});

it('leaves every default of a gate to the schema of the config', () => {
  const defaults = Object.entries(action.inputs).filter(([, input]) => input.default !== undefined);

  expect(Object.fromEntries(defaults.map(([name, input]) => [name, input.default]))).toEqual({
    'issue-on-regression': 'false',
    comment: 'always',
    'check-run': 'false',
    annotations: 'true',
    'warn-only': 'false',
    'github-token': '${{ github.token }}',
    'report-path': 'fusion-gate-report.json',
    'upload-report': 'false',
  });
});

it('has the outputs that the code sets', () => {
  const names = [...Object.keys(outputsOf(reportOf(SAMPLE_GATE), 'report.json')), 'comment-url'];

  expect(Object.keys(action.outputs).toSorted()).toEqual(names.toSorted());
});
