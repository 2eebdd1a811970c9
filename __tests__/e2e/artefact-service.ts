import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

import type { Reply } from './validating-proxy.ts';

const TWIRP = '/twirp/github.actions.results.api.v1.ArtifactService/';

/** What the runner gives a job to upload with. */
const JOB = Buffer.from(JSON.stringify({ scp: 'Actions.Results:run-id:job-id' })).toString('base64url');

interface Artefact {
  readonly id: number;
  readonly name: string;
  bytes: Buffer;
}

/**
 * GitHub's artefact service on loopback: the two calls of an upload, and the blob store between and behind them. What the
 * REST API says of artefacts is for the validating proxy to answer.
 */
export class ArtefactService {
  readonly artefacts: Artefact[] = [];
  /** Of requests to the blob store, which must never see a token of GitHub. */
  readonly authorizations: string[] = [];
  private readonly blocks = new Map<string, Buffer>();
  private readonly server = createServer((request, response) => {
    this.answer(request, response).catch((error: unknown) => {
      response.writeHead(500).end(String(error));
    });
  });

  static async start(): Promise<ArtefactService> {
    const service = new ArtefactService();
    await new Promise<void>((resolve) => service.server.listen(0, '127.0.0.1', resolve));
    return service;
  }

  get origin(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The variables of a job on github.com, with the service in the place of GitHub's. */
  get environment(): Record<string, string> {
    return {
      ACTIONS_RESULTS_URL: `${this.origin}/`,
      ACTIONS_RUNTIME_TOKEN: `e30.${JOB}.c2lnbmF0dXJl`,
      GITHUB_SERVER_URL: 'https://github.com',
    };
  }

  leave(name: string, bytes: Buffer): void {
    this.artefacts.push({ id: this.artefacts.length + 1, name, bytes });
  }

  /** What `GET /repos/{owner}/{repo}/actions/runs/{run_id}/artifacts` answers. */
  list(): Reply {
    const artifacts = this.artefacts.map(({ id, name, bytes }) => ({
      id,
      node_id: `A_${id}`,
      name,
      size_in_bytes: bytes.length,
      url: `https://api.github.com/artifacts/${id}`,
      archive_download_url: `https://api.github.com/artifacts/${id}/zip`,
      expired: false,
      created_at: '2026-01-01T00:00:00Z',
      expires_at: '2026-01-02T00:00:00Z',
      updated_at: '2026-01-01T00:00:00Z',
    }));
    return { status: 200, headers: {}, body: { total_count: artifacts.length, artifacts } };
  }

  /** What the download of an artefact answers: GitHub sends on to the blob store. */
  redirect(id: string): Reply {
    return { status: 302, headers: { location: `${this.origin}/blobs/${id}` }, body: undefined };
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.origin);
    const body = await buffer(request);
    if (url.pathname.startsWith(TWIRP)) {
      const reply = this.twirp(
        url.pathname.slice(TWIRP.length),
        JSON.parse(body.toString()) as { name: string },
      );
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(reply));
      return;
    }
    this.authorizations.push(...[request.headers.authorization ?? []].flat());
    const artefact = this.artefacts.find(({ id }) => String(id) === url.pathname.split('/').at(-1));
    if (request.method === 'GET') {
      response.writeHead(200, { 'content-type': 'application/zip' }).end(artefact?.bytes);
      return;
    }
    this.store(url, body, artefact);
    response.writeHead(201, { etag: '"1"', 'last-modified': new Date().toUTCString() }).end();
  }

  private twirp(method: string, { name }: { readonly name: string }): object {
    if (method === 'FinalizeArtifact') return { ok: true, artifact_id: String(this.artefacts.at(-1)?.id) };
    this.leave(name, Buffer.alloc(0));
    const { id } = this.artefacts.at(-1)!;
    return { ok: true, signed_upload_url: `${this.origin}/account/container/${id}?sig=SIGNATURE` };
  }

  /** As Azure does: blocks, then a list that puts them in order. */
  private store(url: URL, body: Buffer, artefact: Artefact | undefined): void {
    const block = url.searchParams.get('blockid');
    if (block !== null) {
      this.blocks.set(block, body);
      return;
    }
    const order = [...body.toString().matchAll(/<Latest>(.*?)<\/Latest>/g)].map(([, id]) => id);
    if (artefact !== undefined) artefact.bytes = Buffer.concat(order.map((id) => this.blocks.get(id)!));
  }
}
