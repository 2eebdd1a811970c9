/** One field of a protobuf message: where its content lies. */
export interface WireField {
  readonly number: number;
  /** 0 varint, 1 eight bytes, 2 length-delimited, 5 four bytes. */
  readonly wireType: number;
  /** The content of a length-delimited field; empty for numbers. */
  readonly bytes: Uint8Array;
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
    const tag = varint();
    const wireType = tag % 8;
    const number = Math.floor(tag / 8);
    if (wireType === 0) {
      varint();
      yield { number, wireType, bytes: message.subarray(at, at) };
      continue;
    }
    const length = content(wireType);
    if (length > message.length - at) throw new WireError('a field runs past the end');
    const bytes = message.subarray(at, at + length);
    at += length;
    yield { number, wireType, bytes: wireType === 2 ? bytes : bytes.subarray(0, 0) };
  }
}
