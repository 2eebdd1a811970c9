import { isHubUrl, parseHubUrl } from '../config/download-url.ts';
import { ConfigurationError } from '../foundation/errors.ts';

/** Where a file is asked for, and with what. */
export interface Source {
  readonly url: URL;
  /** A bearer token, for the origin of `url` alone. */
  readonly token?: string;
  /** The environment variable that a token would be read from. */
  readonly tokenVariable?: string;
}

/** As the libraries of Hugging Face call them. */
const TOKEN = 'HF_TOKEN';
const ENDPOINT = 'HF_ENDPOINT';
const HUB = 'https://huggingface.co';

/**
 * What an address stands for on this machine.
 *
 * @param url an address that `downloadUrlProblem` finds nothing wrong with
 * @throws ConfigurationError for an endpoint or a token of Hugging Face that cannot be used
 */
export function sourceOf(url: string, environment: NodeJS.ProcessEnv): Source {
  if (!isHubUrl(url)) return { url: new URL(url) };
  const { repository, revision, path } = parseHubUrl(url);
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  const address = `${endpoint(environment)}/${repository}/resolve/${revision}/${encoded}`;
  return { url: new URL(address), token: token(environment), tokenVariable: TOKEN };
}

function endpoint({ [ENDPOINT]: given = '' }: NodeJS.ProcessEnv): string {
  const text = (given === '' ? HUB : given).replace(/\/+$/, '');
  if (URL.canParse(text) && /^https:\/\/[^@?#]+$/.test(text)) return text;
  throw new ConfigurationError(
    `The environment variable ${ENDPOINT} is no address of a host that speaks https. Write it as ${HUB}, or leave it out.`,
  );
}

function token({ [TOKEN]: given = '' }: NodeJS.ProcessEnv): string | undefined {
  const text = given.trim();
  if (text === '') return undefined;
  if (/^[\x21-\x7e]+$/.test(text)) return text;
  throw new ConfigurationError(
    `The environment variable ${TOKEN} holds blanks, line breaks or letters beyond ASCII, which no token has. Set it to the token alone.`,
  );
}
