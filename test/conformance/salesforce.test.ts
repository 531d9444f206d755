import type { SalesforceDestination } from "../../src/kinds/destinations/salesforce/fields.ts";
import { salesforce } from "../../src/kinds/destinations/salesforce/kind.ts";
import { open } from "../../src/kinds/destinations/salesforce/transport.ts";
import type { WebToLeadDestination } from "../../src/kinds/destinations/salesforce-web-to-lead/fields.ts";
import { salesforceWebToLead } from "../../src/kinds/destinations/salesforce-web-to-lead/kind.ts";
import { open as openForm } from "../../src/kinds/destinations/salesforce-web-to-lead/transport.ts";
import { configured, json, startCrm } from "../support/crm-double.ts";
import type { CrmDouble } from "../support/crm-double.ts";
import type { SinkAnswer } from "../support/sink.ts";
import { describeAnswers } from "./answers.ts";
import { describeDestinationKind } from "./destination.ts";
import type { Receiver } from "./destination.ts";

const created = json(201, { id: "00QWs00000AbCdEMAV", success: true, errors: [], created: true });

const answers: Record<Receiver, SinkAnswer> = {
  accepts: created,
  refuses_for_good: json(400, [
    { message: "Email: invalid email address", errorCode: "INVALID_EMAIL_ADDRESS", fields: ["Email"] },
  ]),
  fails_for_now: json(503, [{ message: "Server Unavailable", errorCode: "SERVER_UNAVAILABLE" }]),
  wants_credentials: json(401, [{ message: "Session expired", errorCode: "INVALID_SESSION_ID" }]),
  hangs: { kind: "hang" },
  absent: { kind: "reset" },
};

const described = json(200, {
  fields: ["LastName", "Company", "LeadLedger_Run_Id__c"].map((name) => ({
    name,
    label: name,
    type: "string",
    createable: true,
    nillable: true,
    defaultedOnCreate: false,
    externalId: name.endsWith("__c"),
    unique: name.endsWith("__c"),
  })),
});

function destinationAt(double: CrmDouble, own: Readonly<Record<string, unknown>>): SalesforceDestination {
  return configured({
    kind: "salesforce",
    base_url: double.origin,
    oauth: { client_id: "leadledger", client_secret: "planted-client-secret" },
    map: { LastName: "/lead/name", Company: "/lead/company" },
    ...own,
  }) as SalesforceDestination;
}

describeDestinationKind(salesforce, async ({ receiver, timeoutMs, forbidden }) => {
  const double = await startCrm(({ method }) => (method === "GET" ? described : answers[receiver]));
  if (receiver === "absent") await double.close();
  const destination = destinationAt(double, { timeout: `${timeoutMs}ms`, allow_private: forbidden !== true });
  return {
    destination,
    sender: open(destination, { nowMs: Date.now }),
    received: () =>
      double.requests
        .filter(({ method }) => method === "PATCH")
        .map(({ path }) => `${path.split("/").at(-1)}:crm`),
    stop: () => double.close(),
  };
});

describeAnswers(salesforce, {
  async start(answer, timeoutMs) {
    const double = await startCrm(() => answer);
    const destination = destinationAt(double, { timeout: `${timeoutMs}ms` });
    return { sender: open(destination, { nowMs: Date.now }), stop: () => double.close() };
  },
  success: {
    status: 201,
    body: '{"id":"00QWs00000AbCdEMAV","success":true,"errors":[],"created":true}',
    verdict: "delivered",
  },
  bodyDecides: true,
  verdicts: {
    multi_status: "indeterminate",
    error_inside: "rejected",
    duplicate_as_500: "transient",
    conflict: "rejected",
    empty_202: "indeterminate",
    page: "configuration",
    throttled: [{ status: 429 }, "throttled"],
    plain_ok: "indeterminate",
  },
});

const formAnswers: Record<Receiver, SinkAnswer> = {
  ...answers,
  accepts: { kind: "answer", status: 200, body: "<html>" },
  wants_credentials: { kind: "answer", status: 403 },
};

function formDestinationAt(double: CrmDouble, own: Readonly<Record<string, unknown>>): WebToLeadDestination {
  return configured({
    kind: "salesforce-web-to-lead",
    base_url: double.origin,
    oid: "00D5g000000AbCd",
    map: { last_name: "/lead/name" },
    ...own,
  }) as WebToLeadDestination;
}

describeDestinationKind(salesforceWebToLead, async ({ receiver, timeoutMs, forbidden }) => {
  const double = await startCrm(() => formAnswers[receiver]);
  if (receiver === "absent") await double.close();
  const own = { timeout: `${timeoutMs}ms`, allow_private: forbidden !== true };
  const destination = formDestinationAt(double, own);
  return {
    destination,
    sender: openForm(destination, { nowMs: Date.now }),
    received: () => double.requests.map(({ headers }) => String(headers["idempotency-key"])),
    stop: () => double.close(),
  };
});

describeAnswers(salesforceWebToLead, {
  async start(answer, timeoutMs) {
    const double = await startCrm(() => answer);
    const destination = formDestinationAt(double, { timeout: `${timeoutMs}ms` });
    return { sender: openForm(destination, { nowMs: Date.now }), stop: () => double.close() };
  },
  success: { status: 200, headers: { "content-type": "text/html" }, body: "<html>", verdict: "unproven" },
  bodyDecides: false,
  verdicts: {
    multi_status: "unproven",
    error_inside: "unproven",
    duplicate_as_500: "transient",
    conflict: "rejected",
    empty_202: "unproven",
    page: "unproven",
    throttled: "throttled",
    plain_ok: "unproven",
  },
});
