// The beginning of a body that is too large, read after its sender has been answered: a lead may be in it, with a picture
// behind it. For a limited number of requests at once, and for a limited time.
import type { IncomingMessage } from "node:http";
import { quarantinedBytesMax } from "../domain/attention/quarantine.ts";

export interface Beginning {
  readonly rawBody: Buffer;
  /** The body is no longer than this. */
  readonly isWhole: boolean;
  /** null: nobody said how long it is, and it was not read to its end. */
  readonly sizeBytes: number | null;
}

export type ReadBeginning = (
  request: IncomingMessage,
  begun: readonly Buffer[],
  done: (beginning: Beginning) => void,
) => void;

/** Where more are under way, a body is kept as far as it has come: perhaps not at all. */
const underWayMax = 64;
const readingLimitMs = 5_000;

/** `done` is called once, at the latest when the sender is gone. What comes after the beginning is thrown away. */
export function createBeginningReader(): ReadBeginning {
  let underWay = 0;
  return (request, begun, done) => {
    const chunks = [...begun];
    let receivedBytes = chunks.reduce((sum, chunk) => sum + chunk.length, 0);
    let isDone = false;
    const finish = (hasEnded: boolean): void => {
      if (isDone) return;
      isDone = true;
      underWay -= 1;
      clearTimeout(timer);
      request.off("data", onData);
      const declared = request.headers["content-length"];
      const isWhole = hasEnded && receivedBytes <= quarantinedBytesMax;
      const sizeBytes = hasEnded ? receivedBytes : declared === undefined ? null : Number(declared);
      done({ rawBody: Buffer.concat(chunks).subarray(0, quarantinedBytesMax), isWhole, sizeBytes });
    };
    const onData = (chunk: Buffer): void => {
      receivedBytes += chunk.length;
      chunks.push(Buffer.from(chunk));
      if (receivedBytes > quarantinedBytesMax) finish(false);
    };
    underWay += 1;
    const timer = setTimeout(finish, readingLimitMs, false);
    timer.unref();
    if (receivedBytes > quarantinedBytesMax || underWay > underWayMax) {
      finish(false);
      return;
    }
    request.on("data", onData);
    request.on("end", () => finish(true));
    request.on("error", () => finish(false));
    request.on("close", () => finish(false));
  };
}
