import { readFileSync } from 'node:fs';

import type { ValidateFunction } from 'ajv';
import { Ajv } from 'ajv';
import addFormats from 'ajv-formats';

/** GitHub's own description, cut down by scripts/extract-openapi.mjs. */
interface Description {
  readonly operations: readonly Operation[];
  readonly schemas: Readonly<Record<string, unknown>>;
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query';
  readonly required: boolean;
  readonly schema: { readonly type?: string };
}

export interface Operation {
  readonly id: string;
  readonly method: string;
  readonly path: string;
  readonly parameters: readonly Parameter[];
  readonly requestBody?: unknown;
  readonly responses: Readonly<Record<string, unknown>>;
}

export interface Call {
  readonly operation: Operation;
  readonly pathValues: Readonly<Record<string, string>>;
}

const ROOT = 'https://api.github.com/openapi.json';
const description = JSON.parse(
  readFileSync(new URL('../fixtures/openapi.json', import.meta.url), 'utf8'),
) as Description;

const ajv = new Ajv({ strict: false, allErrors: true });
(addFormats as unknown as (target: Ajv) => void)(ajv);
ajv.addSchema(description, ROOT);

const validators = new Map<string, ValidateFunction>();

/** The operation that a request is, or undefined when the description has no such one. */
export function findCall(method: string, path: string): Call | undefined {
  for (const operation of description.operations) {
    const names: string[] = [];
    const pattern = operation.path.replace(/\{(\w+)\}/g, (_, name: string) => {
      names.push(name);
      return '([^/]+)';
    });
    const match = operation.method === method ? new RegExp(`^${pattern}$`).exec(path) : null;
    if (match) {
      const pathValues = Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(match[i + 1])]));
      return { operation, pathValues };
    }
  }
  return undefined;
}

/** What the description says against this request: nothing, when it is as it should be. */
export function objectionsToRequest(call: Call, query: URLSearchParams, body: unknown): string[] {
  const { operation, pathValues } = call;
  const index = description.operations.indexOf(operation);
  const objections: string[] = [];
  for (const [i, { name, in: place, required, schema }] of operation.parameters.entries()) {
    const text = place === 'path' ? pathValues[name] : (query.get(name) ?? undefined);
    if (text === undefined) {
      if (required) objections.push(`${operation.id}: ${name} is missing`);
      continue;
    }
    const value: unknown = schema.type === 'integer' && text !== '' ? Number(text) : text;
    objections.push(
      ...check(`operations/${index}/parameters/${i}/schema`, value, `${operation.id}: ${name}`),
    );
  }
  const known = operation.parameters.filter((parameter) => parameter.in === 'query').map(({ name }) => name);
  for (const name of query.keys()) {
    if (!known.includes(name)) objections.push(`${operation.id}: there is no query parameter ${name}`);
  }
  if (operation.requestBody === undefined) return objections;
  return [...objections, ...check(`operations/${index}/requestBody`, body, `${operation.id} request body`)];
}

/** What the description says against this response; statuses that it does not describe are not judged. */
export function objectionsToResponse({ operation }: Call, status: number, body: unknown): string[] {
  if (!(String(status) in operation.responses)) return [];
  const index = description.operations.indexOf(operation);
  return check(`operations/${index}/responses/${status}`, body, `${operation.id} response ${status}`);
}

function check(pointer: string, value: unknown, what: string): string[] {
  let validate = validators.get(pointer);
  if (validate === undefined) {
    validate = ajv.compile({ $ref: `${ROOT}#/${pointer}` });
    validators.set(pointer, validate);
  }
  if (validate(value)) return [];
  return (validate.errors ?? []).map((error) => `${what}${error.instancePath} ${error.message ?? ''}`);
}
