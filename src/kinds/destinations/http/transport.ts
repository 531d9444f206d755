// Delivers leads to a destination of kind `http`: one POST per attempt (docs/contract.md, Outgoing requests).
import type { SenderDeps } from "../destination-kind.ts";
import { httpSender } from "../http-sender.ts";
import type { DeliveryMessage, Sender, ShownRequest } from "../sender.ts";
import type { HttpDestination } from "./fields.ts";
import { deliveryRequest, showRequest } from "./request.ts";

/** Throws TypeError when the URL cannot be parsed: configuration has seen to that before. */
export function open(destination: HttpDestination, deps: SenderDeps): Sender {
  return httpSender(destination, deps, deliveryRequest);
}

export function preview(destination: HttpDestination, message: DeliveryMessage, nowMs: number): ShownRequest {
  return showRequest(deliveryRequest(destination, message, nowMs), destination);
}
