// What the handshakes of senders have in common: a query that is read without being trusted, and a plain answer.
import type { SourceAnswer } from "./source-kind.ts";

/** Of a target as it was requested, whatever it is. */
export function queryOf(target: string): URLSearchParams {
  const at = target.indexOf("?");
  return new URLSearchParams(at < 0 ? "" : target.slice(at + 1));
}

/** `nosniff`, because it may repeat what was asked. */
export function plainText(status: number, body: string): SourceAnswer {
  return {
    status,
    headers: { "Content-Type": "text/plain; charset=utf-8", "X-Content-Type-Options": "nosniff" },
    body,
  };
}
