import js from '@eslint/js';
import prettier from 'eslint-config-prettier';
import { createTypeScriptImportResolver } from 'eslint-import-resolver-typescript';
import importX from 'eslint-plugin-import-x';
import tseslint from 'typescript-eslint';

/** Which rooms each room may enter. Imports point downward only: see CONTRIBUTING.md. */
const mayImport = {
  foundation: [],
  config: ['foundation'],
  'evaluation-set': ['foundation'],
  // What a gate names by an address becomes a file like any other.
  download: ['foundation', 'config'],
  model: ['foundation', 'config', 'evaluation-set'],
  // The science knows a frozen model by its interface alone, never an engine.
  diagnostic: ['foundation', 'model/frozen-fusion.ts', 'model/decision.ts'],
  // A report is text made of a diagnosis: it opens no file and starts no engine.
  report: ['foundation', 'diagnostic'],
  // Draws in several threads, for the rules that need no engine.
  parallel: ['foundation', 'model', 'diagnostic'],
  // The workspace as it was at another commit, out of Git's objects.
  baseline: ['foundation', 'config'],
  // What machines that share the shuffles write, and how it is put together.
  shards: ['foundation', 'diagnostic', 'report'],
  // What a model offers before there is a gate.
  inspection: ['foundation', 'config', 'evaluation-set', 'model', 'diagnostic'],
  // Records of what was found, and what they say over time: a change is weighed by the normal distribution.
  history: ['foundation', 'report', 'diagnostic/diagnosis.ts', 'diagnostic/normal-distribution.ts'],
  github: ['foundation', 'report', 'history'],
  // A step of a workflow: what action.ts opens onto. It publishes nothing itself.
  step: [
    'foundation',
    'config',
    'diagnostic/shard.ts',
    'report',
    'history',
    'shards',
    'gate.ts',
    'against-base.ts',
  ],
  // The commands of the terminal: what cli.ts opens onto.
  'command-line': [
    'foundation',
    'config',
    'inspection',
    'report',
    'history',
    'shards',
    'gate.ts',
    'against-base.ts',
    'draw-bank.ts',
    'version.ts',
  ],
};
const doors = ['action.ts', 'comment-action.ts', 'cli.ts', 'library.ts'];

const zones = [
  ...Object.entries(mayImport).map(([room, allowed]) => ({
    target: `./src/${room}`,
    from: './src',
    except: [room, ...allowed].map((entry) => `./${entry}`),
    message: `${room}/ may import only from: ${[room, ...allowed].join(', ')}.`,
  })),
  {
    target: './src/gate.ts',
    from: './src',
    except: Object.keys(mayImport)
      .filter((room) => !['github', 'history', 'step', 'command-line', 'inspection'].includes(room))
      .map((room) => `./${room}`)
      .concat(
        './diagnosis-plan.ts',
        './freeze-gate.ts',
        './gate-exchange.ts',
        './gate-weights.ts',
        './look-for-leaks.ts',
        './open-rows.ts',
      ),
    message: 'gate.ts knows the rooms of a gate: neither GitHub, nor inspection, nor a door.',
  },
  ...doors.map((door) => ({
    target: `./src/!(${doors.map((name) => name.replace('.ts', '')).join('|')}).ts`,
    from: `./src/${door}`,
    message: 'Nothing imports a door.',
  })),
];

export default tseslint.config(
  {
    ignores: ['dist', 'lib', '.cache', '**/.bundle-*', 'node_modules', '**/node_modules', 'examples/**/*.py'],
  },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.strictTypeChecked, tseslint.configs.stylisticTypeChecked],
    languageOptions: {
      parserOptions: {
        project: ['./tsconfig.json', './src/history/trend-page/browser/tsconfig.json'],
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      // Indexing a typed array is the daily bread of this program.
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/prefer-for-of': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { ignoreRestSiblings: true }],
    },
  },
  {
    files: ['src/**/*.ts'],
    plugins: { 'import-x': importX },
    settings: { 'import-x/resolver-next': [createTypeScriptImportResolver()] },
    rules: {
      'import-x/no-cycle': 'error',
      'import-x/no-restricted-paths': ['error', { zones }],
      'no-console': 'error',
    },
  },
  {
    files: ['src/{diagnostic,report}/**/*.ts'],
    rules: {
      'no-restricted-imports': [
        'error',
        {
          patterns: [
            {
              group: ['node:*', '@actions/*', 'onnxruntime-*', '@tensorflow/*'],
              message: 'diagnostic/ and report/ are pure: no I/O, no engine, no GitHub.',
            },
          ],
        },
      ],
    },
  },
  {
    files: ['**/*.mjs'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly' } },
  },
  prettier,
);
