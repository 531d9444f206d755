import type { ZohoDestination } from "../../src/kinds/destinations/zoho/fields.ts";
import { zoho } from "../../src/kinds/destinations/zoho/kind.ts";
import { open } from "../../src/kinds/destinations/zoho/transport.ts";
import { configured, json, startCrm } from "../support/crm-double.ts";
import type { CrmDouble } from "../support/crm-double.ts";
import type { SinkAnswer } from "../support/sink.ts";
import { describeAnswers } from "./answers.ts";
import { describeDestinationKind } from "./destination.ts";
import type { Receiver } from "./destination.ts";

const success = { code: "SUCCESS", action: "insert", status: "success", details: { id: "7001" } };

const answers: Record<Receiver, SinkAnswer> = {
  accepts: json(201, { data: [success] }),
  refuses_for_good: json(202, { data: [{ code: "INVALID_DATA", status: "error", details: {} }] }),
  fails_for_now: json(500, { code: "INTERNAL_ERROR", status: "error", details: {} }),
  wants_credentials: json(401, { code: "INVALID_TOKEN", status: "error", details: {} }),
  hangs: { kind: "hang" },
  absent: { kind: "reset" },
};

function destinationAt(double: CrmDouble, own: Readonly<Record<string, unknown>>): ZohoDestination {
  return configured({
    kind: "zoho",
    base_url: double.origin,
    oauth: {
      client_id: "leadledger",
      client_secret: "planted-client-secret",
      refresh_token: "planted-refresh-token",
      token_url: `${double.origin}/oauth/v2/token`,
    },
    map: { Last_Name: "/lead/name" },
    ...own,
  }) as ZohoDestination;
}

describeDestinationKind(zoho, async ({ receiver, timeoutMs, forbidden }) => {
  const fields = [{ api_name: "Last_Name", field_label: "Last name", data_type: "text" }];
  let attempts = 0;
  const double = await startCrm(({ method }) => {
    if (method === "GET") return json(200, { fields });
    attempts += 1;
    return answers[receiver];
  });
  if (receiver === "absent") await double.close();
  const destination = destinationAt(double, { timeout: `${timeoutMs}ms`, allow_private: forbidden !== true });
  const sender = open(destination, { nowMs: Date.now });
  const sent: string[] = [];
  return {
    destination,
    sender: {
      ...sender,
      attempt(message, signal) {
        const before = attempts;
        const ended = sender.attempt(message, signal);
        return ended.finally(() => {
          if (attempts > before) sent.push(`${message.runId}:crm`);
        });
      },
    },
    received: () => sent,
    stop: () => double.close(),
  };
});

describeAnswers(zoho, {
  async start(answer, timeoutMs) {
    const double = await startCrm(() => answer);
    const destination = destinationAt(double, { timeout: `${timeoutMs}ms` });
    return { sender: open(destination, { nowMs: Date.now }), stop: () => double.close() };
  },
  success: { status: 200, body: JSON.stringify({ data: [success] }), verdict: "delivered" },
  bodyDecides: true,
  verdicts: {
    multi_status: [
      { status: 207, body: '{"data":[{"code":"MANDATORY_NOT_FOUND","status":"error","details":{}}]}' },
      "rejected",
    ],
    error_inside: [
      { status: 200, body: '{"data":[{"code":"INVALID_DATA","status":"error","details":{}}]}' },
      "rejected",
    ],
    duplicate_as_500: "transient",
    conflict: "rejected",
    empty_202: "indeterminate",
    page: "configuration",
    throttled: [{ status: 429, body: '{"code":"TOO_MANY_REQUESTS","status":"error"}' }, "throttled"],
    plain_ok: "indeterminate",
  },
});
