// Cuts the operations that fusion-gate uses out of GitHub's own OpenAPI description, for the tests that check every
// request and response against it. Run by hand when an operation is added; the result is committed.
//
//   node scripts/extract-openapi.mjs
//
// The description is 13 MB in a package of 385 MB: it is packed into a temporary folder, and never installed.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const PACKAGE = '@octokit/openapi@23.0.2';
const DESCRIPTION = 'package/generated/api.github.com.json';
const TARGET = fileURLToPath(new URL('../__tests__/fixtures/openapi.json', import.meta.url));

const OPERATIONS = [
  ['get', '/repos/{owner}/{repo}/issues/{issue_number}/comments'],
  ['post', '/repos/{owner}/{repo}/issues/{issue_number}/comments'],
  ['patch', '/repos/{owner}/{repo}/issues/comments/{comment_id}'],
  ['delete', '/repos/{owner}/{repo}/issues/comments/{comment_id}'],
  ['get', '/repos/{owner}/{repo}/commits/{commit_sha}/pulls'],
  ['get', '/repos/{owner}/{repo}/pulls'],
  ['post', '/repos/{owner}/{repo}/check-runs'],
  ['patch', '/repos/{owner}/{repo}/check-runs/{check_run_id}'],
  ['get', '/repos/{owner}/{repo}/actions/runs/{run_id}/artifacts'],
  ['get', '/repos/{owner}/{repo}/actions/artifacts/{artifact_id}/{archive_format}'],
  ['get', '/user'],
  ['get', '/repos/{owner}/{repo}/git/ref/{ref}'],
  ['post', '/repos/{owner}/{repo}/git/refs'],
  ['patch', '/repos/{owner}/{repo}/git/refs/{ref}'],
  ['get', '/repos/{owner}/{repo}/git/commits/{commit_sha}'],
  ['post', '/repos/{owner}/{repo}/git/commits'],
  ['get', '/repos/{owner}/{repo}/git/trees/{tree_sha}'],
  ['post', '/repos/{owner}/{repo}/git/trees'],
  ['get', '/repos/{owner}/{repo}/git/blobs/{file_sha}'],
  ['post', '/repos/{owner}/{repo}/git/blobs'],
  ['get', '/repos/{owner}/{repo}/issues'],
  ['post', '/repos/{owner}/{repo}/issues'],
  ['patch', '/repos/{owner}/{repo}/issues/{issue_number}'],
];

/** What a validator does not read. */
const PROSE = new Set([
  'description',
  'title',
  'example',
  'examples',
  'default',
  'deprecated',
  'externalDocs',
]);

const description = download();
const schemas = {};
const operations = OPERATIONS.map(([method, path]) => operation(method, path));
writeFileSync(TARGET, JSON.stringify({ source: PACKAGE, operations, schemas }, null, 1) + '\n');
console.log(`${operations.length} operations and ${Object.keys(schemas).length} schemas written.`);

function download() {
  const folder = mkdtempSync(join(tmpdir(), 'openapi-'));
  const run = (command, args) =>
    execFileSync(command, args, { cwd: folder, encoding: 'utf8', shell: process.platform === 'win32' });
  try {
    const packed = JSON.parse(run('npm', ['pack', PACKAGE, '--json', '--loglevel=error']));
    run('tar', ['-xzf', packed[0].filename, DESCRIPTION]);
    return JSON.parse(readFileSync(join(folder, DESCRIPTION), 'utf8'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** One operation, with its parameters and the schemas of its bodies by status. */
function operation(method, path) {
  const found = description.paths[path][method];
  const parameters = (found.parameters ?? []).map(follow);
  return {
    id: found.operationId,
    method: method.toUpperCase(),
    path,
    parameters: parameters.map(({ name, in: place, required = false, schema }) => ({
      name,
      in: place,
      required,
      schema: asJsonSchema(schema),
    })),
    ...(found.requestBody && { requestBody: bodySchema(follow(found.requestBody)) }),
    responses: Object.fromEntries(
      Object.entries(found.responses).map(([status, response]) => [
        status,
        bodySchema(follow(response)) ?? true,
      ]),
    ),
  };
}

function follow(node) {
  if (node.$ref === undefined) return node;
  return node.$ref
    .slice('#/'.length)
    .split('/')
    .reduce((at, key) => at[key], description);
}

function bodySchema(node) {
  const schema = node.content?.['application/json']?.schema;
  return schema && asJsonSchema(schema);
}

/** OpenAPI 3.0 to JSON Schema: without prose, `nullable` spelled out, components collected under `schemas`. */
function asJsonSchema(node) {
  if (Array.isArray(node)) return node.map(asJsonSchema);
  if (node === null || typeof node !== 'object') return node;
  if (node.$ref !== undefined) return { $ref: `#/schemas/${collect(node.$ref)}` };
  const { nullable, type, enum: values, ...rest } = node;
  const schema = Object.fromEntries(
    Object.entries(rest)
      .filter(([key]) => !PROSE.has(key) && !key.startsWith('x-'))
      .map(([key, value]) => [key, key === 'properties' ? properties(value) : asJsonSchema(value)]),
  );
  if (values !== undefined) schema.enum = nullable ? [...values, null] : values;
  if (type !== undefined) return { type: nullable ? [type, 'null'] : type, ...schema };
  return nullable ? { anyOf: [schema, { type: 'null' }] } : schema;
}

function properties(node) {
  return Object.fromEntries(Object.entries(node).map(([name, schema]) => [name, asJsonSchema(schema)]));
}

function collect(reference) {
  const name = reference.split('/').at(-1);
  if (!(name in schemas)) {
    // Reserved before it is filled: schemas may refer to themselves.
    schemas[name] = {};
    schemas[name] = asJsonSchema(follow({ $ref: reference }));
  }
  return name;
}
