// What a broker's refusals mean for a delivery (AMQP 0-9-1 section 1.2.1, reply codes).
import type { FailureCode } from "../../../domain/destinations/outcome.ts";
import type { AttemptFailed } from "../../../outgoing/connect-error.ts";
import { verdict } from "../verdict.ts";

/** null: it is the network's matter. */
export function meaningOf(error: unknown, name: string): AttemptFailed | null {
  if (!(error instanceof Error)) return null;
  // How the client puts a broker that ends the connection where its "open" was to follow: NOT_ALLOWED.
  if (error.message.startsWith("Expected ConnectionOpenOk"))
    return verdict(
      "destination_configuration",
      name,
      "there is no such virtual host, or it is closed to this user",
    );
  const { code: given } = error as { readonly code?: unknown };
  const isLogin = error.message.startsWith("Handshake terminated by server");
  // Of what happens before a connection is open, the client hands on the words alone.
  const code = typeof given === "number" ? given : replyCodeIn(error.message);
  return code === null ? null : verdict(failureOf(code, isLogin), name, error.message);
}

/** Whether what ended the channel, or the connection, kept out every message on it: no right, no exchange. */
export function concernsAll(fault: Error): boolean {
  const { code } = fault as { readonly code?: unknown };
  return code === 403 || code === 404;
}

/**
 * Whether what ended the channel is about another message than one of so many bytes. RabbitMQ says how large the message
 * was that it does not take; all others that were on their way on the channel are lost with it, and nothing is wrong with
 * them.
 */
export function concernsAnother(fault: Error, bodyBytes: number): boolean {
  const found = /\bmessage size (\d+)/.exec(fault.message)?.[1];
  return found !== undefined && Number(found) !== bodyBytes;
}

function replyCodeIn(message: string): number | null {
  const found = /\b(?:replyCode: ?|server: )(\d{3})\b/.exec(message)?.[1];
  return found === undefined ? null : Number(found);
}

function failureOf(replyCode: number, isLogin: boolean): FailureCode {
  switch (replyCode) {
    // ACCESS_REFUSED: of a login the password, of an exchange the right to write to it.
    case 403:
      return isLogin ? "destination_auth" : "destination_configuration";
    // INVALID_PATH, NOT_FOUND, NOT_ALLOWED (a virtual host that is not there, or not ours), NOT_IMPLEMENTED.
    case 402:
    case 404:
    case 530:
    case 540:
      return "destination_configuration";
    // CONTENT_TOO_LARGE; PRECONDITION_FAILED, by which RabbitMQ refuses a message larger than its limit.
    case 311:
    case 406:
      return "destination_rejected";
    // 320 CONNECTION_FORCED, 405 RESOURCE_LOCKED, 506 RESOURCE_ERROR, 541 INTERNAL_ERROR …
    default:
      return "destination_error";
  }
}
