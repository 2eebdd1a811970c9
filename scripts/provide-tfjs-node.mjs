// @tensorflow/tfjs-node in __tests__/tfjs-node/native/, built once. Its own install script downloads libtensorflow from a
// host that not every machine reaches. TensorFlow's Python wheel holds the same library and its headers, so on Linux the
// script is given those, and only compiles.
import { execFileSync } from 'node:child_process';
import { on } from 'node:events';
import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';

import yauzl from 'yauzl';

/** tfjs-node 4.22 is written for 2.9.1. This is the first wheel with all of the library, of which it needs the C interface. */
const WHEEL = { version: '2.12.1', python: '3.10', platform: 'manylinux_2_17_x86_64' };
/** What the install script takes for a library that is already there. */
const EXPECTED = 'libtensorflow.so.2.9.1';

/** From files of the wheel to their places below `deps/`. */
const TAKEN = [
  {
    pattern: /^tensorflow\/(include\/(?:tensorflow\/(?:c|core\/platform|tsl)|tsl)\/.*\.h)$/,
    place: '',
  },
  { pattern: /^tensorflow\/(libtensorflow_(?:cc|framework)\.so\.2)$/, place: 'lib' },
];

/**
 * Installs it, unless that has been done.
 *
 * @param {string} folder with a package.json that names the version
 */
export async function provideTfjsNode(folder) {
  const stamp = join(folder, 'node_modules', '.built');
  const wanted = await readFile(join(folder, 'package.json'), 'utf8');
  if ((await readFile(stamp, 'utf8').catch(() => '')) === wanted) return;
  console.log('Installing @tensorflow/tfjs-node, once. This takes 800 MB and a minute or more.');
  await rm(join(folder, 'node_modules'), { recursive: true, force: true });
  const isLinux = process.platform === 'linux' && process.arch === 'x64';
  npm(folder, [
    'install',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    ...(isLinux ? ['--ignore-scripts'] : []),
  ]);
  if (isLinux) await buildAgainstWheel(join(folder, 'node_modules', '@tensorflow', 'tfjs-node'));
  await writeFile(stamp, wanted);
}

async function buildAgainstWheel(home) {
  const downloads = await mkdtemp(join(tmpdir(), 'tensorflow-'));
  try {
    downloadWheel(downloads);
    const [wheel] = await readdir(downloads);
    await unpack(join(downloads, wheel), join(home, 'deps'));
  } finally {
    await rm(downloads, { recursive: true, force: true });
  }
  const lib = join(home, 'deps', 'lib');
  for (const name of [EXPECTED, 'libtensorflow.so']) await symlink('libtensorflow_cc.so.2', join(lib, name));
  await symlink('libtensorflow_framework.so.2', join(lib, 'libtensorflow_framework.so'));
  // Without this it would ask its own host for a compiled one first.
  npm(home, ['run', 'install'], { npm_config_build_from_source: 'true', ...ownHeaders() });
}

function downloadWheel(folder) {
  const { version, python, platform } = WHEEL;
  const pinned = ['--no-deps', '--only-binary=:all:', `--python-version=${python}`, `--platform=${platform}`];
  run(process.env.PYTHON ?? 'python3', [
    '-m',
    'pip',
    'download',
    '-q',
    ...pinned,
    '-d',
    folder,
    `tensorflow-cpu==${version}`,
  ]);
}

/** Writes the files that are needed, of a wheel of 240 MB that unpacks to four times as much. */
async function unpack(wheel, folder) {
  const archive = await promisify(yauzl.open)(wheel, { lazyEntries: true });
  const openStream = promisify(archive.openReadStream.bind(archive));
  archive.readEntry();
  for await (const [entry] of on(archive, 'entry', { close: ['end'] })) {
    for (const { pattern, place } of TAKEN) {
      const name = pattern.exec(entry.fileName)?.[1];
      if (name === undefined) continue;
      const path = join(folder, place, name);
      await mkdir(dirname(path), { recursive: true });
      await pipeline(await openStream(entry), createWriteStream(path));
    }
    archive.readEntry();
  }
}

/** The running Node's own headers, where it came with them; node-gyp fetches them otherwise. */
function ownHeaders() {
  const home = dirname(dirname(process.execPath));
  return existsSync(join(home, 'include', 'node', 'node_api.h')) ? { npm_config_nodedir: home } : {};
}

function npm(cwd, args, environment = {}) {
  run('npm', [...args, '--loglevel=error'], cwd, environment);
}

function run(command, args, cwd, environment = {}) {
  execFileSync(command, args, {
    cwd,
    env: { ...process.env, ...environment },
    shell: process.platform === 'win32',
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}
