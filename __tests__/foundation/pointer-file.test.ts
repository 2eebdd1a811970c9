import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { openWorkspace } from '../../src/foundation/workspace.ts';
import { sentenceOf } from '../evaluation-set/fixtures.ts';

const CONTENT = 'the bytes of a model';
const OID = createHash('sha256').update(CONTENT).digest('hex');
const POINTER = `version https://git-lfs.github.com/spec/v1\noid sha256:${OID}\nsize ${CONTENT.length}\n`;
const LFS_SENTENCE =
  'The model "models/m.onnx" is a Git LFS pointer, not the file itself. Check out with "lfs: true" (actions/checkout) or run "git lfs pull".';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'pointers-')));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

const objectOf = (repository: string) =>
  join(repository, '.git/lfs/objects', OID.slice(0, 2), OID.slice(2, 4), OID);
const locate = () => openWorkspace(folder).locate('models/m.onnx', 'model');

describe('a Git LFS pointer', () => {
  beforeEach(() => {
    put('models/m.onnx', POINTER);
  });

  it('is refused where its content was not fetched', async () => {
    expect(await sentenceOf(locate)).toBe(LFS_SENTENCE);
  });

  it.each(['', 'models'])(
    'stands for its content where that was fetched: in the repository "%s"',
    async (at) => {
      put(objectOf(at), CONTENT);
      expect(await locate()).toBe(join(folder, objectOf(at)));
      expect((await openWorkspace(folder).read('models/m.onnx', 'model')).toString()).toBe(CONTENT);
    },
  );

  it('is refused where what was fetched is something else', async () => {
    put(objectOf(''), `${CONTENT}!`);
    expect(await sentenceOf(locate)).toBe(LFS_SENTENCE);
  });

  it('is not looked up above the workspace', async () => {
    put(objectOf(''), CONTENT);
    const inner = openWorkspace(join(folder, 'models'));
    expect(await sentenceOf(() => inner.locate('m.onnx', 'model'))).toBe(LFS_SENTENCE.replace('models/', ''));
  });
});

describe('a file of git-annex whose content is not here', () => {
  const SENTENCE =
    'The evaluation set "eval.npz" is kept by git-annex, and its content is not here. Run "git annex get eval.npz" before.';
  const open = () => openWorkspace(folder).locate('eval.npz', 'evaluation set');

  it('is refused as a pointer', async () => {
    put('eval.npz', '/annex/objects/SHA256E-s20--0123.npz\n');
    expect(await sentenceOf(open)).toBe(SENTENCE);
  });

  it('is refused as a link that leads nowhere', async () => {
    symlinkSync(
      '.git/annex/objects/zz/11/SHA256E-s20--0123.npz/SHA256E-s20--0123.npz',
      join(folder, 'eval.npz'),
    );
    expect(await sentenceOf(open)).toBe(SENTENCE);
  });

  it('is read through the link where it is here', async () => {
    put('.git/annex/objects/k/k', CONTENT);
    symlinkSync('.git/annex/objects/k/k', join(folder, 'eval.npz'));
    expect(await open()).toBe(join(folder, '.git/annex/objects/k/k'));
  });
});
