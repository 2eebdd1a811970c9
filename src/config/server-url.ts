/** The address of a model behind a server of the Open Inference Protocol. */
export interface ServerUrl {
  /** `http://host:port`, without what is the scheme's own port. */
  readonly origin: string;
  /** As in a list of allowed hosts: `host` and `host:port`, the port always written out. */
  readonly host: string;
  readonly hostWithPort: string;
  readonly isLoopback: boolean;
  /** What all addresses of the server begin with, up to `/v2`. */
  readonly root: string;
  /** What all addresses of the model begin with, its version included. */
  readonly model: string;
  readonly name: string;
  readonly version?: string;
}

/** Where the token for a server is read from: never from a file, and never from an address. */
export const TOKEN_VARIABLE = 'FUSION_GATE_SERVER_TOKEN';

const FORM = 'http://host:port/v2/models/NAME, or the same with /versions/VERSION behind it';
const MODEL_PATH = /^(.*\/v2)\/models\/([^/]+)(?:\/versions\/([^/]+))?$/;
const PORTS: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** The keys of a gate that may name a server. */
export const SERVER_KEYS = ['model', 'head'] as const;
export type ServerKey = (typeof SERVER_KEYS)[number];

/** What may stand under them: a path, an address, or (as a mapping) a file to download. */
export type Served = Readonly<Partial<Record<ServerKey, string | { readonly url: string }>>>;

/** Whether a gate asks a server. */
export function namesServer(gate: Served): boolean {
  return SERVER_KEYS.some((key) => isServer(gate[key]));
}

/** Whether the value of such a key is the address of a server. */
export function isServer(value: unknown): value is string {
  return typeof value === 'string' && isUrl(value);
}

/** Which parts of a candidate are on servers, by their addresses. */
export function servedParts({
  path,
  head,
  downloaded = [],
}: {
  readonly path: string;
  readonly head?: string;
  readonly downloaded?: readonly string[];
}): Readonly<Partial<Record<ServerKey, string>>> {
  const served = (part: string | undefined): string | undefined =>
    isServer(part) && !downloaded.includes(part) ? part : undefined;
  return { model: served(path), head: served(head) };
}

/** Whether a model is named by an address rather than by a path. */
export function isUrl(path: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(path);
}

/**
 * What an address names.
 *
 * @throws Error for what `serverUrlProblem` has a sentence for
 */
export function parseServerUrl(text: string): ServerUrl {
  const url = new URL(text);
  const { origin, pathname } = url;
  const [, root, name, version] = MODEL_PATH.exec(pathname)!;
  return {
    origin,
    ...hostOf(url),
    root: origin + root,
    model: origin + pathname,
    name: decodeURIComponent(name),
    version: version && decodeURIComponent(version),
  };
}

/** The host of an address, as lists of allowed hosts have it. */
export function hostOf({
  protocol,
  hostname,
  port,
}: URL): Pick<ServerUrl, 'host' | 'hostWithPort' | 'isLoopback'> {
  return {
    host: hostname,
    hostWithPort: `${hostname}:${port || PORTS[protocol]}`,
    isLoopback: /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname),
  };
}

/** What is wrong with an address, as the rest of a sentence that begins with its place; undefined where nothing is. */
export function serverUrlProblem(text: string): string | undefined {
  if (!URL.canParse(text)) return `is "${text}", which is no address. Write ${FORM}.`;
  const url = new URL(text);
  // What may be a secret is not repeated.
  if (url.username !== '' || url.password !== '') {
    return `holds a user name or a password. Remove it, and give the server's token in the environment variable ${TOKEN_VARIABLE}.`;
  }
  if (!Object.hasOwn(PORTS, url.protocol)) {
    return `begins with "${url.protocol}//", which is not spoken here. Give the address of the server's REST interface: ${FORM}.`;
  }
  if (url.search !== '' || url.hash !== '') return `has something behind "?" or "#". Write ${FORM}.`;
  if (!MODEL_PATH.test(url.pathname) || !isDecodable(url.pathname)) {
    return `is "${text}", which names no model of a server. Write ${FORM}.`;
  }
  return undefined;
}

function isDecodable(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}
