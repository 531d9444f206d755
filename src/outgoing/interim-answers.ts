// Leaves out the interim answers that come before the one that counts.
import type { Socket } from "node:net";

/** Of one interim answer; a longer one goes on to the parser, which has a limit of its own. */
const headMaxBytes = 16 * 1_024;
const endOfHead = Buffer.from("\r\n\r\n");
/** `HTTP/1.1 1`: what every interim answer begins with. */
const markBytes = 10;

/**
 * RFC 9110 section 15.2: a client must be able to parse any number of 1xx answers before the final one, even if it does
 * not expect any, and may ignore them. undici takes an unasked `100 Continue` for a bad response and drops the
 * connection, so nothing it could be told by then is heard. 101 is let through: nobody asked for another protocol, and
 * what follows it would not be HTTP. Made once for a connection; requests on it come one after the other.
 */
export function withoutInterimAnswers<Connection extends Socket>(socket: Connection): Connection {
  const read: (size?: number) => Buffer | null = socket.read.bind(socket);
  const write: Socket["write"] = socket.write.bind(socket);
  /** A request has gone out, and the head of its final answer has not come. */
  let awaited = false;
  let begun: Buffer | null = null;

  socket.write = ((...parts: Parameters<Socket["write"]>) => {
    awaited = true;
    return write(...parts);
  }) as Socket["write"];

  socket.read = (size?: number): Buffer | null => {
    for (let chunk = read(size); chunk !== null; chunk = read(size)) {
      if (!awaited) return chunk;
      const seen: Buffer = begun === null ? chunk : Buffer.concat([begun, chunk]);
      const left = afterInterimAnswers(seen);
      begun = left.incomplete ? left.bytes : null;
      if (begun !== null) continue;
      awaited = false;
      return left.bytes;
    }
    return null;
  };
  return socket;
}

interface Left {
  readonly bytes: Buffer;
  /** More must come before it is known what this is. */
  readonly incomplete: boolean;
}

function afterInterimAnswers(bytes: Buffer): Left {
  let rest = bytes;
  for (;;) {
    const mark = rest.toString("latin1", 0, markBytes + 2);
    if (!/^HTTP\/1\.[01] 1/.test(mark))
      return { bytes: rest, incomplete: rest.length < markBytes && mayBegin(mark) };
    if (mark.length < markBytes + 2) return { bytes: rest, incomplete: true };
    if (mark.endsWith("101")) return { bytes: rest, incomplete: false };
    const end = rest.indexOf(endOfHead);
    if (end === -1) return { bytes: rest, incomplete: rest.length <= headMaxBytes };
    rest = rest.subarray(end + endOfHead.length);
  }
}

function mayBegin(mark: string): boolean {
  return ["HTTP/1.1 1", "HTTP/1.0 1"].some((beginning) => beginning.startsWith(mark));
}
