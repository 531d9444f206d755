// For receivers that take every repeat for a new record: one that may be there twice is marked.
import { deliveryId } from "../../domain/destinations/delivery-message.ts";
import type { Outcome } from "../../domain/destinations/outcome.ts";
import { rememberRepeats } from "./repeats.ts";
import type { Sender } from "./sender.ts";

/** `sender`: of one request per attempt. */
export function unrepeatableSender(
  { name }: { readonly name: string },
  sender: Sender,
  nowMs: () => number,
): Sender {
  const repeats = rememberRepeats(nowMs);
  return {
    async attempt(message, signal) {
      const id = deliveryId(message.runId, name, message.revision);
      const attempt = repeats.begin(id, message.attempt);
      attempt.sending();
      const { outcome, durationMs, response } = await sender.attempt(message, signal);
      if (isRefusal(outcome)) attempt.refused();
      if (outcome.kind === "failed") return { outcome, durationMs, response };
      return { outcome: marked(outcome, attempt.delivered() !== null), durationMs, response };
    },
    probe: () => sender.probe(),
    close: () => sender.close(),
  };
}

const neverSent: ReadonlySet<string> = new Set([
  "destination_dns",
  "destination_connect",
  "destination_tls",
  "destination_address_forbidden",
  "destination_misconfigured",
]);

/** Whether it is certain that no record was made. */
function isRefusal(outcome: Outcome): boolean {
  if (outcome.kind === "delivered") return false;
  if (outcome.httpStatus === null) return neverSent.has(outcome.code);
  return outcome.code !== "destination_indeterminate" && outcome.httpStatus < 500;
}

function marked(outcome: Extract<Outcome, { kind: "delivered" }>, maybeTwice: boolean): Outcome {
  return maybeTwice ? { ...outcome, receipt: { ...outcome.receipt, maybeTwice } } : outcome;
}
