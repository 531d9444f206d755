// Turns what went wrong between us and a destination into an outcome.
import { failure, interrupted, timedOut } from "../domain/destinations/outcome.ts";
import type { Failed, FailureCode } from "../domain/destinations/outcome.ts";
import { AttemptFailed, ConnectError } from "./connect-error.ts";

export interface Whom {
  readonly name: string;
  readonly timeoutMs: number;
}

/** Total: an error that is not known counts as a lost connection, which is the careful reading. */
export function classifyTransportError(error: unknown, whom: Whom): Failed {
  if (error instanceof AttemptFailed) return error.failed;
  const code = error instanceof ConnectError ? error.code : codeOf(error);
  switch (code) {
    case "destination_timeout":
      return timedOut(whom.name, whom.timeoutMs);
    case "delivery_interrupted":
      return interrupted(whom.name);
    default:
      return failure(code, sentence(code, whom.name, error instanceof Error ? error.message : String(error)));
  }
}

function codeOf(error: unknown): FailureCode {
  if (!(error instanceof Error)) return "destination_connection_lost";
  // undici's parser gives no code to some of its errors, but always this name.
  if (error.name === "HTTPParserError") return "destination_bad_response";
  switch ((error as NodeJS.ErrnoException).code) {
    case "UND_ERR_SOCKET":
      // undici has one code for what the peer cut off and for an answer it should not have sent.
      return error.message === "bad response" || error.message === "bad upgrade"
        ? "destination_bad_response"
        : "destination_connection_lost";
    case "UND_ERR_HEADERS_OVERFLOW":
    case "UND_ERR_RES_CONTENT_LENGTH_MISMATCH":
    case "UND_ERR_RES_EXCEEDED_MAX_SIZE":
      return "destination_bad_response";
    case "UND_ERR_INVALID_ARG":
    case "UND_ERR_REQ_CONTENT_LENGTH_MISMATCH":
      return "destination_misconfigured";
    case "UND_ERR_CLOSED":
    case "UND_ERR_DESTROYED":
      return "delivery_interrupted";
    default:
      return "destination_connection_lost";
  }
}

function sentence(code: FailureCode, name: string, detail: string): string {
  switch (code) {
    case "destination_dns":
      return `the address of ${name} could not be found (${detail})`;
    case "destination_connect":
      return `no connection to ${name} (${detail})`;
    case "destination_tls":
      return `no secure connection to ${name} (${detail})`;
    case "destination_connection_lost":
      return `${name} closed the connection before it answered (${detail})`;
    case "destination_bad_response":
      return `${name} did not answer in proper HTTP (${detail})`;
    case "destination_address_forbidden":
      return `${name} is at a private or reserved address (${detail}), which allow_private would permit`;
    case "destination_misconfigured":
      return `${name} cannot be called as it is configured (${detail})`;
    default:
      return `${name} could not be reached (${detail})`;
  }
}
