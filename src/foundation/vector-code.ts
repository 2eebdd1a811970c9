import { Buffer } from 'node:buffer';

/** What we need of WebAssembly: every Node has it, the ES2023 library does not describe it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** A started module: its functions, and the memory that they work on. */
export interface VectorCode<Functions> {
  readonly run: Functions;
  readonly memory: ArrayBuffer;
}

/** Memory that one started module may take, in bytes: callers have a slower way without any for more than this. */
export const VECTOR_MEMORY_LIMIT = 2 ** 30;

const PAGE = 65_536;

/**
 * Compiles a module that `npm run assemble` made of a `.wat` file. WebAssembly, because only there are 64-bit integers and
 * two float64 at a time to be had; its arithmetic is IEEE 754 and never contracted, so that results are those of the same
 * operations in JavaScript, bit for bit.
 *
 * @param base64 the binary module; it exports its `memory` and the `Functions`
 * @returns starts the module with zeroed memory of at least `bytes` bytes, all of it the caller's
 */
export function vectorCode<Functions>(base64: string): (bytes: number) => VectorCode<Functions> {
  let compiled: object | undefined;
  return (bytes) => {
    compiled ??= new WebAssembly.Module(Buffer.from(base64, 'base64'));
    const { exports } = new WebAssembly.Instance(compiled);
    const { memory, ...run } = exports as Functions & { memory: Memory };
    memory.grow(Math.ceil(bytes / PAGE));
    return { run: run as Functions, memory: memory.buffer };
  };
}

interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): void;
}
