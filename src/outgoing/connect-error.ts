// Why no connection to a destination was made, or what else ended an attempt.
import type { Failed, FailureCode } from "../domain/destinations/outcome.ts";

/** `code` is one of the outcome's. */
export class ConnectError extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, detail: string, cause?: unknown) {
    super(detail, { cause });
    this.name = "ConnectError";
    this.code = code;
  }
}

/** Where whoever speaks a protocol knows already what its end means. */
export class AttemptFailed extends Error {
  readonly failed: Failed;

  constructor(failed: Failed) {
    super(failed.message);
    this.name = "AttemptFailed";
    this.failed = failed;
  }
}
