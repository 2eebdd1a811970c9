import { ConfigurationError } from '../foundation/errors.ts';
import { applyState, callName, isKind, isRecognised, type Name, type PickleValue } from './pickle-names.ts';
import { opcodeName } from './pickle-opcodes.ts';
import { quoted } from './wording.ts';

/** Where the machine stands: what the opcodes below read and change. */
interface Machine {
  readonly source: string;
  readonly bytes: Buffer;
  at: number;
  stack: PickleValue[];
  /** Stacks set aside by MARK. */
  readonly marks: PickleValue[][];
  readonly memo: Map<number, PickleValue>;
}

type Step = (machine: Machine) => void;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The opcodes that NumPy's own pickles of object arrays use, protocols 2 to 5; every other one is refused by name. */
const STEPS = new Map<string, Step>([
  ['PROTO', skip(1)],
  ['FRAME', skip(8)],
  ['MARK', mark],
  ['NONE', push(() => null)],
  ['NEWTRUE', push(() => true)],
  ['NEWFALSE', push(() => false)],
  ['BININT', push((m) => take(m, 4).readInt32LE())],
  ['BININT1', push((m) => take(m, 1)[0])],
  ['BININT2', push((m) => take(m, 2).readUInt16LE())],
  ['LONG1', push((m) => longInteger(take(m, take(m, 1)[0])))],
  ['BINFLOAT', push((m) => take(m, 8).readDoubleBE())],
  ['BINUNICODE', push((m) => text(m, take(m, 4).readUInt32LE()))],
  ['SHORT_BINUNICODE', push((m) => text(m, take(m, 1)[0]))],
  ['BINBYTES', push((m) => take(m, take(m, 4).readUInt32LE()))],
  ['SHORT_BINBYTES', push((m) => take(m, take(m, 1)[0]))],
  ['EMPTY_LIST', push(() => [])],
  ['APPEND', append((m) => [pop(m)])],
  ['APPENDS', append(popMark)],
  ['EMPTY_TUPLE', push(() => [])],
  ['TUPLE1', push((m) => popMany(m, 1))],
  ['TUPLE2', push((m) => popMany(m, 2))],
  ['TUPLE3', push((m) => popMany(m, 3))],
  ['TUPLE', push(popMark)],
  ['BINPUT', remember((m) => take(m, 1)[0])],
  ['LONG_BINPUT', remember((m) => take(m, 4).readUInt32LE())],
  ['MEMOIZE', remember((m) => m.memo.size)],
  ['BINGET', push((m) => recall(m, take(m, 1)[0]))],
  ['LONG_BINGET', push((m) => recall(m, take(m, 4).readUInt32LE()))],
  ['GLOBAL', push((m) => recognise(m, line(m), line(m)))],
  ['STACK_GLOBAL', stackGlobal],
  ['REDUCE', reduce],
  ['BUILD', build],
]);

/**
 * The values of a NumPy object array, from the pickle that `np.save` writes for it.
 *
 * A stack machine that builds text and numbers and nothing else: it imports nothing, calls nothing, and knows the few
 * names that NumPy writes (`_reconstruct`, `ndarray`, `dtype`, `scalar`) only as marks of what follows. The format is
 * that of Python's `pickletools`.
 *
 * @param source how errors call the array: `The array "ids" of "eval.npz"`
 * @returns its shape, and its cells row-major
 * @throws ConfigurationError on any other opcode or name, by its name, and on damage
 */
export function unpickleArray(
  bytes: Buffer,
  source: string,
): { readonly shape: readonly number[]; readonly cells: readonly unknown[] } {
  const machine: Machine = { source, bytes, at: 0, stack: [], marks: [], memo: new Map() };
  for (let opcode = next(machine); opcode !== 'STOP'; opcode = next(machine)) {
    const step = STEPS.get(opcode);
    if (step === undefined) {
      throw new ConfigurationError(
        `${source} is a pickle with the opcode ${opcode}, which is not executed: object arrays are read only if they hold text and numbers. Save it with .astype(str) or as numbers.`,
      );
    }
    step(machine);
  }
  const array = pop(machine);
  if (!isKind(array, 'array') || array.cells === undefined) throw damaged(machine);
  return { shape: array.shape, cells: array.cells };
}

/** Every read of the bytes goes through here, so a length that a pickle states is never more than it has. */
function take(machine: Machine, length: number): Buffer {
  const end = machine.at + length;
  if (end > machine.bytes.length) {
    throw new ConfigurationError(`${machine.source} has a pickle that is cut off.`);
  }
  const taken = machine.bytes.subarray(machine.at, end);
  machine.at = end;
  return taken;
}

function next(machine: Machine): string {
  return opcodeName(take(machine, 1)[0]);
}

function line(machine: Machine): string {
  const end = machine.bytes.indexOf(0x0a, machine.at);
  if (end === -1) throw damaged(machine);
  const taken = take(machine, end - machine.at).toString('utf8');
  take(machine, 1);
  return taken;
}

function text(machine: Machine, length: number): string {
  const bytes = take(machine, length);
  try {
    return utf8.decode(bytes);
  } catch {
    throw new ConfigurationError(`${machine.source} has text in its pickle that is not valid UTF-8.`);
  }
}

/** Two's complement, little endian. */
function longInteger(bytes: Buffer): bigint {
  const digits = Buffer.from(bytes).reverse().toString('hex');
  return digits === '' ? 0n : BigInt.asIntN(8 * bytes.length, BigInt(`0x${digits}`));
}

function pop(machine: Machine): PickleValue {
  const value = machine.stack.pop();
  if (value === undefined) throw damaged(machine);
  return value;
}

function popMany(machine: Machine, count: number): PickleValue[] {
  if (machine.stack.length < count) throw damaged(machine);
  return machine.stack.splice(-count);
}

function top(machine: Machine): PickleValue {
  const value = machine.stack.at(-1);
  if (value === undefined) throw damaged(machine);
  return value;
}

function mark(machine: Machine): void {
  machine.marks.push(machine.stack);
  machine.stack = [];
}

/** All values since the last mark. */
function popMark(machine: Machine): PickleValue[] {
  const values = machine.stack;
  const below = machine.marks.pop();
  if (below === undefined) throw damaged(machine);
  machine.stack = below;
  return values;
}

function push(make: (machine: Machine) => PickleValue): Step {
  return (machine) => {
    const value = make(machine);
    machine.stack.push(value);
  };
}

function remember(key: (machine: Machine) => number): Step {
  return (machine) => {
    machine.memo.set(key(machine), top(machine));
  };
}

function skip(length: number): Step {
  return (machine) => {
    take(machine, length);
  };
}

function append(popValues: (machine: Machine) => readonly PickleValue[]): Step {
  return (machine) => {
    const values = popValues(machine);
    const list = top(machine);
    if (!Array.isArray(list)) throw damaged(machine);
    for (const value of values) list.push(value);
  };
}

function recall(machine: Machine, key: number): PickleValue {
  const value = machine.memo.get(key);
  if (value === undefined) throw damaged(machine);
  return value;
}

function stackGlobal(machine: Machine): void {
  const [module, name] = popMany(machine, 2);
  if (typeof module !== 'string' || typeof name !== 'string') throw damaged(machine);
  machine.stack.push(recognise(machine, module, name));
}

function recognise(machine: Machine, module: string, name: string): Name {
  const path = `${module}.${name}`;
  if (isRecognised(path)) return { kind: 'name', path };
  throw new ConfigurationError(
    `${machine.source} is a pickle that asks for the Python name ${quoted(path)}, which is never loaded: object arrays are read only if they hold text and numbers. Save it with .astype(str) or as numbers.`,
  );
}

function reduce(machine: Machine): void {
  const [name, args] = popMany(machine, 2);
  const value = callName(name, args, machine.source);
  if (value === undefined) throw damaged(machine);
  machine.stack.push(value);
}

function build(machine: Machine): void {
  const state = pop(machine);
  if (!applyState(top(machine), state, machine.source)) throw damaged(machine);
}

function damaged(machine: Machine): ConfigurationError {
  return new ConfigurationError(
    `${machine.source} has a pickle that is damaged, or is not one of a NumPy array (at byte ${machine.at}).`,
  );
}
