import { hubspot } from "../../src/kinds/destinations/hubspot/kind.ts";
import { hubspotTransport } from "../../src/kinds/destinations/hubspot/transport.ts";
import { hubspotDestination, startHubspotDouble } from "../support/hubspot-double.ts";
import type { DoubleAnswer } from "../support/json-double.ts";
import { mappedSender } from "../support/mapped-sender.ts";
import { describeAnswers } from "./answers.ts";
import { describeDestinationKind } from "./destination.ts";
import type { Receiver } from "./destination.ts";

const upsert = "POST /crm/objects/2026-03/contacts/batch/upsert";

const answers: Record<Receiver, DoubleAnswer | null> = {
  accepts: null,
  refuses_for_good: { kind: "answer", status: 400, body: '{"category":"VALIDATION_ERROR"}\u0000' },
  fails_for_now: [502],
  wants_credentials: [401, { category: "INVALID_AUTHENTICATION" }],
  hangs: { kind: "hang" },
  absent: { kind: "reset" },
};

/** Of every lead, so that it is found by it. */
const map = { email: { constant: "erika@example.com" }, lastname: "/lead/name" } as const;

describeDestinationKind(hubspot, async ({ receiver, timeoutMs, forbidden }) => {
  const double = await startHubspotDouble();
  const answer = answers[receiver];
  if (answer !== null) double.instead(upsert, answer);
  if (receiver === "absent") await double.close();
  const destination = hubspotDestination(double.url, { map, timeoutMs, allowPrivate: forbidden !== true });
  return {
    destination,
    sender: mappedSender(destination, hubspotTransport.open(destination, { nowMs: Date.now })),
    received: () =>
      double.asked.flatMap(({ method, path, json }) => {
        const { inputs } = (json ?? {}) as { readonly inputs?: readonly { objectWriteTraceId?: string }[] };
        if (`${method} ${path}` !== upsert) return [];
        return (inputs ?? []).map(({ objectWriteTraceId: runId }) => `${runId}:crm`);
      }),
    stop: () => double.close(),
  };
});

describeAnswers(hubspot, {
  async start(answer, timeoutMs) {
    const double = await startHubspotDouble();
    double.contacts.push({ id: "7", properties: { email: "erika@example.com" }, notes: [] });
    double.instead(upsert, answer);
    const destination = hubspotDestination(double.url, { map, timeoutMs });
    return {
      sender: mappedSender(destination, hubspotTransport.open(destination, { nowMs: Date.now })),
      stop: () => double.close(),
    };
  },
  success: {
    status: 200,
    headers: { "content-type": "application/json" },
    body: '{"status":"COMPLETE","results":[{"id":"101","new":true,"properties":{}}]}',
    verdict: "delivered",
  },
  bodyDecides: true,
  verdicts: {
    multi_status: [
      {
        status: 207,
        body: '{"status":"COMPLETE","results":[],"errors":[{"category":"VALIDATION_ERROR"}],"numErrors":1}',
      },
      "rejected",
    ],
    error_inside: [{ status: 200, body: '{"status":"COMPLETE","results":[]}' }, "indeterminate"],
    duplicate_as_500: "transient",
    // The contact that is there gets the enquiry as a note.
    conflict: [
      { status: 409, body: '{"category":"CONFLICT","context":{"existingId":["7"]}}' },
      "added_to_person",
    ],
    empty_202: "indeterminate",
    page: "configuration",
    throttled: "throttled",
    plain_ok: "indeterminate",
  },
});
