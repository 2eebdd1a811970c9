import { crc32 } from 'node:zlib';

import { type Entry, openPromise, type ZipFile } from 'yauzl';

import { ConfigurationError } from '../foundation/errors.ts';
import { MAX_COLUMNS } from './limits.ts';

const METHODS = new Map([
  [0, 'stored'],
  [8, 'deflated'],
]);

/** A zip file, open. Entries are unpacked one at a time, when asked for. */
export interface ZipArchive {
  /** By name, in the order of the file. */
  readonly entries: ReadonlyMap<string, Entry>;
  /** The first bytes of an entry, at most `length`. */
  head(entry: Entry, length: number): Promise<Buffer>;
  /** All bytes of an entry: as many as it declares, which the caller has found acceptable, and with its checksum. */
  body(entry: Entry): Promise<Buffer>;
}

/**
 * Opens a zip file for as long as `use` takes.
 *
 * @param file absolute path
 * @param path the file as errors name it
 * @throws ConfigurationError when it is no zip file, is damaged, holds an entry twice, or is packed in a way that is
 * not read (encryption, methods other than stored and deflated)
 */
export async function withZipArchive<T>(
  file: string,
  path: string,
  use: (archive: ZipArchive) => Promise<T>,
): Promise<T> {
  const zip = await openPromise(file, { autoClose: false }).catch((cause: unknown) => {
    throw new ConfigurationError(
      `"${path}" is not a complete .npz (zip) file. Save it again with np.savez or np.savez_compressed.`,
      { cause },
    );
  });
  try {
    const entries = await listEntries(zip, path);
    return await use({
      entries,
      head: (entry, length) => unpack(zip, entry, path, Math.min(length, entry.uncompressedSize)),
      body: (entry) => unpack(zip, entry, path, entry.uncompressedSize),
    });
  } finally {
    zip.close();
  }
}

async function listEntries(zip: ZipFile, path: string): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  try {
    for await (const entry of zip.eachEntry()) {
      if (entries.has(entry.fileName)) {
        throw new ConfigurationError(`"${path}" holds "${entry.fileName}" twice; names must differ.`);
      }
      if (entries.size === MAX_COLUMNS) {
        throw new ConfigurationError(`"${path}" holds more than ${MAX_COLUMNS} arrays.`);
      }
      entries.set(entry.fileName, entry);
    }
  } catch (cause) {
    if (cause instanceof ConfigurationError) throw cause;
    throw new ConfigurationError(`"${path}" has a damaged list of contents, or is encrypted.`, { cause });
  }
  return entries;
}

/** The first `length` bytes of an entry; the checksum covers the whole of it, so it is checked on a whole one only. */
async function unpack(zip: ZipFile, entry: Entry, path: string, length: number): Promise<Buffer> {
  const source = `"${entry.fileName}" of "${path}"`;
  if (entry.isEncrypted())
    throw new ConfigurationError(`${source} is encrypted; save it without a password.`);
  if (!METHODS.has(entry.compressionMethod)) {
    throw new ConfigurationError(
      `${source} is packed with zip method ${entry.compressionMethod}; stored (0) and deflated (8) are read. Save it with np.savez or np.savez_compressed.`,
    );
  }
  // A buffer of its own: typed arrays are views on it, and views need its alignment.
  const bytes = Buffer.allocUnsafeSlow(length);
  let filled = 0;
  try {
    const stream = await zip.openReadStreamPromise(entry);
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      filled += chunk.copy(bytes, filled);
      if (filled === length && length < entry.uncompressedSize) break;
    }
  } catch (cause) {
    throw new ConfigurationError(`${source} is damaged: it does not unpack to the size that it declares.`, {
      cause,
    });
  }
  if (filled < length) throw new ConfigurationError(`${source} is damaged: it is cut off.`);
  if (length === entry.uncompressedSize && crc32(bytes) !== entry.crc32) {
    throw new ConfigurationError(`${source} is damaged: its checksum does not match.`);
  }
  return bytes;
}
