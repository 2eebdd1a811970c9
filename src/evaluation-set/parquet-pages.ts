import type { AsyncBuffer, FileMetaData } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { parquetPlan } from 'hyparquet/src/plan.js';

import { ConfigurationError } from '../foundation/errors.ts';
import { MAX_CELLS, MAX_COLUMN_BYTES } from './limits.ts';

/**
 * Walks over the page headers of one column before any page is unpacked: the parser allocates what they declare.
 *
 * @throws ConfigurationError when the pages of the column together declare too many values or bytes
 */
export async function checkPages(
  file: AsyncBuffer,
  metadata: FileMetaData,
  column: string,
  source: string,
): Promise<void> {
  const { groups } = parquetPlan({ file, metadata, columns: [column] });
  let values = 0;
  let bytes = 0;
  for (const { range } of groups.flatMap(({ chunks }) => chunks)) {
    const view = new DataView(await file.slice(range.startByte, range.endByte));
    for (const page of pages(view)) {
      values += page.values;
      bytes += page.bytes;
      if (values <= MAX_CELLS && bytes <= MAX_COLUMN_BYTES) continue;
      throw new ConfigurationError(
        `${source} declares ${values} values in ${bytes} bytes; at most ${MAX_CELLS} values and ${MAX_COLUMN_BYTES} bytes are read.`,
      );
    }
  }
}

/** What each page of a column chunk says that it holds. */
function* pages(view: DataView): Generator<{ readonly values: number; readonly bytes: number }> {
  const reader = { view, offset: 0 };
  while (reader.offset < view.byteLength - 1) {
    const header = parquetHeader(reader);
    const { data_page_header: v1, data_page_header_v2: v2, dictionary_page_header: dictionary } = header;
    const page = { values: (v1 ?? v2 ?? dictionary)?.num_values ?? 0, bytes: header.uncompressed_page_size };
    const levels = v2 && [v2.repetition_levels_byte_length, v2.definition_levels_byte_length];
    for (const size of [header.compressed_page_size, page.values, page.bytes, ...(levels ?? [])])
      mustBeSize(size);
    reader.offset += header.compressed_page_size;
    yield page;
  }
}

/**
 * The parser believes a damaged header: of a size below zero, or of one that is not there, it would never come to an end.
 *
 * @throws RangeError
 */
function mustBeSize(size: unknown): void {
  if (!Number.isSafeInteger(size) || (size as number) < 0)
    throw new RangeError('an impossible size in a page header');
}
