// Delivers leads to a destination of kind `salesforce-web-to-lead`: one form per attempt, of which nobody learns what became.
import type { AnswerRule } from "../../../domain/destinations/answer-rules.ts";
import { deliveryId } from "../../../domain/destinations/delivery-message.ts";
import { formText } from "../../../domain/destinations/form-text.ts";
import type { HttpRequest } from "../../../outgoing/http-client.ts";
import type { SenderDeps } from "../destination-kind.ts";
import { showQuestion } from "../dialogue-preview.ts";
import { httpSender } from "../http-sender.ts";
import type { DeliveryMessage, Sender, ShownRequest } from "../sender.ts";
import { unrepeatableSender } from "../unrepeatable-sender.ts";
import type { WebToLeadDestination } from "./fields.ts";

const usualOrigin = "https://webto.salesforce.com";
const formPath = "/servlet/servlet.WebToLead?encoding=UTF-8";

/** 200 also where the organisation is a wrong one or a rule refuses the lead (help.salesforce.com 000005004, 000387310). */
const answers: readonly AnswerRule[] = [{ status: "2xx", outcome: "unproven" }];

export function open(destination: WebToLeadDestination, deps: SenderDeps): Sender {
  const url = originOf(destination).href;
  const sender = httpSender({ ...destination, url }, deps, formRequest, { answers });
  return unrepeatableSender(destination, sender, deps.nowMs);
}

export function preview(destination: WebToLeadDestination, message: DeliveryMessage): ShownRequest {
  return showQuestion(originOf(destination), formRequest(destination, message), () => ({}));
}

function originOf({ baseUrl }: WebToLeadDestination): URL {
  return new URL(baseUrl ?? usualOrigin);
}

function formRequest(
  { name, oid }: WebToLeadDestination,
  { runId, revision, mapped = {} }: DeliveryMessage,
): HttpRequest {
  const fields = mapped as Readonly<Record<string, unknown>>;
  return {
    method: "POST",
    path: formPath,
    headers: {
      "user-agent": "LeadLedger",
      "content-type": "application/x-www-form-urlencoded",
      "idempotency-key": deliveryId(runId, name, revision),
    },
    body: formText({ oid, ...fields }),
  };
}
