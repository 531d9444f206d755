// The bytes of a request's body, read up to a limit that may differ from request to request, in bounded memory for all
// of them together.
import type { IncomingMessage } from "node:http";
import { constants } from "node:http2";
import type { Http2ServerRequest } from "node:http2";
import { bodyIsLate } from "./http2.ts";
import { quarantinedBytesMax } from "../domain/attention/quarantine.ts";

/**
 * `too_large`: the body is longer than the limit; what is left of it is thrown away unread. `gave_way`: it took so long
 * that others needed its memory.
 */
export type RequestBody = Buffer | "too_large" | "gave_way";

/**
 * Calls `done` once: with the whole body, with `too_large` as soon as that is known (from Content-Length before
 * anything is read; `begun`: what had come by then), with `gave_way`, or with an error when the sender went away in the
 * middle.
 */
export type ReadRequestBody = (
  request: IncomingMessage,
  limitBytes: number,
  done: (error: Error | null, body?: RequestBody, begun?: readonly Buffer[]) => void,
) => void;

/** `underWayMaxBytes`: for all bodies that have not arrived whole. A single one may be as large as its own limit. */
export function createBodyReader(underWayMaxBytes: number): ReadRequestBody {
  /** In the order in which they began. */
  const underWay = new Set<GrowingBody>();
  let heldBytes = 0;

  /** Who drips loses against who sends: the oldest has had the most time. */
  function makeRoom(): void {
    for (const oldest of underWay) {
      if (heldBytes <= underWayMaxBytes || underWay.size === 1) return;
      oldest.giveWay();
    }
  }

  return (request, limitBytes, done) => {
    const declaredBytes = Number(request.headers["content-length"] ?? 0);
    if (declaredBytes > limitBytes) {
      done(null, "too_large");
      return;
    }
    let receivedBytes = 0;
    let first: Buffer | null = null;
    let growing: GrowingBody | null = null;

    let isDone = false;
    const finish = (error: Error | null, body?: RequestBody, begun?: readonly Buffer[]): void => {
      if (isDone) return;
      isDone = true;
      if (growing !== null && underWay.delete(growing)) heldBytes -= growing.capacityBytes;
      done(error, body, begun);
    };
    const grow = (chunk: Buffer): void => {
      if (growing === null) {
        growing = new GrowingBody(limitBytes, () => stop("gave_way"));
        underWay.add(growing);
      }
      const before = growing.capacityBytes;
      growing.append(chunk);
      heldBytes += growing.capacityBytes - before;
      makeRoom();
    };
    const onData = (chunk: Buffer): void => {
      receivedBytes += chunk.length;
      if (receivedBytes > limitBytes) {
        stop("too_large", [growing?.bytes() ?? first ?? Buffer.alloc(0), chunk].map(beginningOf));
      } else if (
        first === null &&
        growing === null &&
        (request.complete || receivedBytes === declaredBytes)
      ) {
        // Nearly always: the whole request came at once. A buffer that could grow would cost each of them a tenth more.
        first = chunk;
      } else {
        if (first !== null) grow(first);
        first = null;
        grow(chunk);
      }
    };
    const stop = (why: "too_large" | "gave_way", begun?: readonly Buffer[]): void => {
      request.off("data", onData);
      finish(null, why, begun);
    };

    // Over HTTP/2 a request that breaks off has no error. What is answered then must find its stream closed.
    if (isHttp2(request)) {
      request.once("close", () => setImmediate(() => finish(new Error(brokenOff))));
      request.once(bodyIsLate, () => stop("gave_way"));
    }
    request.on("data", onData);
    // Copied even if it came in one piece: a chunk may be a view of a buffer that the socket goes on using.
    request.on("end", () => {
      // Over HTTP/2 a body that was broken off has an end like any other.
      if (isBrokenOff(request)) finish(new Error(brokenOff));
      else finish(null, growing?.bytes() ?? Buffer.from(first ?? ""));
    });
    // Listened to until the end: a stream that nobody listens to would take the process down with its next error.
    request.on("error", finish);
  };
}

/** Copied: a chunk may be a view of a buffer that the socket goes on using. */
function beginningOf(bytes: Buffer): Buffer {
  return Buffer.from(bytes.subarray(0, quarantinedBytesMax));
}

const brokenOff = "the request was broken off";

function isHttp2({ httpVersionMajor }: IncomingMessage): boolean {
  return httpVersionMajor === 2;
}

function isBrokenOff(request: IncomingMessage): boolean {
  if (!isHttp2(request)) return false;
  const { aborted, stream } = request as unknown as Http2ServerRequest;
  return aborted || stream.rstCode !== constants.NGHTTP2_NO_ERROR;
}

/** One buffer, however small the pieces are: a list of 250,000 pieces of one byte would take a hundred times the memory. */
class GrowingBody {
  readonly giveWay: () => void;
  readonly #limitBytes: number;
  #buffer = Buffer.alloc(0);
  #lengthBytes = 0;

  constructor(limitBytes: number, giveWay: () => void) {
    this.#limitBytes = limitBytes;
    this.giveWay = giveWay;
  }

  get capacityBytes(): number {
    return this.#buffer.length;
  }

  /** The caller sees to it that the limit holds. */
  append(chunk: Buffer): void {
    const neededBytes = this.#lengthBytes + chunk.length;
    if (neededBytes > this.#buffer.length) {
      const doubledBytes = Math.max(2 * this.#buffer.length, capacityMinBytes);
      const larger = Buffer.allocUnsafeSlow(Math.max(neededBytes, Math.min(doubledBytes, this.#limitBytes)));
      this.#buffer.copy(larger, 0, 0, this.#lengthBytes);
      this.#buffer = larger;
    }
    chunk.copy(this.#buffer, this.#lengthBytes);
    this.#lengthBytes = neededBytes;
  }

  bytes(): Buffer {
    return this.#buffer.subarray(0, this.#lengthBytes);
  }
}

const capacityMinBytes = 1024;
