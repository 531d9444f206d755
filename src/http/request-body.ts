// The bytes of a request's body, read up to a limit that may differ from request to request.
import type { IncomingMessage } from "node:http";

/** `too_large`: the body is longer than the limit; what is left of it is thrown away unread. */
export type RequestBody = Buffer | "too_large";

/**
 * Calls `done` once: with the whole body, with `too_large` as soon as that is known (from Content-Length before
 * anything is read), or with an error when the sender went away in the middle.
 */
export function readRequestBody(
  request: IncomingMessage,
  limitBytes: number,
  done: (error: Error | null, body?: RequestBody) => void,
): void {
  if (Number(request.headers["content-length"] ?? 0) > limitBytes) {
    done(null, "too_large");
    return;
  }
  const chunks: Buffer[] = [];
  let receivedBytes = 0;

  let isDone = false;
  const finish = (error: Error | null, body?: RequestBody): void => {
    if (isDone) return;
    isDone = true;
    done(error, body);
  };
  const onData = (chunk: Buffer): void => {
    receivedBytes += chunk.length;
    if (receivedBytes <= limitBytes) {
      chunks.push(chunk);
      return;
    }
    request.off("data", onData);
    finish(null, "too_large");
  };

  request.on("data", onData);
  // Copied even if it came in one piece: a chunk may be a view of a buffer that the socket goes on using.
  request.on("end", () => finish(null, Buffer.concat(chunks, receivedBytes)));
  // Listened to until the end: a stream that nobody listens to would take the process down with its next error.
  request.on("error", finish);
}
