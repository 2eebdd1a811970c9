import { readFileSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { externalLocations } from '../../../src/model/onnx/external-data.ts';
import { wireFields } from '../../../src/model/onnx/protobuf.ts';
import { folder } from '../fusion-fixture.ts';

/** A length-delimited protobuf field; parts shorter than 128 bytes. */
function field(number: number, ...parts: (Uint8Array | string)[]): Buffer {
  const content = Buffer.concat(parts.map((part) => Buffer.from(part as string)));
  const tag = number * 8 + 2;
  const head = tag < 128 ? [tag] : [(tag & 127) | 128, tag >> 7];
  return Buffer.from([...head, content.length, ...content]);
}

const tensor = (location: string) => [field(13, field(1, 'location'), field(2, location))];

describe('externalLocations', () => {
  it('finds the files that ONNX itself wrote', () => {
    expect(externalLocations(readFileSync(`${folder}external/inside.onnx`))).toEqual(['weights.bin']);
    expect(externalLocations(readFileSync(`${folder}single.onnx`))).toEqual([]);
  });

  it.each([
    ['an initializer', field(7, field(5, ...tensor('x')))],
    ['a sparse initializer', field(7, field(15, field(1, ...tensor('x'))))],
    ['an attribute of a node', field(7, field(1, field(5, field(5, ...tensor('x')))))],
    ['a list in an attribute', field(7, field(1, field(5, field(10, ...tensor('x')))))],
    ['a sparse attribute', field(7, field(1, field(5, field(22, field(2, ...tensor('x'))))))],
    ['a branch of If', field(7, field(1, field(5, field(6, field(5, ...tensor('x'))))))],
    ['one of several graphs', field(7, field(1, field(5, field(11, field(5, ...tensor('x'))))))],
    ['a function', field(25, field(7, field(5, field(5, ...tensor('x')))))],
    ['a default of a function', field(25, field(11, field(5, ...tensor('x'))))],
    ['a training graph', field(20, field(1, field(5, ...tensor('x'))))],
  ])('looks into %s', (_, model) => {
    expect(externalLocations(model)).toEqual(['x']);
  });

  it.each([
    ['a length behind the end', Buffer.from([0x3a, 100, 1]), 'a field runs past the end'],
    ['a number without an end', Buffer.from([0x3a, 0xff, 0xff]), 'a number runs past the end'],
    ['an endless number', Buffer.from([0x08, ...Array<number>(20).fill(0xff)]), 'a number runs past the end'],
    ['a group', Buffer.from([0x0b]), 'a field of the unknown type 3'],
  ])('refuses %s', (_, bytes, sentence) => {
    expect(() => [...wireFields(bytes)]).toThrow(sentence);
  });

  it('refuses graphs inside graphs without end', () => {
    let graph: Buffer = Buffer.alloc(0);
    const wrap = (number: number, content: Buffer): Buffer => {
      const length = [(content.length & 127) | 128, content.length >> 7];
      return Buffer.concat([Buffer.from([number * 8 + 2, ...length]), content]);
    };
    for (let depth = 0; depth < 300; depth++) graph = wrap(1, wrap(5, wrap(6, graph)));
    expect(() => externalLocations(wrap(7, graph))).toThrow('its graphs are nested too deeply');
  });
});
