import { googleSheets } from "../../src/kinds/destinations/google-sheets/kind.ts";
import { open } from "../../src/kinds/destinations/google-sheets/transport.ts";
import { sheetsDestination, startSheet } from "../support/google-sheets.ts";
import { json } from "../support/interface-double.ts";
import { mappedSender } from "../support/mapped-sender.ts";
import type { SinkAnswer } from "../support/sink.ts";
import { describeAnswers } from "./answers.ts";
import { describeDestinationKind } from "./destination.ts";
import type { Receiver } from "./destination.ts";

const google = (code: number, status: string): SinkAnswer =>
  json(code, { error: { code, status, message: "planted" } });

const answers: Record<Receiver, SinkAnswer | null> = {
  accepts: null,
  refuses_for_good: google(400, "INVALID_ARGUMENT"),
  fails_for_now: google(503, "UNAVAILABLE"),
  wants_credentials: google(403, "PERMISSION_DENIED"),
  hangs: { kind: "hang" },
  absent: null,
};

const rows = (): unknown[][] => [["Name", "LeadLedger ID"]];
const map = { Name: "/lead/name" };

describeDestinationKind(googleSheets, async ({ receiver, timeoutMs, forbidden }) => {
  const answer = answers[receiver];
  const double = await startSheet(rows(), ...(answer === null ? [] : [["POST", /:append/, answer] as const]));
  const destination = sheetsDestination(double.baseUrl, {
    map,
    timeoutMs,
    allowPrivate: forbidden !== true,
  });
  if (receiver === "absent") await double.sink.close();
  return {
    destination,
    sender: mappedSender(destination, open(destination, { nowMs: Date.now })),
    received: () =>
      double.bodies("POST", /:append/).map((body) => {
        const [[, runId] = []] = (body as { readonly values: readonly string[][] }).values;
        return `${String(runId)}:crm`;
      }),
    stop: () => double.sink.close(),
  };
});

describeAnswers(googleSheets, {
  success: {
    status: 200,
    headers: { "content-type": "application/json" },
    body: '{"updates":{"updatedRange":"Leads!A2"}}',
    verdict: "delivered",
  },
  bodyDecides: true,
  verdicts: {
    multi_status: "indeterminate",
    error_inside: "indeterminate",
    duplicate_as_500: "transient",
    conflict: "rejected",
    empty_202: "indeterminate",
    page: "configuration",
    throttled: [{ status: 429, body: '{"error":{"status":"RESOURCE_EXHAUSTED"}}' }, "throttled"],
    plain_ok: "indeterminate",
  },
  async start(answer, timeoutMs) {
    const double = await startSheet(rows(), ["POST", /:append/, answer]);
    const destination = sheetsDestination(double.baseUrl, { map, timeoutMs });
    return {
      sender: mappedSender(destination, open(destination, { nowMs: Date.now })),
      stop: () => double.sink.close(),
    };
  },
});
