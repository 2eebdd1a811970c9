import { ConfigurationError, enumerate } from '../foundation/errors.ts';
import { isHubUrl } from './download-url.ts';
import type { Candidate, Download } from './gate-config.ts';
import type { Path } from './place.ts';
import {
  hostOf,
  parseServerUrl,
  SERVER_KEYS,
  servedParts,
  type ServerKey,
  type ServerUrl,
} from './server-url.ts';

/** Who may name which servers. */
export interface HostPolicy {
  /** Hosts that the workflow allows config files to name: `host`, `host:port` or `*`. */
  readonly allowed: readonly string[];
  /** Whether the workflow itself says this key of the gate; what it says needs no allowance. */
  readonly isOwnWord: (key: ServerKey) => boolean;
  /** How the user writes the list. */
  readonly spelling: string;
  /** How the user writes a key of the gate. */
  readonly at: (path: Path) => string;
}

const HOST = /^(\*|([\w.-]+|\[[0-9a-f:.]+\])(:\d{1,5})?)$/i;

/**
 * A list of hosts from the text that the workflow gives.
 *
 * @throws ConfigurationError for an entry that is no host
 */
export function parseAllowedHosts(text: string | undefined, spelling: string): string[] {
  if (text === undefined) return [];
  const hosts = text.split(/[,\n]/).map((host) => host.trim().toLowerCase());
  const wrong = hosts.find((host) => !HOST.test(host));
  if (wrong === undefined) return hosts;
  throw new ConfigurationError(
    `${spelling} has the entry "${wrong}". Write host or host:port, separated by commas, or * for any host.`,
  );
}

/**
 * The candidate of a gate, marked as to whether the workflow knows its servers.
 *
 * Config files come from pull requests, and a runner may reach what their authors cannot: such a file may name servers on
 * this machine, and others only where the workflow allows it.
 *
 * @throws ConfigurationError for a host that is not allowed
 */
export function trustServers(candidate: Candidate, policy: HostPolicy): Candidate {
  if (candidate.kind !== 'model' || candidate.server === undefined) return candidate;
  const texts = servedParts(candidate);
  const foreign = SERVER_KEYS.filter((key) => texts[key] !== undefined && !policy.isOwnWord(key))
    .map((key) => ({ key, url: parseServerUrl(texts[key]!) }))
    .filter(({ url }) => !isAllowed(url, policy.allowed));
  const remote = foreign.find(({ url }) => !url.isLoopback);
  if (remote === undefined) {
    // What a command starts is code of the pull request: the token is for servers that are there without it.
    const isTrusted = foreign.length === 0 && candidate.server.command === undefined;
    return { ...candidate, server: { ...candidate.server, isTrusted } };
  }
  const { key, url } = remote;
  throw new ConfigurationError(
    `${policy.at([key])} names a server on ${url.hostWithPort}. A config file may name servers on this machine only, unless the workflow allows the host: ${howToAllow(url, policy)}`,
  );
}

/**
 * The same for files to download: whoever writes the config file would choose what the runner asks for. Hugging Face, the one
 * host that `hf://` means, needs no allowance.
 *
 * @throws ConfigurationError for a host that is not allowed
 */
export function refuseForeignDownloads(
  downloads: readonly Download[],
  policy: Pick<HostPolicy, 'allowed' | 'spelling' | 'at'> & { readonly isOwnWord: (path: Path) => boolean },
): void {
  for (const { url, path } of downloads) {
    if (isHubUrl(url) || policy.isOwnWord(path)) continue;
    const host = hostOf(new URL(url));
    if (host.isLoopback || isAllowed(host, policy.allowed)) continue;
    throw new ConfigurationError(
      `${policy.at([...path, 'url'])} names a file on ${host.hostWithPort}. A config file may have files downloaded from Hugging Face (hf://) only, unless the workflow allows the host: ${howToAllow(host, policy)}`,
    );
  }
}

function howToAllow(
  { host }: Pick<ServerUrl, 'host'>,
  { allowed, spelling }: Pick<HostPolicy, 'allowed' | 'spelling'>,
): string {
  const list = allowed.length === 0 ? '' : ` So far it allows ${enumerate(allowed)}.`;
  return `name "${host}" in ${spelling}.${list}`;
}

function isAllowed(
  { host, hostWithPort }: Pick<ServerUrl, 'host' | 'hostWithPort'>,
  allowed: readonly string[],
): boolean {
  return allowed.some((entry) => entry === '*' || entry === host || entry === hostWithPort);
}
