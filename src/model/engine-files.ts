import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/**
 * Where a file that an embedded engine loads while it runs lies, as a URL.
 *
 * In `dist/` such files are copied beside the bundle, which runs without `node_modules`; run from its sources or as a
 * library, the program takes them from the package itself.
 *
 * @param name base name, e.g. `ort-wasm-simd-threaded.wasm`
 * @param specifier how a package exports it, e.g. `onnxruntime-web/ort-wasm-simd-threaded.wasm`
 */
export function engineFile(name: string, specifier: string): URL {
  const beside = new URL(`./${name}`, import.meta.url);
  if (existsSync(beside)) return beside;
  return pathToFileURL(createRequire(import.meta.url).resolve(specifier));
}

/** The same, as a path of this system. */
export function engineFilePath(name: string, specifier: string): string {
  return fileURLToPath(engineFile(name, specifier));
}

/**
 * A package that the user has installed and this program does not bring: an optional native engine.
 *
 * It is looked up from the working directory, because what is installed beside this program is not the user's.
 *
 * @returns the package's exports, or undefined where it is not installed
 * @throws whatever the package throws while it is loaded, e.g. because its native library does not fit
 */
export function userPackage(name: string, folder: string): unknown {
  const require = createRequire(join(folder, 'noop.js'));
  let path;
  try {
    path = require.resolve(name);
  } catch {
    return undefined;
  }
  return require(path) as unknown;
}
