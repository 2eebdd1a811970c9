import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect, type Server } from 'node:net';
import type { Duplex } from 'node:stream';
import { createServer as createTlsServer } from 'node:tls';

import { afterEach, describe, expect, it } from 'vitest';

import { partsOf } from '../../src/github/joined-body.ts';
import { pullRequestEvent, setScene, warningsOf } from './action-scene.ts';
import type { ActionRun } from './run-action.ts';
import { startStandIn, TOKENS } from './stand-in.ts';

const scene = setScene();
const operations = () => scene.github.proxy.requests.map(({ operation }) => operation);

describe('jobs of a matrix', () => {
  const job = (name: string, scores: 'truthful' | 'empty', wishes: Partial<ActionRun> = {}) =>
    scene.run(scores, { ...wishes, inputs: { name, 'comment-group': 'matrix', ...wishes.inputs } });

  it('four of them, at once, share one comment and lose no part of it', async () => {
    const jobs = ['audio', 'text', 'touch', 'video'];
    const results = await Promise.all(jobs.map((name, i) => job(name, i === 1 ? 'empty' : 'truthful')));

    expect(results.map(({ status }) => status)).toEqual([0, 1, 0, 0]);
    expect(results.flatMap(warningsOf)).toEqual([]);
    const [comment, ...more] = await scene.github.comments();
    expect(more).toEqual([]);
    const parts = [...partsOf(comment.body)].map(([name, { conclusion }]) => [name, conclusion]);
    expect(Object.fromEntries(parts)).toEqual({
      audio: 'success',
      text: 'failure',
      touch: 'success',
      video: 'success',
    });
    expect(results.map(({ outputs }) => outputs['comment-url'])).toEqual(jobs.map(() => comment.html_url));
  }, 60_000);

  it('keep comments of their own without a group', async () => {
    const jobs = ['audio', 'video'].map((name) => scene.run('truthful', { inputs: { name } }));
    await Promise.all(jobs);

    expect(await scene.github.comments()).toHaveLength(2);
  });

  it('leave one comment where several have the same name, by whichever came last', async () => {
    const results = await Promise.all([1, 2, 3].map(() => scene.run('truthful')));

    expect(results.flatMap(warningsOf)).toEqual([]);
    expect(await scene.github.comments()).toHaveLength(1);
  }, 60_000);

  it('with on-failure: fold the comment away once all of them pass', async () => {
    const inputs = { comment: 'on-failure' };
    const hidden = () => scene.github.proxy.hider.hidden.size;
    await Promise.all([job('audio', 'empty', { inputs }), job('video', 'empty', { inputs })]);
    await job('audio', 'truthful', { inputs });
    expect(hidden()).toBe(0);
    await job('video', 'truthful', { inputs });
    expect(hidden()).toBe(1);
  }, 60_000);
});

describe('on-failure', () => {
  const inputs = { comment: 'on-failure' };

  it('folds the comment away when the gate passes again, and unfolds it when it fails', async () => {
    await scene.run('empty', { inputs });
    const [{ node_id: id }] = await scene.github.comments();
    const { hidden } = scene.github.proxy.hider;
    expect([...hidden]).toEqual([]);

    await scene.run('truthful', { inputs });
    expect([...hidden]).toEqual([id]);

    await scene.run('empty', { inputs });
    expect([...hidden]).toEqual([]);
  });

  it('costs nothing but a warning where GraphQL fails', async () => {
    await scene.run('empty', { inputs });
    // The question who this token belongs to comes first, and is answered.
    scene.github.proxy.hider.isBroken = true;
    const result = await scene.run('truthful', { inputs });

    expect(result.status).toBe(0);
    expect(warningsOf(result)).toHaveLength(1);
    expect(warningsOf(result)[0]).toContain('was not folded away');
    expect(result.outputs['comment-url']).not.toBe('');
  });
});

describe('outages', () => {
  it.each([
    [404, 'Not Found', 'pull-requests: write'],
    [410, 'This issue was deleted', 'no longer there'],
  ])('a %i is told once, and changes no verdict', async (status, message, said) => {
    scene.github.proxy.fail({ operation: 'issues/create-comment', status, message, times: 1 });
    const result = await scene.run('empty');

    expect(result.status).toBe(1);
    expect(warningsOf(result)).toHaveLength(1);
    expect(warningsOf(result)[0]).toContain(said);
    expect(await scene.github.comments()).toEqual([]);
  });

  it('a locked conversation is called so', async () => {
    scene.github.proxy.isLocked = true;
    const result = await scene.run('truthful');

    expect(result.status).toBe(0);
    expect(warningsOf(result)).toHaveLength(1);
    expect(warningsOf(result)[0]).toContain('the conversation is locked');
  });

  it('a comment that somebody deleted is written anew', async () => {
    await scene.run('truthful');
    const [{ id }] = await scene.github.comments();
    await scene.github.deleteComment(id);
    await scene.run('truthful');

    const [comment, ...more] = await scene.github.comments();
    expect(more).toEqual([]);
    expect(comment.id).not.toBe(id);
  });
});

it('asks GitHub Enterprise Server under its own prefix, for checks and groups too', async () => {
  const enterprise = await startStandIn({ prefix: '/api/v3' });
  try {
    const result = await scene.run('truthful', {
      apiUrl: enterprise.apiUrl,
      event: pullRequestEvent(enterprise.head),
      inputs: { 'check-run': 'true', 'comment-group': 'all' },
    });

    expect(warningsOf(result)).toEqual([]);
    expect(await enterprise.comments()).toHaveLength(1);
    expect(enterprise.proxy.requests.map(({ operation }) => operation)).toContain('checks/update');
    expect(enterprise.proxy.violations).toEqual([]);
    expect(operations()).toEqual([]);
  } finally {
    await enterprise.close();
  }
});

describe('the proxy of the environment', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) server.close();
  });
  const listen = async (server: Server): Promise<number> => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return (server.address() as AddressInfo).port;
  };
  const join = (client: Duplex, port: number, greeting = ''): void => {
    const upstream = connect(port, '127.0.0.1', () => {
      client.write(greeting);
      upstream.pipe(client).pipe(upstream);
    });
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
  };

  it.each(['http', 'https'])('is the way to %s', async (scheme) => {
    // Which only the proxy knows; nor has it a certificate of its own here.
    const host = 'github.enterprise.example';
    const [key, cert] = ['key.pem', 'cert.pem'].map(
      (file) => new URL(`../fixtures/download/${file}`, import.meta.url),
    );
    const plain = Number(new URL(scene.github.apiUrl).port);
    const tls = createTlsServer({ key: readFileSync(key), cert: readFileSync(cert) }, (client) => {
      join(client, plain);
    });
    const upstream = scheme === 'http' ? plain : await listen(tls);
    const tunnels: string[] = [];
    const proxy = createServer().on('connect', ({ url, headers }, client) => {
      tunnels.push(`${url} ${headers['proxy-authorization'] ?? 'nobody'}`);
      join(client, upstream, 'HTTP/1.1 200 Connection Established\r\n\r\n');
    });
    const result = await scene.run('truthful', {
      apiUrl: `${scheme}://${host}`,
      environment: {
        [`${scheme}_proxy`]: `http://mona:geheim@127.0.0.1:${await listen(proxy)}`,
        NODE_TLS_REJECT_UNAUTHORIZED: '0',
        RUNNER_DEBUG: '1',
      },
    });

    expect(warningsOf(result)).toEqual([]);
    expect(await scene.github.comments()).toHaveLength(1);
    const port = scheme === 'http' ? 80 : 443;
    expect(tunnels[0]).toBe(`${host}:${port} Basic ${Buffer.from('mona:geheim').toString('base64')}`);
    expect(result.stdout + result.stderr).not.toContain('geheim');
  });

  it('that refuses is told without its password', async () => {
    const proxy = createServer().on('connect', (_, client) => {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
    });
    const result = await scene.run('truthful', {
      apiUrl: 'http://github.enterprise.example',
      environment: { http_proxy: `http://mona:geheim@127.0.0.1:${await listen(proxy)}`, RUNNER_DEBUG: '1' },
    });

    expect(result.status).toBe(0);
    expect(warningsOf(result)).toHaveLength(1);
    expect(warningsOf(result)[0]).toContain('could not be reached');
    expect(result.stdout + result.stderr).not.toContain('geheim');
  });
});

it('never shows what a failing request was sent with', async () => {
  const message = `Could not parse "token ${TOKENS.workflow}"`;
  scene.github.proxy.fail({ operation: 'checks/create', status: 422, message, times: 9 });
  scene.github.proxy.fail({ operation: 'issues/list-comments', status: 403, message, times: 9 });
  const environment = { RUNNER_DEBUG: '1', DEBUG: '*', NODE_DEBUG: 'fetch' };
  const result = await scene.run('truthful', { environment, inputs: { 'check-run': 'true' } });

  expect(warningsOf(result)).toHaveLength(2);
  for (const warning of warningsOf(result)) expect(warning).toContain('token ***');
});
