import { execFile } from 'node:child_process';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { mkdtempSync, readdirSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

import { proxyAgent } from '../../src/download/proxy-agent.ts';
import { CERTIFICATE, file, type FileServer, serveFiles, sha256 } from './file-server.ts';

const run = promisify(execFile);

const content = Buffer.alloc(3_000_000, 'the bytes of a model ');

let place: string;
let server: FileServer;
/** Fetches `/m.onnx` in a process of its own. */
let start: (environment?: Record<string, string>) => Promise<string>;
beforeEach(async () => {
  place = realpathSync(mkdtempSync(join(tmpdir(), 'processes-')));
  const program = join(place, 'download.mjs');
  await build({
    entryPoints: [new URL('bundled-download.ts', import.meta.url).pathname],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'esm',
    banner: {
      js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);",
    },
  });
  server = await serveFiles({ '/m.onnx': file(content) });
  const cache = join(place, 'cache');
  start = async (environment = {}) => {
    const args = [program, `${server.origin}/m.onnx`, sha256(content)];
    const common = { PATH: process.env.PATH, FUSION_GATE_CACHE: cache, NODE_EXTRA_CA_CERTS: CERTIFICATE };
    return (await run(process.execPath, args, { env: { ...common, ...environment }, timeout: 30_000 }))
      .stdout;
  };
});
afterEach(async () => {
  rmSync(place, { recursive: true });
  await server.close();
});

it('processes that share a cache each find the whole file there, and later ones ask for nothing', async () => {
  const cache = join(place, 'cache');
  const kept = join(cache, sha256(content));
  expect(await Promise.all([start(), start(), start()])).toEqual([kept, kept, kept]);
  expect(readdirSync(cache)).toEqual([sha256(content)]);
  const asked = server.requests.length;
  expect(await start()).toBe(kept);
  expect(server.requests).toHaveLength(asked);
});

describe('a proxy of the environment', () => {
  const proxies: Server[] = [];
  afterEach(() => {
    for (const proxy of proxies.splice(0)) proxy.close();
  });

  /** Takes down what tunnels are asked for, and by whom. */
  async function startProxy(accepts: boolean): Promise<{ tunnels: string[]; port: number }> {
    const tunnels: string[] = [];
    const proxy = createServer().on('connect', ({ url = '', headers }, client, head) => {
      tunnels.push(`${url} ${headers['proxy-authorization'] ?? 'nobody'}`);
      if (!accepts)
        return client.end('HTTP/1.1 407 Proxy Authentication Required\r\ncontent-length: 0\r\n\r\n');
      const upstream = connect(Number(url.split(':')[1]), '127.0.0.1', () => {
        client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
        upstream.write(head);
        upstream.pipe(client).pipe(upstream);
      });
      for (const socket of [client, upstream]) socket.on('error', () => undefined);
      return client;
    });
    proxies.push(proxy);
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    return { tunnels, port: (proxy.address() as AddressInfo).port };
  }
  const kept = () => join(place, 'cache', sha256(content));

  it('is the way to a file, but where no_proxy names its host', async () => {
    const { tunnels, port } = await startProxy(true);
    const https_proxy = `http://mona:geheim@127.0.0.1:${port}`;
    expect(await start({ https_proxy, no_proxy: 'example.org, localhost' })).toBe(kept());
    expect(tunnels).toEqual([]);

    rmSync(join(place, 'cache'), { recursive: true });
    expect(await start({ https_proxy, no_proxy: 'example.org' })).toBe(kept());
    const host = new URL(server.origin).host;
    expect(tunnels).toEqual([`${host} Basic ${Buffer.from('mona:geheim').toString('base64')}`]);
  });

  it.each([
    ['refuses', true, 'the proxy answers 407'],
    ['is not there', false, 'nothing answers at its address'],
  ])('that %s is told without its password', async (_, isThere, said) => {
    const port = isThere ? (await startProxy(false)).port : 1;
    const https_proxy = `http://mona:geheim@127.0.0.1:${port}`;
    const { stderr } = (await start({ https_proxy }).catch((error: unknown) => error)) as { stderr: string };
    expect(stderr).toContain(said);
    expect(stderr).not.toContain('geheim');
  });
});

it.each([
  ['', true],
  ['*', false],
  ['files.example.org', false],
  ['example.org', false],
  ['.example.org', false],
  ['*.example.org', false],
  ['Example.org:443', false],
  ['example.org:8443', true],
  ['ample.org', true],
  ['other.org, files.example.org', false],
])('no_proxy %j leaves https://files.example.org to the proxy: %s', (no_proxy, goesThrough) => {
  const url = new URL('https://files.example.org/m.onnx');
  const agent = proxyAgent(url, { HTTPS_PROXY: 'proxy.example:3128', no_proxy });
  expect(agent !== undefined).toBe(goesThrough);
});

it('says so where a proxy is none, and does not show it', () => {
  const url = new URL('https://files.example.org/m.onnx');
  expect(() => proxyAgent(url, { https_proxy: 'socks5://mona:geheim@host' })).toThrow(
    /^The environment variable https_proxy is no address of a proxy\. Write it as http:\/\/host:port, or leave it out\.$/,
  );
});
