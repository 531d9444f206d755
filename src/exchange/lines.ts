// Lines of a stream of bytes, split at LF alone: other separators may stand inside JSON texts.

/** Without their LF; a last line needs none. Throws LineTooLongError beyond `lineBytesMax`. */
export async function* linesOf(
  chunks: AsyncIterable<Uint8Array>,
  lineBytesMax: number,
): AsyncGenerator<Buffer, void> {
  let parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    let rest = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    for (let end = rest.indexOf(lineFeed); end >= 0; end = rest.indexOf(lineFeed)) {
      parts.push(rest.subarray(0, end));
      yield parts.length === 1 && parts[0] !== undefined ? parts[0] : Buffer.concat(parts);
      parts = [];
      bytes = 0;
      rest = rest.subarray(end + 1);
    }
    bytes += rest.length;
    if (bytes > lineBytesMax) throw new LineTooLongError(lineBytesMax);
    // Chunks may be used again by whoever gave them.
    if (rest.length > 0) parts.push(Buffer.from(rest));
  }
  if (bytes > 0) yield Buffer.concat(parts);
}

export class LineTooLongError extends Error {
  constructor(bytesMax: number) {
    super(`a line is longer than ${bytesMax} bytes`);
  }
}

const lineFeed = 0x0a;
