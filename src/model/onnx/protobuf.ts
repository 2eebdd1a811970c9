/** One field of a protobuf message: where its content lies. */
export interface WireField {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  readonly wireType: number;
  /** The content of a length-delimited field; empty for numbers. */
  readonly bytes: Uint8Array;
  /** The whole field, tag and length included: what a copy of the message repeats. */
  readonly raw: Uint8Array;
}

/** The bytes are no protobuf message. */
export class WireError extends Error {}

/**
 * The fields of a message, in order, without a schema and without copying: weights of any size are stepped over.
 *
 * Source of the format: https://protobuf.dev/programming-guides/encoding/
 *
 * @throws WireError when a length points behind the end, or for a group (which ONNX does not use)
 */
export function* wireFields(message: Uint8Array): Generator<WireField> {
  let at = 0;
  const varint = (): number => {
    // A double is exact up to 2 ** 53; lengths and tags are far below, and longer numbers are only stepped over.
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      if (at >= message.length || scale > 2 ** 63) throw new WireError('a number runs past the end');
      const byte = message[at++];
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  const content = (wireType: number): number => {
    if (wireType === 1) return 8;
    if (wireType === 5) return 4;
    if (wireType === 2) return varint();
    throw new WireError(`a field of the unknown type ${wireType}`);
  };
  while (at < message.length) {
    const from = at;
    const tag = varint();
    const wireType = tag % 8;
    const number = Math.floor(tag / 8);
    if (wireType === 0) {
      varint();
      yield { number, wireType, bytes: message.subarray(at, at), raw: message.subarray(from, at) };
      continue;
    }
    const length = content(wireType);
    if (length > message.length - at) throw new WireError('a field runs past the end');
    const bytes = message.subarray(at, at + length);
    at += length;
    const raw = message.subarray(from, at);
    yield { number, wireType, bytes: wireType === 2 ? bytes : bytes.subarray(0, 0), raw };
  }
}

/** The content of the last field with this number as text; empty where there is none, as in protobuf. */
export function textField(message: Uint8Array, number: number): string {
  let text = '';
  for (const field of wireFields(message)) if (field.number === number) text = textOf(field.bytes);
  return text;
}

export function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('utf8');
}

/** A length-delimited field: text, or a message in parts. */
export function bytesField(number: number, ...parts: readonly (string | Uint8Array)[]): Buffer {
  return Buffer.concat(fieldParts(number, parts));
}

/** The same, not joined yet: what is large is copied once, by whoever joins all. */
export function fieldParts(number: number, parts: readonly (string | Uint8Array)[]): Uint8Array[] {
  const content = parts.map((part) => (typeof part === 'string' ? Buffer.from(part, 'utf8') : part));
  const length = content.reduce((sum, part) => sum + part.length, 0);
  return [varint(number * 8 + 2), varint(length), ...content];
}

/** A field with a whole number, at least 0. */
export function numberField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
