// In which encoding a file was written: whoever exports from Excel rarely knows.

export const textEncodings = ["utf-8", "utf-16le", "utf-16be", "windows-1252"] as const;
export type TextEncoding = (typeof textEncodings)[number];

/**
 * By its byte order mark; without one UTF-16 shows by its zero bytes, and bytes that are not UTF-8 anywhere in the file
 * make it Windows-1252. Reads the whole file: the first umlaut may stand in the last line.
 */
export async function detectEncoding(chunks: AsyncIterable<Uint8Array>): Promise<TextEncoding> {
  const utf8 = new TextDecoder("utf-8", { fatal: true });
  let isFirst = true;
  try {
    for await (const chunk of chunks) {
      if (isFirst && chunk.length > 0) {
        const marked = byMark(chunk) ?? utf16ByZeros(chunk);
        if (marked !== null) return marked;
        isFirst = false;
      }
      utf8.decode(chunk, { stream: true });
    }
    utf8.decode();
    return "utf-8";
  } catch (error) {
    if (error instanceof TypeError) return "windows-1252";
    throw error;
  }
}

/** Texts of the file without a byte order mark. What is no character becomes U+FFFD. */
export async function* decoded(
  chunks: AsyncIterable<Uint8Array>,
  encoding: TextEncoding,
): AsyncGenerator<string, void> {
  const decoder = new TextDecoder(encoding);
  for await (const chunk of chunks) {
    const text = decoder.decode(chunk, { stream: true });
    if (text !== "") yield text;
  }
  const rest = decoder.decode();
  if (rest !== "") yield rest;
}

function byMark([first, second, third]: Uint8Array): TextEncoding | null {
  if (first === 0xef && second === 0xbb && third === 0xbf) return "utf-8";
  if (first === 0xff && second === 0xfe) return "utf-16le";
  return first === 0xfe && second === 0xff ? "utf-16be" : null;
}

/** Most characters of a list of people are below U+0100: every other byte is zero. */
function utf16ByZeros(chunk: Uint8Array): TextEncoding | null {
  const pairs = Math.min(Math.floor(chunk.length / 2), 500);
  let low = 0;
  let high = 0;
  for (let at = 0; at < pairs; at += 1) {
    if (chunk[2 * at] === 0) high += 1;
    if (chunk[2 * at + 1] === 0) low += 1;
  }
  if (pairs === 0) return null;
  if (low > 0.7 * pairs) return "utf-16le";
  return high > 0.7 * pairs ? "utf-16be" : null;
}
