import { describe, expect, it } from 'vitest';

import { openEvaluationSet } from '../../src/evaluation-set/open-evaluation-set.ts';
import { fixtures, sentenceOf } from './fixtures.ts';

const NOT_LOADED =
  'which is never loaded: object arrays are read only if they hold text and numbers. Save it with .astype(str) or as numbers.';
const NOT_EXECUTED =
  'which is not executed: object arrays are read only if they hold text and numbers. Save it with .astype(str) or as numbers.';
const READABLE_TYPES =
  'only numbers (bool, integers, float16 to float64) and text are read. Convert it with .astype before saving.';
const UNSAFE = 'beyond the integers that are read exactly (up to 2^53 - 1). Store ids of this size as text.';
const NOT_A_PICKLED_ARRAY = 'has a pickle that is damaged, or is not one of a NumPy array';

/** Array of hostile.npz, and how the sentence about it goes on. */
const ARRAYS = [
  ['system', `is a pickle that asks for the Python name "os.system", ${NOT_LOADED}`],
  ['stack_global', `is a pickle that asks for the Python name "builtins.eval", ${NOT_LOADED}`],
  ['control_characters', `is a pickle that asks for the Python name "\\u001b[31mevil.name", ${NOT_LOADED}`],
  ['custom_class', `is a pickle that asks for the Python name "__main__.Custom", ${NOT_LOADED}`],
  ['instance', `is a pickle with the opcode INST, ${NOT_EXECUTED}`],
  ['new_object', `is a pickle with the opcode NEWOBJ, ${NOT_EXECUTED}`],
  ['extension', `is a pickle with the opcode EXT1, ${NOT_EXECUTED}`],
  ['persistent', `is a pickle with the opcode PERSID, ${NOT_EXECUTED}`],
  ['no_opcode', `is a pickle with the opcode 0xff, ${NOT_EXECUTED}`],
  ['not_an_array', `${NOT_A_PICKLED_ARRAY} (at byte 5).`],
  ['ndarray_called', `${NOT_A_PICKLED_ARRAY} (at byte 19).`],
  ['empty_stack', `${NOT_A_PICKLED_ARRAY} (at byte 3).`],
  ['lost_memo', `${NOT_A_PICKLED_ARRAY} (at byte 4).`],
  ['cut_off', 'has a pickle that is cut off.'],
  ['long_text', 'has a pickle that is cut off.'],
  ['other_shape', 'has the shape [3] in its header and [2] in its pickle: it is damaged.'],
  [
    'arrays_inside',
    'is an object array that holds NumPy arrays. Make it one array of numbers with np.stack before saving.',
  ],
  [
    'mixed',
    'mixes text with other values: row 2 (counting from 0) holds 3. Write text in every row, or numbers in every row.',
  ],
  ['missing_text', 'is text and has no value in row 1 (counting from 0); write one in every row.'],
  [
    'ragged',
    'is ragged: the value in row 2 (counting from 0) does not have the shape [2] of the one in row 0 (counting from 0). Every row needs the same shape.',
  ],
  [
    'laughs',
    'has the shape [1, 100, 100, 100, 100, 100, 100, 100], which is 100000000000000 values; at most 16777216 are read.',
  ],
  ['itself', 'has 10 axes; at most 8 are read.'],
  [
    'itself_later',
    'is ragged: the value in row 0 (counting from 0) does not have the shape [2] of the one in row 0 (counting from 0). Every row needs the same shape.',
  ],
  ['huge_integer', `holds 1180591620717411303424 in row 0 (counting from 0), ${UNSAFE}`],
  [
    'raw_bytes',
    'holds raw bytes in row 0 (counting from 0); only numbers, booleans, text and lists of them are read.',
  ],
  ['negative', 'has the impossible shape [-2].'],
  ['huge', 'has the shape [1099511627776], which is 1099511627776 values; at most 2147483648 are read.'],
  ['beyond_integers', 'has the impossible shape [4611686018427388000, 4].'],
  ['too_short', 'has 144 bytes where its header [3] <f8 calls for 152: it is damaged or cut off.'],
  ['too_long', 'has 144 bytes where its header [1] <f8 calls for 136: it is damaged or cut off.'],
  [
    'many_empty_texts',
    'has the shape [99999999999], which is 99999999999 values; at most 16777216 are read.',
  ],
  ['many_axes', 'has 9 axes; at most 8 are read.'],
  ['complex', `has the NumPy type "<c16" (complex); ${READABLE_TYPES}`],
  ['dates', `has the NumPy type "<M8[D]" (datetime64); ${READABLE_TYPES}`],
  ['structured', `has the NumPy type "structured" (several fields in one array); ${READABLE_TYPES}`],
  [
    'raw',
    `has the NumPy type "|V2" (raw bytes, or a type of another library such as bfloat16); ${READABLE_TYPES}`,
  ],
  ['float128', `has the NumPy type "<f16" (extended-precision float); ${READABLE_TYPES}`],
  ['int64_unsafe', `holds 9007199254740992 at position 1 (counting from 0), ${UNSAFE}`],
  ['uint64_unsafe', `holds 18446744073709551615 at position 0 (counting from 0), ${UNSAFE}`],
  [
    'bytes_not_utf8',
    'holds bytes at position 1 (counting from 0) that are no valid text (UTF-8 in S, UTF-32 in U).',
  ],
  [
    'unicode_not_utf32',
    'holds bytes at position 0 (counting from 0) that are no valid text (UTF-8 in S, UTF-32 in U).',
  ],
  ['not_numpy', 'is not a NumPy array of format version 1, 2 or 3.'],
  ['version_9', 'is not a NumPy array of format version 1, 2 or 3.'],
  ['header_is_code', 'has a NumPy header that is damaged or cut off.'],
  ['header_cut_off', 'has a NumPy header that is damaged or cut off.'],
  ['header_nested', 'has a NumPy header that is damaged or cut off.'],
  ['header_without_shape', 'has a NumPy header without a shape or an order.'],
] as const;

describe('a hostile or unreadable array', () => {
  it.each(ARRAYS)('%s gets its sentence', async (name, rest) => {
    const set = await openEvaluationSet('hostile.npz', fixtures);
    expect(await sentenceOf(() => set.read(name))).toBe(`The column "${name}" of "hostile.npz" ${rest}`);
  });

  it('has a sentence each', async () => {
    const { columns } = await openEvaluationSet('hostile.npz', fixtures);
    expect(columns.map(({ name }) => name).sort()).toEqual(ARRAYS.map(([name]) => name).sort());
  });
});

describe('a damaged file', () => {
  it.each([
    [
      'truncated.npz',
      '"truncated.npz" is not a complete .npz (zip) file. Save it again with np.savez or np.savez_compressed.',
    ],
    [
      'no-zip.npz',
      '"no-zip.npz" is not a complete .npz (zip) file. Save it again with np.savez or np.savez_compressed.',
    ],
    ['flipped.npz', '"Q.npy" of "flipped.npz" is damaged: its checksum does not match.'],
    ['bomb.npz', '"Q.npy" of "bomb.npz" is damaged: it does not unpack to the size that it declares.'],
    ['encrypted.npz', '"Q.npy" of "encrypted.npz" is encrypted; save it without a password.'],
    [
      'bzip2.npz',
      '"Q.npy" of "bzip2.npz" is packed with zip method 12; stored (0) and deflated (8) are read. Save it with np.savez or np.savez_compressed.',
    ],
    ['twice.npz', '"twice.npz" holds "Q.npy" twice; names must differ.'],
    [
      'pointer.npz',
      'The evaluation set "pointer.npz" is a Git LFS pointer, not the file itself. Check out with "lfs: true" (actions/checkout) or run "git lfs pull".',
    ],
  ])('%s gets its sentence', async (file, sentence) => {
    const read = async () => (await openEvaluationSet(file, fixtures)).read('Q');
    expect(await sentenceOf(read)).toBe(sentence);
  });
});
