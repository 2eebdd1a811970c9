import { isUrl, serverUrlProblem } from './server-url.ts';

/** What an address of Hugging Face names: a file of a repository at a revision. */
export interface HubFile {
  /** `owner/repo`, or `datasets/owner/repo`. */
  readonly repository: string;
  /** A branch, a tag or a commit. */
  readonly revision: string;
  readonly path: string;
}

const HUB = /^hf:\/\/((?:datasets\/)?[\w.-]+\/[\w.-]+)(?:@([\w.%-]+))?\/([^?#\p{Cc}]+)$/u;
const FORM = 'https://host/path/of/the/file, or hf://owner/repo@revision/path/of/the/file';

/** Files of an evaluation or a model, by which an address gives away that no server is meant. */
const FILE = /\.(onnx|json|npz|csv|jsonl|parquet)$/i;

/** What a file is called that comes from this address: the address without what may be a secret. */
export function downloadName(url: string): string {
  return url.replace(/[?#].*$/s, '').replace(/^([a-z][a-z0-9+.-]*:\/\/)[^/@]*@/i, '$1');
}

/** @throws Error for what `downloadUrlProblem` has a sentence for */
export function parseHubUrl(url: string): HubFile {
  const [, repository, revision = 'main', path] = HUB.exec(url)!;
  return { repository, revision, path };
}

export function isHubUrl(url: string): boolean {
  return /^hf:/i.test(url);
}

/** What is wrong with the address of a file, as the rest of a sentence that begins with its place; else undefined. */
export function downloadUrlProblem(url: string): string | undefined {
  const shown = JSON.stringify(downloadName(url));
  if (isHubUrl(url)) return isHubFile(url) ? undefined : `is ${shown}, which names no file. Write ${FORM}.`;
  if (!isUrl(url) || !URL.canParse(url)) return `is ${shown}, which is no address. Write ${FORM}.`;
  const { protocol, username, password, hash } = new URL(url);
  if (username !== '' || password !== '') {
    return 'holds a user name or a password. Remove it: a config file is no place for secrets.';
  }
  if (protocol !== 'https:') {
    return `begins with "${protocol}//". Files are downloaded over https:// or from hf:// only.`;
  }
  return hash === '' ? undefined : `has something behind "#". Write ${FORM}.`;
}

/** What to do about an address in a place where a path stands; undefined where a model's server may be meant. */
export function unpinnedProblem(text: string, mayBeServer: boolean): string | undefined {
  if (!isUrl(text)) return undefined;
  const name = downloadName(text);
  const isServer = !FILE.test(name) || serverUrlProblem(text) === undefined;
  if (mayBeServer && !isHubUrl(text) && isServer) return undefined;
  return `names a file to download, which must be pinned by its hash. Write ${name}#sha256=... in an input, or { url: ${name}, sha256: ... } in the config file, with the 64 digits that sha256sum prints for the copy that you have checked.`;
}

function isHubFile(url: string): boolean {
  if (!HUB.test(url)) return false;
  const { repository, path } = parseHubUrl(url);
  return [...repository.split('/'), ...path.split('/')].every((part) => !['', '.', '..'].includes(part));
}
