import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { Agent } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import type { Download } from '../../src/config/gate-config.ts';
import { cachedFile, type DownloadOptions } from '../../src/download/cached-file.ts';
import { FETCH_LIMITS } from '../../src/download/fetch-file.ts';
import { silentLogger } from '../../src/foundation/logger.ts';
import { sentenceOf } from '../evaluation-set/fixtures.ts';
import {
  type Answer,
  file,
  type FileServer,
  redirect,
  serveFiles,
  sha256,
  status,
  trusting,
} from './file-server.ts';

const CONTENT = 'the bytes of a model';
const OTHER = 'the bytes of another';
const HASH = sha256(CONTENT);

let folder: string;
let server: FileServer;
let warnings: string[];
let steps: { task: string; total: number; done: number }[];
const agent = trusting();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'cache-'));
  warnings = [];
  steps = [];
});
afterEach(async () => {
  rmSync(folder, { recursive: true, force: true });
  await server.close();
});

const cached = () => join(folder, HASH);

function options(environment: NodeJS.ProcessEnv = {}): DownloadOptions {
  return {
    logger: {
      ...silentLogger,
      warning: (message) => warnings.push(message),
      progress: (task, total) => {
        const step = { task, total, done: 0 };
        steps.push(step);
        return {
          advance: (by = 1) => {
            step.done += by;
          },
          done: () => undefined,
        };
      },
    },
    environment: { FUSION_GATE_CACHE: folder, ...environment },
    limits: { ...FETCH_LIMITS, size: 1000 },
    agent,
  };
}

const downloadOf = (url: string): Download => ({
  name: url,
  url,
  sha256: HASH,
  role: 'model',
  path: ['model'],
});

/** Fetches `/m.onnx` of a server with these answers. */
async function fetched(answers: Readonly<Record<string, Answer>>, changed: Partial<DownloadOptions> = {}) {
  server = await serveFiles(answers);
  return cachedFile(downloadOf(`${server.origin}/m.onnx`), { ...options(), ...changed });
}

/** What stands in the sentence between the name of the model and the end. */
async function problem(answers: Readonly<Record<string, Answer>>, changed: Partial<DownloadOptions> = {}) {
  const sentence = await sentenceOf(() => fetched(answers, changed));
  const begin = `The model "${server.origin}/m.onnx" cannot be downloaded: `;
  expect(sentence.startsWith(begin)).toBe(true);
  expect(readdirSync(folder)).toEqual([]);
  return sentence.slice(begin.length).replaceAll(server.origin, 'ORIGIN');
}

describe('a file that is downloaded', () => {
  it('is kept under its hash, and not asked for again', async () => {
    expect(await fetched({ '/m.onnx': file(CONTENT) })).toBe(cached());
    expect(readFileSync(cached(), 'utf8')).toBe(CONTENT);
    expect(steps).toEqual([
      { task: `Downloading ${server.origin}/m.onnx`, total: CONTENT.length, done: CONTENT.length },
    ]);
    expect(await cachedFile(downloadOf(`${server.origin}/m.onnx`), options())).toBe(cached());
    expect(server.requests).toHaveLength(1);
    expect(readdirSync(folder)).toEqual([HASH]);
  });

  it('may come in pieces without a length', async () => {
    await fetched({
      '/m.onnx': (response) => {
        response.write(CONTENT.slice(0, 5));
        response.end(CONTENT.slice(5));
      },
    });
    expect(readFileSync(cached(), 'utf8')).toBe(CONTENT);
  });

  it('is refused and not kept where it is not the one that is pinned', async () => {
    expect(await sentenceOf(() => fetched({ '/m.onnx': file(OTHER) }))).toBe(
      `The model "${server.origin}/m.onnx" has the SHA-256 ${sha256(OTHER)}, but the config pins ${HASH}. If it was meant to change, check the new file and pin its hash.`,
    );
    expect(server.requests).toHaveLength(1);
    expect(readdirSync(folder)).toEqual([]);
  });

  it('is fetched again where the cache holds something else', async () => {
    writeFileSync(cached(), OTHER);
    await fetched({ '/m.onnx': file(CONTENT) });
    expect(readFileSync(cached(), 'utf8')).toBe(CONTENT);
    expect(warnings).toEqual([
      `The cache holds something else in place of the model "${server.origin}/m.onnx", which is downloaded again.`,
    ]);
  });

  it('is there once when two ask for it at a time', async () => {
    server = await serveFiles({ '/m.onnx': file(CONTENT) });
    const ask = () => cachedFile(downloadOf(`${server.origin}/m.onnx`), options());
    expect(await Promise.all([ask(), ask(), ask()])).toEqual([cached(), cached(), cached()]);
    expect(readdirSync(folder)).toEqual([HASH]);
    expect(readFileSync(cached(), 'utf8')).toBe(CONTENT);
  });

  it('finds away what a stopped run has left, but not what another is writing', async () => {
    const [old, young] = ['old.part', 'young.part'].map((name) => join(folder, name));
    for (const part of [old, young]) writeFileSync(part, 'half');
    utimesSync(old, new Date(0), new Date(0));
    await fetched({ '/m.onnx': file(CONTENT) });
    expect(readdirSync(folder).sort()).toEqual([HASH, 'young.part'].sort());
  });

  it('needs a folder that can be written', async () => {
    server = await serveFiles({});
    writeFileSync(join(folder, 'taken'), '');
    const sentence = await sentenceOf(() =>
      cachedFile(
        downloadOf(`${server.origin}/m.onnx`),
        options({ FUSION_GATE_CACHE: join(folder, 'taken') }),
      ),
    );
    expect(sentence).toContain(`cannot be kept in the cache folder "${join(folder, 'taken')}": `);
    expect(sentence).toMatch(
      /Name a folder with room for it in the environment variable FUSION_GATE_CACHE\.$/,
    );
  });
});

describe('a host that fails', () => {
  it.each([500, 503, 429, 408])('with %d is asked again', async (code) => {
    const recovering: Answer = (response, request, before) => {
      (before === 0 ? status(code, { 'retry-after': '0' }) : file(CONTENT))(response, request, before);
    };
    await fetched({ '/m.onnx': recovering });
    expect(server.requests).toHaveLength(2);
  });

  it('is given the time that it asks for', async () => {
    let askedAt = 0;
    let waited = 0;
    await fetched({
      '/m.onnx': (response, request, before) => {
        if (before === 0) askedAt = Date.now();
        else waited = Date.now() - askedAt;
        (before === 0 ? status(429, { 'retry-after': '1' }) : file(CONTENT))(response, request, before);
      },
    });
    expect(waited).toBeGreaterThanOrEqual(990);
  });

  it('and asks for too much time is given up', async () => {
    expect(await problem({ '/m.onnx': status(429, { 'retry-after': '3600' }) })).toBe(
      'it answers 429, after 1 try.',
    );
  });

  it('breaks off once is asked again, from the beginning', async () => {
    await fetched({
      '/m.onnx': (response, request, before) => {
        if (before > 0) {
          file(CONTENT)(response, request, before);
          return;
        }
        response.writeHead(200, { 'content-length': CONTENT.length });
        response.write(CONTENT.slice(0, 7), () => response.destroy());
      },
    });
    expect(readFileSync(cached(), 'utf8')).toBe(CONTENT);
  });

  it('breaks off every time is given up', async () => {
    const broken: Answer = (response) => {
      response.writeHead(200, { 'content-length': CONTENT.length });
      response.write(CONTENT.slice(0, 7), () => response.destroy());
    };
    expect(await problem({ '/m.onnx': broken })).toBe('the connection was lost (ECONNRESET), after 5 tries.');
    expect(server.requests).toHaveLength(5);
  });

  it.each([
    [404, 'it answers 404: there is no such file.'],
    [403, 'it answers 403.'],
  ])('with %d is not asked again', async (code, sentence) => {
    expect(await problem({ '/m.onnx': status(code) })).toBe(sentence);
    expect(server.requests).toHaveLength(1);
  });

  it('is not known to anybody', async () => {
    server = await serveFiles({});
    const { origin } = server;
    await server.close();
    const sentence = await sentenceOf(() => cachedFile(downloadOf(`${origin}/m.onnx`), options()));
    expect(sentence).toContain(
      'cannot be downloaded: nothing answers at its address (ECONNREFUSED), after 5 tries.',
    );
  });

  it('has a certificate that nobody vouches for', async () => {
    expect(await problem({ '/m.onnx': file(CONTENT) }, { agent: undefined })).toMatch(
      /^it cannot be reached: .*certificate/,
    );
  });
});

describe('a bound', () => {
  it('is on the length that is announced', async () => {
    expect(await problem({ '/m.onnx': file('x'.repeat(1001)) })).toBe(
      'it has 1001 bytes, and at most 1000 are downloaded.',
    );
  });

  it('is on what comes, which may have no end', async () => {
    const endless: Answer = (response) => {
      const more = (): void => {
        if (!response.destroyed) response.write('x'.repeat(100), () => setTimeout(more));
      };
      more();
    };
    expect(await problem({ '/m.onnx': endless })).toBe(
      'it has more than the 1000 bytes that are downloaded at most.',
    );
    expect(server.requests).toHaveLength(1);
  });

  const trickle: Answer = (response) => {
    const more = (): void => {
      if (!response.destroyed) response.write('x', () => setTimeout(more, 50));
    };
    more();
  };

  it.each([
    [
      'silence after a beginning',
      { silence: 200 },
      (response: Parameters<Answer>[0]) => response.write('x'),
      'nothing came for 0.2 s, after 5 tries.',
    ],
    ['silence', { silence: 200 }, () => undefined, 'nothing came for 0.2 s, after 5 tries.'],
    ['all of the time', { deadline: 200 }, trickle, 'it took longer than 0.2 s.'],
  ] as const)('is on %s', async (_, limit, answer, sentence) => {
    expect(await problem({ '/m.onnx': answer }, { limits: { ...FETCH_LIMITS, ...limit } })).toBe(sentence);
  });
});

describe('a redirect', () => {
  it('is followed', async () => {
    await fetched({
      '/m.onnx': redirect('/a', 307),
      '/a': (response, request, before) => {
        redirect(`${server.origin}/b?signature=s`, 301)(response, request, before);
      },
      '/b?signature=s': file(CONTENT),
    });
    expect(server.requests.map(({ path }) => path)).toEqual(['/m.onnx', '/a', '/b?signature=s']);
  });

  it.each([
    [
      'to plain HTTP',
      'http://localhost/m',
      'it is sent on to http://localhost, and only https:// is followed.',
    ],
    ['to a file', 'file:///etc/passwd', 'it is sent on to file://, and only https:// is followed.'],
    ['in a circle', '/m.onnx', 'it is sent on more than 5 times.'],
    ['to no address', 'https://:0:0', 'it is sent on to what is no address.'],
  ])('is not followed %s', async (_, location, sentence) => {
    expect(await problem({ '/m.onnx': redirect(location) })).toBe(sentence);
  });
});

describe('a redirect of a host on the outside', () => {
  /** A way to the server under a name that is not of this machine. */
  const outside = new Agent({
    lookup: (_, { all }, found) => {
      if (all) found(null, [{ address: '127.0.0.1', family: 4 }]);
      else found(null, '127.0.0.1', 4);
    },
    ca: trusting().options.ca,
    checkServerIdentity: () => undefined,
  });
  const from = (location: string) => {
    const { port } = new URL(server.origin);
    return cachedFile(downloadOf(`https://files.example.org:${port}/m.onnx?to=${location}`), {
      ...options(),
      agent: outside,
    });
  };

  it.each([
    'https://localhost',
    'https://models.localhost:8443',
    'https://127.0.0.1',
    'https://2130706433',
    'https://169.254.169.254',
    'https://10.1.2.3',
    'https://[::1]',
    'https://[::ffff:192.168.0.1]',
    'https://[fd00::1]',
  ])('is not followed to the inside: %s', async (location) => {
    server = await serveFiles({ [`/m.onnx?to=${location}`]: redirect(`${location}/m.onnx`) });
    expect(await sentenceOf(() => from(location))).toMatch(
      /: it is sent on to \S+, a host inside the network, which is not followed\.$/,
    );
    expect(server.requests).toHaveLength(1);
  });

  it('is followed to another one there', async () => {
    server = await serveFiles({
      '/m.onnx?to=cdn': (response, request, before) => {
        const { port } = new URL(server.origin);
        redirect(`https://cdn.example.net:${port}/cdn`)(response, request, before);
      },
      '/cdn': file(CONTENT),
    });
    expect(await from('cdn')).toBe(cached());
  });
});

describe('a file of Hugging Face', () => {
  const hub = (url: string, environment: NodeJS.ProcessEnv = {}) =>
    cachedFile(downloadOf(url), options({ HF_ENDPOINT: server.origin, ...environment }));

  it.each([
    ['hf://owner/repo@v1/dir/m.onnx', '/owner/repo/resolve/v1/dir/m.onnx'],
    ['hf://owner/repo/m.onnx', '/owner/repo/resolve/main/m.onnx'],
    [
      'hf://datasets/owner/repo@refs%2Fpr%2F1/a b.npz',
      '/datasets/owner/repo/resolve/refs%2Fpr%2F1/a%20b.npz',
    ],
  ])('is asked for at the endpoint: %s', async (url, path) => {
    server = await serveFiles({ [path]: file(CONTENT) });
    await hub(url);
    expect(server.requests).toEqual([{ path }]);
  });

  it('shows the token to the endpoint, and to no other host', async () => {
    const elsewhere = await serveFiles({ '/cdn': file(CONTENT) });
    try {
      server = await serveFiles({
        '/owner/repo/resolve/main/m.onnx': redirect('/here'),
        '/here': redirect(`${elsewhere.origin}/cdn`),
      });
      await hub('hf://owner/repo/m.onnx', { HF_TOKEN: ' hf_secret\n' });
      expect(server.requests.map(({ token }) => token)).toEqual(['Bearer hf_secret', 'Bearer hf_secret']);
      expect(elsewhere.requests).toEqual([{ path: '/cdn' }]);
    } finally {
      await elsewhere.close();
    }
  });

  it('shows the token to no host that an address names', async () => {
    server = await serveFiles({ '/m.onnx': file(CONTENT) });
    await cachedFile(
      downloadOf(`${server.origin}/m.onnx`),
      options({ HF_TOKEN: 'hf_secret', HF_ENDPOINT: server.origin }),
    );
    expect(server.requests).toEqual([{ path: '/m.onnx' }]);
  });

  it.each([
    [
      {},
      'it answers 401: no such file, or a private one; a token that may read it belongs in the environment variable HF_TOKEN.',
    ],
    [
      { HF_TOKEN: 'hf_secret' },
      'it answers 401: no such file, or one that the token of HF_TOKEN may not read.',
    ],
  ])('that is private or not there: %j', async (environment, sentence) => {
    server = await serveFiles({ '/owner/repo/resolve/main/m.onnx': status(401) });
    expect(await sentenceOf(() => hub('hf://owner/repo/m.onnx', environment))).toBe(
      `The model "hf://owner/repo/m.onnx" cannot be downloaded: ${sentence}`,
    );
  });

  it.each([
    [
      { HF_ENDPOINT: 'http://mirror' },
      'The environment variable HF_ENDPOINT is no address of a host that speaks https. Write it as https://huggingface.co, or leave it out.',
    ],
    [
      { HF_TOKEN: 'two words' },
      'The environment variable HF_TOKEN holds blanks, line breaks or letters beyond ASCII, which no token has. Set it to the token alone.',
    ],
  ])('needs a sound environment: %j', async (environment, sentence) => {
    server = await serveFiles({});
    expect(await sentenceOf(() => hub('hf://owner/repo/m.onnx', environment))).toBe(sentence);
    expect(server.requests).toEqual([]);
  });
});

it('keeps nothing that is not a regular file in the cache', async () => {
  mkdirSync(cached());
  server = await serveFiles({ '/m.onnx': file(CONTENT) });
  const sentence = await sentenceOf(() => cachedFile(downloadOf(`${server.origin}/m.onnx`), options()));
  expect(sentence).toContain('cannot be kept in the cache folder');
});
