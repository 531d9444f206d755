// Delivers leads to a destination of kind `http`: one request per attempt (docs/contract.md, Outgoing requests).
import type { SenderDeps } from "../destination-kind.ts";
import { httpSender } from "../http-sender.ts";
import type { DeliveryMessage, Sender, ShownRequest } from "../sender.ts";
import type { HttpDestination } from "./fields.ts";
import { answersKnownOf } from "./known-receivers.ts";
import { openAccessTokens } from "../oauth2/access-tokens.ts";
import { deliveryRequest, showRequest } from "./request.ts";

/** Throws TypeError when the URL cannot be parsed: configuration has seen to that before. */
export function open(destination: HttpDestination, deps: SenderDeps): Sender {
  const { auth } = destination;
  const tokens = auth.kind === "oauth2" ? openAccessTokens(destination, auth, deps) : undefined;
  const answers = answersKnownOf(new URL(destination.url));
  return httpSender(destination, deps, deliveryRequest, { answers, tokens });
}

export function preview(destination: HttpDestination, message: DeliveryMessage, nowMs: number): ShownRequest {
  return showRequest(deliveryRequest(destination, message, nowMs), destination);
}
