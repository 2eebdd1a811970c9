import { expect, it } from 'vitest';

import { childEnvironment } from '../../../src/model/local-server/child-environment.ts';

it('keeps what a program needs, and nothing that is the job’s own', () => {
  const kept = {
    PATH: '/usr/bin',
    HOME: '/home/runner',
    VIRTUAL_ENV: '/venv',
    CUDA_VISIBLE_DEVICES: '0',
    GITHUB_SHA: 'abc',
    GITHUB_WORKSPACE: '/home/runner/work',
    HF_HOME: '/cache',
  };
  const withheld = {
    GITHUB_TOKEN: 't',
    GH_TOKEN: 't',
    GH_ENTERPRISE_TOKEN: 't',
    'INPUT_GITHUB-TOKEN': 't',
    INPUT_COMMAND: 'python serve.py',
    ACTIONS_RUNTIME_TOKEN: 't',
    ACTIONS_ID_TOKEN_REQUEST_TOKEN: 't',
    ACTIONS_ID_TOKEN_REQUEST_URL: 'https://…',
    FUSION_GATE_SERVER_TOKEN: 't',
    GITHUB_ENV: '/runner/env',
    GITHUB_OUTPUT: '/runner/output',
    GITHUB_PATH: '/runner/path',
    GITHUB_STATE: '/runner/state',
    GITHUB_STEP_SUMMARY: '/runner/summary',
    github_token: 't',
  };
  expect(childEnvironment({ ...kept, ...withheld })).toEqual(kept);
});
