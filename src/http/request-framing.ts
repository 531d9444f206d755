// Requests that node's parser lets through although another program on the way may take their end, or whom they are for,
// to be somewhere else (RFC 9112 section 11.2).
import type { IncomingMessage } from "node:http";
import type { ErrorCode } from "../domain/errors/error-catalogue.ts";

/** Why the connection must end with this request; null: it is plain. */
export function rejectFraming(request: IncomingMessage, headersMaxCount: number): ErrorCode | null {
  const { rawHeaders } = request;
  // Node forgets the headers beyond its own limit, which is one more than this.
  if (rawHeaders.length > 2 * headersMaxCount) return "headers_too_large";
  const coding = request.headers["transfer-encoding"];
  if (coding !== undefined) {
    // Sections 6.1 and 7: other codings are not undone here, an empty one is none, and HTTP/1.0 knows of no chunks.
    if (coding.toLowerCase() !== "chunked" || request.httpVersion === "1.0") return "request_malformed";
  }
  return hasSecondHost(rawHeaders) ? "request_malformed" : null;
}

/** Section 3.2; of two, node would show the first one alone. */
function hasSecondHost(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? "";
    if (name.length === "host".length && name.toLowerCase() === "host") hosts += 1;
  }
  return hosts > 1;
}
