import type { Alias, Document, ErrorCode, Node, YAMLMap } from 'yaml';
import {
  CST,
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  Lexer,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';

import { ConfigurationError } from '../foundation/errors.ts';

// Far above any honest config, far below what costs the parser time or stack: a pull request's config is a stranger's.
const MAX_DEPTH = 50;
const MAX_INDENT = 200;
const MAX_ALIASES = 100;
/** Values, an alias counted as all that it stands for: a hundred gates of a hundred keys, twice over. */
const MAX_VALUES = 20_000;
const TOO_DEEP = `The file nests more than ${MAX_DEPTH} deep here. No key of it needs that.`;

/** What the parser says in terms of its own options. */
const SENTENCES: Partial<Record<ErrorCode, string>> = {
  MULTIPLE_DOCS: 'A second YAML document begins here (---). Keep one.',
  NON_STRING_KEY: 'A key must be plain text.',
};

/** Tokens that may follow one another on a line, each one level deeper: `- - - x`. */
const OPENS_BLOCK = new Set<string | null>(['seq-item-ind', 'explicit-key-ind']);
/** Tokens that the lexer adds, and that take no room in the text. */
const MARKS = new Set<string>([CST.DOCUMENT, CST.FLOW_END, CST.SCALAR]);

/** The only tags that say nothing new about a plain value. */
const PLAIN_TAGS = new Set(['str', 'int', 'float', 'bool', 'null', 'map', 'seq'].map(coreTag));

/**
 * Plain YAML 1.2 as plain values: mappings, lists, text, numbers, booleans and null. Nothing in it is executed.
 *
 * @param source what errors call the text: the file's path as the user wrote it
 * @throws ConfigurationError with line and column for anything that is no YAML, or that is more than plain: tags,
 * repeated keys, keys that are no text, several documents, deep nesting, alias bombs
 */
export function parseYaml(text: string, source: string): unknown {
  const lines = new LineCounter();
  const refuse = (offset: number, sentence: string): never => {
    const { line, col } = lines.linePos(offset);
    throw new ConfigurationError(`${source}:${line}:${col}: ${sentence}`);
  };
  lines.addNewLine(0);
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.addNewLine(at + 1);

  checkTokens(text, refuse);
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    stringKeys: true,
    // The library compares every key with every other one; checkNodes is linear.
    uniqueKeys: false,
    prettyErrors: false,
    // `silent` would also hide a second document.
    logLevel: 'error',
  });
  const error = document.errors.at(0);
  if (error !== undefined)
    refuse(error.pos[0], SENTENCES[error.code] ?? `${withoutFullStop(error.message)}.`);
  const targets = checkNodes(document, refuse);
  if (countValues(document.contents, targets) > MAX_VALUES) {
    throw new ConfigurationError(
      `${source} holds more than ${MAX_VALUES} values, with its aliases (*name) written out. No config needs as many.`,
    );
  }
  // The library's own bound on aliases knows nothing of the size of what they stand for.
  return document.toJS({ maxAliasCount: -1 });
}

type Refuse = (offset: number, sentence: string) => never;

/**
 * Bounds what costs the parser too much time or stack, from the tokens alone: the lexer is linear whatever the text.
 * Each level of a block takes at least one column, so that bounding columns bounds levels.
 */
function checkTokens(text: string, refuse: Refuse): void {
  let offset = 0;
  let lineStart = 0;
  let brackets = 0;
  let aliases = 0;
  let previous = '\n';
  for (const token of new Lexer().lex(text)) {
    // The lexer announces a scalar by a mark; what follows it is text, whatever it looks like.
    const type = previous === CST.SCALAR ? 'scalar' : CST.tokenType(token);
    if (type === 'flow-seq-start' || type === 'flow-map-start') brackets++;
    if (type === 'flow-seq-end' || type === 'flow-map-end') brackets--;
    if (type === 'alias') aliases++;
    const indents = OPENS_BLOCK.has(type) || (type === 'space' && offset === lineStart);
    const column = offset + token.length - lineStart;
    if (brackets > MAX_DEPTH || (indents && column > MAX_INDENT)) refuse(offset, TOO_DEEP);
    if (aliases > MAX_ALIASES)
      refuse(offset, `At most ${MAX_ALIASES} aliases (*name) are allowed in one file.`);
    previous = token;
    if (MARKS.has(token)) continue;
    offset += token.length;
    if (type === 'newline') lineStart = offset;
  }
}

/** @returns what each alias stands for */
function checkNodes(document: Document.Parsed, refuse: Refuse): ReadonlyMap<Alias, Node> {
  const anchors = new Map<string, Node>();
  const targets = new Map<Alias, Node>();
  visit(document, {
    Node(_, node, path) {
      const offset = node.range?.[0] ?? 0;
      if (path.filter(isCollection).length > MAX_DEPTH) refuse(offset, TOO_DEEP);
      if ('anchor' in node && node.anchor !== undefined) anchors.set(node.anchor, node);
      if ('tag' in node && node.tag !== undefined && !PLAIN_TAGS.has(node.tag)) {
        refuse(offset, `The tag ${shortTag(node.tag)} is not allowed. Write a plain value, without a tag.`);
      }
      if (isMap(node)) checkKeys(node, refuse);
    },
    Alias(_, alias, path) {
      const target = anchors.get(alias.source);
      const offset = alias.range?.[0] ?? 0;
      if (target === undefined) {
        return refuse(offset, `The alias *${alias.source} stands before its anchor &${alias.source}.`);
      }
      if (path.some((node) => node === target)) refuse(offset, `The alias *${alias.source} contains itself.`);
      targets.set(alias, target);
    },
  });
  return targets;
}

/** The number of values from a node down, itself included. Each node is visited once, however many aliases stand for it. */
function countValues(root: unknown, targets: ReadonlyMap<Alias, Node>): number {
  const known = new Map<unknown, number>();
  const count = (node: unknown): number => {
    if (isAlias(node)) return count(targets.get(node));
    if (!isCollection(node)) return 1;
    const sum =
      known.get(node) ??
      node.items.reduce<number>((total, item) => total + count(isPair(item) ? item.value : item), 1);
    known.set(node, sum);
    return sum;
  };
  return count(root);
}

function checkKeys(map: YAMLMap, refuse: Refuse): void {
  const seen = new Set<unknown>();
  for (const { key } of map.items) {
    if (!isScalar(key)) continue;
    const offset = key.range?.[0] ?? 0;
    const name = String(key.value);
    if (name === '__proto__') refuse(offset, 'The key "__proto__" is not allowed. Choose another name.');
    if (seen.has(name))
      refuse(offset, `The key ${JSON.stringify(name)} appears twice in one mapping. Keep one.`);
    seen.add(name);
  }
}

function coreTag(name: string): string {
  return `tag:yaml.org,2002:${name}`;
}

function shortTag(tag: string): string {
  return tag.startsWith(coreTag('')) ? `!!${tag.slice(coreTag('').length)}` : tag;
}

function withoutFullStop(message: string): string {
  return message.replace(/\.$/, '');
}
