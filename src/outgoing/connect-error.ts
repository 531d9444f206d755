// Why no connection to a destination was made.
import type { FailureCode } from "../domain/destinations/outcome.ts";

/** `code` is one of the outcome's. */
export class ConnectError extends Error {
  readonly code: FailureCode;

  constructor(code: FailureCode, detail: string, cause?: unknown) {
    super(detail, { cause });
    this.name = "ConnectError";
    this.code = code;
  }
}
