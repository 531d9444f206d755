// Records as the text of a CSV file (RFC 4180), for all that is written here.
import { stringify } from "csv-stringify/sync";

/**
 * Where some reader would end a cell, a row, or the blanks around a value, the cell is quoted: separators that are not
 * ours, and every line break that exists. The library by itself quotes for its own separator and its own line break.
 */
const quotedMatch = [/[;,\t|]|[\n\v\f\r\u001C-\u001E\u0085\u2028\u2029]|^\s|\s$/];

/** Each record ends with CR LF. */
export function csvText(records: string[][], delimiter: string): string {
  const options = { delimiter, record_delimiter: "\r\n", quoted_match: quotedMatch };
  // Of a table of one column an empty line would be passed over as none.
  const isColumn = records[0]?.length === 1;
  return stringify(records, isColumn ? { ...options, quoted_empty: true } : options);
}
