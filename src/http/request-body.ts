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

  const finish = (error: Error | null, body?: RequestBody): void => {
    request.off("data", onData);
    request.off("end", onEnd);
    request.off("error", onError);
    // A stream that nobody listens to would take the process down with its next error.
    request.on("error", () => undefined);
    done(error, body);
  };
  const onData = (chunk: Buffer): void => {
    receivedBytes += chunk.length;
    if (receivedBytes > limitBytes) finish(null, "too_large");
    else chunks.push(chunk);
  };
  // Copied even if it came in one piece: a chunk may be a view of a buffer that the socket goes on using.
  const onEnd = (): void => finish(null, Buffer.concat(chunks, receivedBytes));
  const onError = (error: Error): void => finish(error);

  request.on("data", onData);
  request.on("end", onEnd);
  request.on("error", onError);
}
