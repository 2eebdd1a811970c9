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

/** Whether a gate asks a server. */
export function namesServer(gate: Readonly<Partial<Record<ServerKey, string>>>): boolean {
  return SERVER_KEYS.some((key) => gate[key] !== undefined && isUrl(gate[key]));
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
  const { protocol, origin, hostname, port, pathname } = new URL(text);
  const [, root, name, version] = MODEL_PATH.exec(pathname)!;
  return {
    origin,
    host: hostname,
    hostWithPort: `${hostname}:${port || PORTS[protocol]}`,
    isLoopback: /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname),
    root: origin + root,
    model: origin + pathname,
    name: decodeURIComponent(name),
    version: version && decodeURIComponent(version),
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
