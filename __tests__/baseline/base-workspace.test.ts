import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { afterEach, beforeEach, expect, it } from 'vitest';

import { type BaseLimits, baseWorkspace } from '../../src/baseline/base-workspace.ts';
import { NoBaseline } from '../../src/baseline/no-baseline.ts';
import { mergeBase, repositoryOf, treeOf } from '../../src/baseline/repository.ts';
import { openWorkspace, type Workspace } from '../../src/foundation/workspace.ts';
import { newFolder, newRepository, runGit, type TestRepository } from './repository.ts';

let repository: TestRepository;
let folder: string;
const made: string[] = [];

beforeEach(() => {
  repository = newRepository();
  folder = newFolder();
  made.push(folder, repository.folder);
});
afterEach(() => {
  for (const path of made.splice(0)) rmSync(path, { recursive: true, force: true });
});

/** What was checked out at a commit. */
async function workspaceAt(sha: string, limits?: BaseLimits, base = repository.folder): Promise<Workspace> {
  const head = openWorkspace(repository.folder, base);
  const found = repositoryOf(head);
  return baseWorkspace({ repository: found, sha, tree: await treeOf(found, sha), folder, limits }, head);
}

async function textOf(workspace: Workspace, path: string): Promise<string> {
  return (await workspace.read(path, 'model')).toString();
}

it('reads files as they were, and not as they are', async () => {
  const sha = repository.commit({ 'models/a.onnx': 'then', 'gone.csv': 'x', 'ümlaut name.csv': 'é' });
  rmSync(join(repository.folder, 'gone.csv'));
  repository.commit({ 'models/a.onnx': 'now', 'new.csv': 'y' });
  const base = await workspaceAt(sha);
  expect(await textOf(base, 'models/a.onnx')).toBe('then');
  expect(await textOf(base, 'gone.csv')).toBe('x');
  expect(await textOf(base, 'ümlaut name.csv')).toBe('é');
  expect(await textOf(base, join(repository.folder, 'models/a.onnx'))).toBe('then');
  expect(['models/a.onnx', 'models', 'gone.csv', 'new.csv', '../a'].map((path) => base.has(path))).toEqual([
    true,
    true,
    true,
    false,
    false,
  ]);
  await expect(base.locate('new.csv', 'model')).rejects.toThrow('The model "new.csv" does not exist.');
  await expect(base.locate('../../etc/passwd', 'model')).rejects.toThrow(
    /does not exist|outside the workspace/,
  );
  expect(readFileSync(join(repository.folder, 'models/a.onnx'), 'utf8')).toBe('now');
});

it('reads paths from a folder of the workspace, and whole folders', async () => {
  const sha = repository.commit({
    'sub/saved/model.pb': '1',
    'sub/saved/variables/v': '2',
    'sub/other': '3',
  });
  const base = await workspaceAt(sha, undefined, join(repository.folder, 'sub'));
  const saved = await base.locate('saved', 'model', 'either');
  expect(readFileSync(join(saved, 'variables/v'), 'utf8')).toBe('2');
  expect(existsSync(join(dirname(saved), 'other'))).toBe(false);
  expect(await textOf(base, 'other')).toBe('3');
});

it('runs no filter and no hook, and starts no program that a config names', async () => {
  const sha = repository.commit({ '.gitattributes': '*.onnx filter=evil', 'a.onnx': 'plain' });
  const trace = join(folder, '..', `trace-${sha}`);
  for (const key of [
    'filter.evil.smudge',
    'core.fsmonitor',
    'core.pager',
    'core.sshCommand',
    'core.editor',
  ]) {
    repository.git('config', key, `touch ${trace}`);
  }
  const base = await workspaceAt(sha);
  expect(await mergeBase(repositoryOf(openWorkspace(repository.folder)), 'main')).toBe(sha);
  expect(await textOf(base, 'a.onnx')).toBe('plain');
  expect(existsSync(trace)).toBe(false);
});

it('reads what Git LFS has fetched, and says what to do where it has not', async () => {
  const content = 'weights '.repeat(1000);
  const oid = createHash('sha256').update(content).digest('hex');
  const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize ${content.length}\n`;
  const sha = repository.commit({ 'a.onnx': pointer });
  repository.commit({ 'a.onnx': 'another' });
  const missing = `The model "a.onnx" is in Git LFS, and its content at the base is not here. Run "git lfs fetch origin ${sha}" before.`;
  await expect((await workspaceAt(sha)).locate('a.onnx', 'model')).rejects.toThrow(missing);
  const object = join(repository.folder, '.git/lfs/objects', oid.slice(0, 2), oid.slice(2, 4), oid);
  mkdirSync(dirname(object), { recursive: true });
  const fresh = async () => {
    rmSync(folder, { recursive: true });
    mkdirSync(folder);
    return workspaceAt(sha);
  };
  writeFileSync(object, 'damaged');
  await expect((await fresh()).locate('a.onnx', 'model')).rejects.toThrow(missing);
  writeFileSync(object, content);
  expect(await textOf(await fresh(), 'a.onnx')).toBe(content);
});

it('follows neither links nor submodules', async () => {
  symlinkSync('/etc', join(repository.folder, 'out'));
  symlinkSync('/etc/passwd', join(repository.folder, 'a.onnx'));
  mkdirSync(join(repository.folder, 'saved'));
  symlinkSync('/etc/passwd', join(repository.folder, 'saved/b'));
  repository.git('update-index', '--add', '--cacheinfo', `160000,${'1'.repeat(40)},module`);
  repository.git('add', 'out', 'a.onnx', 'saved');
  repository.git('commit', '--quiet', '--message', 'Links');
  const base = await workspaceAt(repository.git('rev-parse', 'HEAD'));
  for (const [path, kind] of [
    ['a.onnx', 'symbolic link'],
    ['out/passwd', 'symbolic link'],
    ['module/a.onnx', 'submodule'],
    ['module', 'submodule'],
  ]) {
    await expect(base.locate(path, 'model', 'either')).rejects.toThrow(
      `The model "${path}" is, or lies behind, a ${kind} at the base, which is not followed.`,
    );
  }
  await expect(base.locate('saved', 'model', 'either')).rejects.toThrow('"saved/b" is, or lies behind');
});

it('writes nowhere else, whatever names a tree holds', async () => {
  const blob = repository.commit({ 'a.onnx': 'evil' }) && repository.git('rev-parse', 'HEAD:a.onnx');
  const inner = mktree(`100644 blob ${blob}\tescaped\n`);
  const up = mktree(`040000 tree ${inner}\t..\n`);
  const sha = commitTree(mktree(`040000 tree ${up}\tsaved\n`));
  const base = await workspaceAt(sha);
  await expect(base.locate('saved', 'model', 'either')).rejects.toThrow(
    'The model "saved/../escaped" has a name at the base that no file can have.',
  );
  expect(existsSync(join(folder, 'escaped'))).toBe(false);
});

/** Git's own tools refuse such names: the object is written as it is. */
function mktree(line: string): string {
  const [, mode, oid, name] = /^(\d+) \w+ ([0-9a-f]+)\t(.*)\n$/.exec(line)!;
  const file = join(folder, '..', 'tree-object');
  writeFileSync(
    file,
    Buffer.concat([Buffer.from(`${mode.replace(/^0/, '')} ${name}\0`), Buffer.from(oid, 'hex')]),
  );
  const tree = repository.git('hash-object', '-t', 'tree', '-w', '--literally', file);
  rmSync(file);
  return tree;
}

function commitTree(tree: string): string {
  return repository.git('commit-tree', tree, '-m', 'Evil');
}

it('takes no more than it may', async () => {
  const sha = repository.commit({
    'big.onnx': 'x'.repeat(5000),
    'f/1': '',
    'f/2': '',
    'f/3': '',
    'half.onnx': 'y'.repeat(600),
  });
  const base = await workspaceAt(sha, { bytes: 1000, files: 2 });
  await expect(base.locate('big.onnx', 'model')).rejects.toThrow(
    'The model "big.onnx" has 5000 bytes at the base, and of all its files only 1000 more are read.',
  );
  await expect(base.locate('f', 'model', 'either')).rejects.toThrow(
    'The model "f" is a folder of 3 files at the base; at most 2 are read.',
  );
  expect(await textOf(base, 'half.onnx')).toHaveLength(600);
});

it('tells a clone without history from one without content', async () => {
  const first = repository.commit({ 'a.onnx': 'then' });
  repository.commit({ 'a.onnx': 'now' });
  const clone = join(folder, 'shallow');
  runGit(folder, 'clone', '--quiet', '--depth=1', `file://${repository.folder}`, clone);
  const shallow = repositoryOf(openWorkspace(clone));
  expect(await mergeBase(shallow, first)).toBeUndefined();
  repository.git('config', 'uploadpack.allowFilter', 'true');
  repository.git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  runGit(clone, 'fetch', '--quiet', '--depth=1', 'origin', first);
  await expect(mergeBase(shallow, first)).rejects.toThrow(
    `The commit ${first.slice(0, 7)} is here, but not where this one branched off from it. Check out with "fetch-depth: 0"`,
  );
  const partial = join(folder, 'partial');
  runGit(folder, 'clone', '--quiet', '--filter=blob:none', `file://${repository.folder}`, partial);
  const head = openWorkspace(partial);
  const taken = join(folder, 'taken');
  mkdirSync(taken);
  const found = repositoryOf(head);
  const base = baseWorkspace(
    { repository: found, sha: first, tree: await treeOf(found, first), folder: taken },
    head,
  );
  await expect(base.locate('a.onnx', 'model')).rejects.toThrow(
    `The content of the model "a.onnx" at the base ${first.slice(0, 7)} is not in this clone.`,
  );
});

it('finds where a branch began, and says where there is no repository', async () => {
  const fork = repository.commit({ a: '1' });
  repository.git('checkout', '--quiet', '-b', 'topic');
  repository.commit({ a: '2' });
  repository.git('checkout', '--quiet', 'main');
  repository.commit({ b: '3' });
  repository.git('checkout', '--quiet', 'topic');
  const found = repositoryOf(openWorkspace(repository.folder));
  expect(await mergeBase(found, 'main')).toBe(fork);
  expect(await mergeBase(found, '--output=/etc/x')).toBeUndefined();
  expect(() => repositoryOf(openWorkspace(folder))).toThrow(NoBaseline);
});
