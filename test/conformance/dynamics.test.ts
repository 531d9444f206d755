import type { DynamicsDestination } from "../../src/kinds/destinations/dynamics/fields.ts";
import { dynamics } from "../../src/kinds/destinations/dynamics/kind.ts";
import { open } from "../../src/kinds/destinations/dynamics/transport.ts";
import { configured, json, startCrm } from "../support/crm-double.ts";
import type { CrmDouble } from "../support/crm-double.ts";
import type { SinkAnswer } from "../support/sink.ts";
import { describeAnswers } from "./answers.ts";
import { describeDestinationKind } from "./destination.ts";
import type { Receiver } from "./destination.ts";

const recordId = "5b5e2f2a-0001-4a4a-9a9a-00000000000a";
const entity = { "odata-entityid": `https://acme.crm4.dynamics.com/api/data/v9.2/leads(${recordId})` };
const refused = (status: number, code: string) => json(status, { error: { code, message: "said" } });

const answers: Record<Receiver, SinkAnswer> = {
  accepts: { kind: "answer", status: 204, headers: entity },
  refuses_for_good: refused(400, "0x80044331"),
  fails_for_now: refused(503, "0x80072ee2"),
  wants_credentials: refused(403, "0x80040220"),
  hangs: { kind: "hang" },
  absent: { kind: "reset" },
};

function destinationAt(double: CrmDouble, own: Readonly<Record<string, unknown>>): DynamicsDestination {
  return configured({
    kind: "dynamics",
    base_url: double.origin,
    oauth: {
      tenant: "acme",
      client_id: "leadledger",
      client_secret: "planted-client-secret",
      token_url: `${double.origin}/acme/oauth2/v2.0/token`,
    },
    map: { lastname: "/lead/name" },
    ...own,
  }) as DynamicsDestination;
}

const column = { LogicalName: "lastname", AttributeType: "String", IsValidForCreate: true };

describeDestinationKind(dynamics, async ({ receiver, timeoutMs, forbidden }) => {
  const double = await startCrm(({ method }) =>
    method === "GET" ? json(200, { value: [column] }) : answers[receiver],
  );
  if (receiver === "absent") await double.close();
  const destination = destinationAt(double, { timeout: `${timeoutMs}ms`, allow_private: forbidden !== true });
  return {
    destination,
    sender: open(destination, { nowMs: Date.now }),
    received: () =>
      double.requests
        .filter(({ method }) => method === "PATCH")
        .map(({ path }) => `${/\((.*)\)/.exec(path)?.[1] ?? ""}:crm`),
    stop: () => double.close(),
  };
});

describeAnswers(dynamics, {
  async start(answer, timeoutMs) {
    const double = await startCrm(({ method }) =>
      method === "PATCH" ? answer : json(404, { error: { code: "0x80060891", message: "not there" } }),
    );
    const destination = destinationAt(double, { timeout: `${timeoutMs}ms`, known_person: "count" });
    return { sender: open(destination, { nowMs: Date.now }), stop: () => double.close() };
  },
  success: { status: 201, body: `{"leadid":"${recordId}"}`, verdict: "delivered" },
  bodyDecides: true,
  verdicts: {
    multi_status: "indeterminate",
    error_inside: "indeterminate",
    duplicate_as_500: [
      { status: 500, body: '{"error":{"code":"0x80040333","message":"said"}}' },
      "known_person",
    ],
    conflict: "rejected",
    empty_202: "indeterminate",
    page: "configuration",
    throttled: [{ status: 429, body: '{"error":{"code":"0x80072322","message":"said"}}' }, "throttled"],
    plain_ok: "indeterminate",
  },
});
