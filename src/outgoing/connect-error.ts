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

/**
 * What a client that opens its sockets, or begins TLS, by itself has to say of it; null: it had a connection. It may have
 * wrapped what the system said.
 */
export function connectErrorOf(error: unknown): ConnectError | null {
  if (error instanceof ConnectError) return error;
  if (!(error instanceof Error)) return null;
  const { code, syscall } = error as NodeJS.ErrnoException;
  if (syscall === "connect") return new ConnectError("destination_connect", error.message, error);
  if (code !== undefined && tlsCode.test(code))
    return new ConnectError("destination_tls", error.message, error);
  return error.cause === undefined ? null : connectErrorOf(error.cause);
}

/** Node's, OpenSSL's and X.509's. */
const tlsCode = /^(?:ERR_TLS_|ERR_SSL_|EPROTO$|CERT_|UNABLE_TO_|DEPTH_ZERO_|SELF_SIGNED_|HOSTNAME_MISMATCH)/;
