import type { Agent } from 'node:http';

import { HttpsProxyAgent } from 'https-proxy-agent';

import { ConfigurationError } from '../foundation/errors.ts';

/** In either case, as curl, pip and the runner read them. */
const PROXY = ['https_proxy', 'HTTPS_PROXY'];
const EXCEPT = ['no_proxy', 'NO_PROXY'];

/**
 * What makes the connections to an address: a tunnel through the proxy that the environment names, if it names one for it.
 * TLS is with the host itself, so that the proxy sees its name and nothing of what is said.
 *
 * @returns undefined where the way is direct
 * @throws ConfigurationError for a proxy that is no address
 */
export function proxyAgent(url: URL, environment: NodeJS.ProcessEnv): Agent | undefined {
  const [variable, proxy] = firstOf(PROXY, environment);
  if (proxy === '' || isExcepted(url, firstOf(EXCEPT, environment)[1])) return undefined;
  // Its name may hold a password, and is not shown.
  const text = proxy.includes('://') ? proxy : `http://${proxy}`;
  if (!URL.canParse(text) || !/^https?:\/\//i.test(text)) {
    throw new ConfigurationError(
      `The environment variable ${variable} is no address of a proxy. Write it as http://host:port, or leave it out.`,
    );
  }
  return new HttpsProxyAgent(text);
}

function firstOf(names: readonly string[], environment: NodeJS.ProcessEnv): [name: string, value: string] {
  const name = names.find((one) => (environment[one] ?? '').trim() !== '') ?? names[0];
  return [name, (environment[name] ?? '').trim()];
}

/** A list of hosts, each with its subdomains and, where it names one, for its port alone; `*` is all. */
function isExcepted({ hostname, port }: URL, list: string): boolean {
  const host = hostname.toLowerCase();
  return list
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((entry) => entry !== '')
    .some((entry) => {
      if (entry === '*') return true;
      const [name, ofPort = port || '443'] = entry.replace(/^\*?\./, '').split(/:(?=\d+$)/);
      return (host === name || host.endsWith(`.${name}`)) && ofPort === (port || '443');
    });
}
