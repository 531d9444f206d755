// Delivers leads to a destination of kind `lead-buyer`: one request each. Buyers know no repeats of ours: a lead that may have
// been offered twice is marked.
import { deliveryId, isReservedHeader } from "../../../domain/destinations/delivery-message.ts";
import { formText } from "../../../domain/destinations/form-text.ts";
import type { Outcome } from "../../../domain/destinations/outcome.ts";
import { masked } from "../../../domain/destinations/shown-address.ts";
import { scalarText } from "../../../domain/values/comparison.ts";
import { writeExactly } from "../../../domain/values/exact-json.ts";
import { valueAtPointer } from "../../../domain/values/json-pointer.ts";
import type { HttpRequest } from "../../../outgoing/http-client.ts";
import type { SenderDeps } from "../destination-kind.ts";
import { dialogueSender } from "../dialogue.ts";
import type { Ask, Reply } from "../dialogue.ts";
import { showQuestion } from "../dialogue-preview.ts";
import { unrepeatableSender } from "../unrepeatable-sender.ts";
import type { DeliveryMessage, Sender, ShownRequest } from "../sender.ts";
import { recordOf } from "../written-record.ts";
import { buyerAnswers } from "./answers.ts";
import type { LeadBuyerDestination } from "./fields.ts";

export function open(destination: LeadBuyerDestination, deps: SenderDeps): Sender {
  const answers = buyerAnswers(destination);
  const sender = dialogueSender(destination, deps, {
    origin: new URL(destination.url),
    prove: () => ownHeaders(destination),
    deliver: async (message, ask) => priced(destination, await offer(destination, message, ask)),
  });
  return unrepeatableSender(destination, sender, deps.nowMs);

  function offer(to: LeadBuyerDestination, message: DeliveryMessage, ask: Ask): Promise<Reply> {
    return ask({ request: offerRequest(to, message), answers, isHandover: true });
  }
}

/** Of the address only what is no secret. */
export function preview(destination: LeadBuyerDestination, message: DeliveryMessage): ShownRequest {
  const request = { ...offerRequest(destination, message), path: `/${masked}` };
  return showQuestion(new URL(destination.url), request, () => mask(ownHeaders(destination)));
}

function offerRequest(destination: LeadBuyerDestination, message: DeliveryMessage): HttpRequest {
  const { url, content, name } = destination;
  const { pathname, search } = new URL(url);
  const record = recordOf(message);
  const isForm = content === "form";
  return {
    method: "POST",
    path: pathname + search,
    headers: {
      "user-agent": "LeadLedger",
      accept: "application/json",
      "content-type": isForm ? "application/x-www-form-urlencoded" : "application/json",
      "idempotency-key": deliveryId(message.runId, name, message.revision),
    },
    body: isForm ? formText(record) : writeExactly(record),
  };
}

function ownHeaders({ headers }: LeadBuyerDestination): Readonly<Record<string, string>> {
  const own = Object.entries(headers).filter(([name]) => !isReservedHeader(name));
  return Object.fromEntries(own.map(([name, value]) => [name.toLowerCase(), value]));
}

function mask(headers: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.keys(headers).map((name) => [name, masked]));
}

function priced({ price }: LeadBuyerDestination, { outcome, json }: Reply): Outcome {
  const said = scalarText(valueAtPointer(json, price)) ?? "";
  if (outcome.kind === "failed" || said === "") return outcome;
  return { ...outcome, receipt: { ...outcome.receipt, warning: `price: ${said}` } };
}
