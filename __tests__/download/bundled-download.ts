import { cachedFile } from '../../src/download/cached-file.ts';
import { silentLogger } from '../../src/foundation/logger.ts';

/** Prints where the file of an address and a hash is, fetched if need be: one of several processes that want it. */
const [url, sha256] = process.argv.slice(2);
const download = { name: url, url, sha256, role: 'model', path: ['model'] };
process.stdout.write(await cachedFile(download, { logger: silentLogger }));
