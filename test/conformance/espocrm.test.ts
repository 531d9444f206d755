import { espocrmFields } from "../../src/kinds/destinations/espocrm/fields.ts";
import type { EspocrmDestination } from "../../src/kinds/destinations/espocrm/fields.ts";
import { espocrm } from "../../src/kinds/destinations/espocrm/kind.ts";
import { open } from "../../src/kinds/destinations/espocrm/transport.ts";
import { json, startInterface } from "../support/interface-double.ts";
import { mappedSender, sendingDefaults } from "../support/mapped-sender.ts";
import { presetMap } from "../support/preset-map.ts";
import type { SinkAnswer } from "../support/sink.ts";
import { describeAnswers } from "./answers.ts";
import { describeDestinationKind } from "./destination.ts";
import type { Receiver } from "./destination.ts";

const lead = "/api/v1/Lead";
const answers: Record<Receiver, SinkAnswer> = {
  accepts: json(200, { id: "5f1" }),
  refuses_for_good: json(400, {}, { "x-status-reason": "validationFailure" }),
  fails_for_now: json(502, {}),
  wants_credentials: json(403, {}),
  hangs: { kind: "hang" },
  absent: { kind: "reset" },
};

const destinationAt = (url: string, timeoutMs: number): EspocrmDestination => ({
  ...sendingDefaults,
  kind: espocrm.kind,
  url,
  way: "api",
  token: "planted-espo-key",
  map: presetMap(espocrmFields),
  knownPerson: "note",
  language: "de",
  runIdField: "cRunId",
  timeoutMs,
});

describeDestinationKind(espocrm, async ({ receiver, timeoutMs, forbidden }) => {
  const double = await startInterface(
    ["POST", lead, answers[receiver]],
    ["GET", "/api/v1/Metadata", json(200, { lastName: { type: "varchar", required: true } })],
  );
  const destination = {
    ...destinationAt(double.baseUrl, timeoutMs),
    map: { lastName: "/lead/name" },
    allowPrivate: forbidden !== true,
  };
  if (receiver === "absent") await double.sink.close();
  return {
    destination,
    sender: mappedSender(destination, open(destination, { nowMs: Date.now })),
    received: () =>
      double.bodies("POST", lead).map((body) => `${(body as { readonly cRunId: string }).cRunId}:crm`),
    stop: () => double.sink.close(),
  };
});

describeAnswers(espocrm, {
  success: { status: 200, body: '{"id":"5f1"}', verdict: "delivered" },
  bodyDecides: true,
  verdicts: {
    multi_status: "indeterminate",
    error_inside: "indeterminate",
    duplicate_as_500: "transient",
    conflict: [
      { status: 409, headers: { "x-status-reason": "duplicate" }, body: '[{"id":"5f1"}]' },
      "added_to_person",
    ],
    empty_202: "indeterminate",
    page: "configuration",
    throttled: "throttled",
    plain_ok: "indeterminate",
  },
  async start(answer, timeoutMs) {
    const double = await startInterface(
      ["POST", lead, answer],
      ["POST", "/api/v1/Note", json(200, { id: "n1" })],
    );
    const destination = destinationAt(double.baseUrl, timeoutMs);
    return {
      sender: mappedSender(destination, open(destination, { nowMs: Date.now })),
      stop: () => double.sink.close(),
    };
  },
});
