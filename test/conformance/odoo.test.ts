import { odooFields } from "../../src/kinds/destinations/odoo/fields.ts";
import type { OdooDestination } from "../../src/kinds/destinations/odoo/fields.ts";
import { odoo } from "../../src/kinds/destinations/odoo/kind.ts";
import { open } from "../../src/kinds/destinations/odoo/transport.ts";
import { json, startInterface } from "../support/interface-double.ts";
import { mappedSender, sendingDefaults } from "../support/mapped-sender.ts";
import { presetMap } from "../support/preset-map.ts";
import type { SinkAnswer } from "../support/sink.ts";
import { describeAnswers } from "./answers.ts";
import { describeDestinationKind } from "./destination.ts";
import type { Receiver } from "./destination.ts";

const create = "/json/2/crm.lead/create";
const refusal = (status: number, name: string): SinkAnswer =>
  json(status, { name, message: "planted", arguments: [], context: {}, debug: "Traceback" });

const answers: Record<Receiver, SinkAnswer> = {
  accepts: json(200, [142]),
  refuses_for_good: refusal(422, "odoo.exceptions.ValidationError"),
  fails_for_now: refusal(500, "builtins.MemoryError"),
  wants_credentials: refusal(401, "werkzeug.exceptions.Unauthorized"),
  hangs: { kind: "hang" },
  absent: { kind: "reset" },
};

const destinationAt = (url: string, timeoutMs: number): OdooDestination => ({
  ...sendingDefaults,
  kind: odoo.kind,
  url,
  token: "planted-odoo-key",
  map: presetMap(odooFields),
  runIdField: "x_run_id",
  timeoutMs,
});

const fields = json(200, { name: { type: "char" }, contact_name: {}, x_run_id: { type: "char" }, phone: {} });

describeDestinationKind(odoo, async ({ receiver, timeoutMs, forbidden }) => {
  const double = await startInterface(
    ["POST", create, answers[receiver]],
    ["POST", "/json/2/crm.lead/fields_get", fields],
  );
  const destination = {
    ...destinationAt(double.baseUrl, timeoutMs),
    map: { name: "/lead/name" },
    allowPrivate: forbidden !== true,
  };
  if (receiver === "absent") await double.sink.close();
  return {
    destination,
    sender: mappedSender(destination, open(destination, { nowMs: Date.now })),
    received: () =>
      double.bodies("POST", create).map((body) => {
        const {
          vals_list: [values],
        } = body as { readonly vals_list: readonly { readonly x_run_id: string }[] };
        return `${String(values?.x_run_id)}:crm`;
      }),
    stop: () => double.sink.close(),
  };
});

describeAnswers(odoo, {
  success: { status: 200, body: "[142]", verdict: "delivered" },
  bodyDecides: true,
  verdicts: {
    multi_status: "indeterminate",
    error_inside: [
      { status: 200, body: '{"error":{"data":{"name":"odoo.exceptions.UserError","message":"no"}}}' },
      "rejected",
    ],
    duplicate_as_500: "transient",
    conflict: "rejected",
    empty_202: "indeterminate",
    page: "configuration",
    throttled: "throttled",
    plain_ok: "indeterminate",
  },
  async start(answer, timeoutMs) {
    const double = await startInterface(["POST", create, answer]);
    const destination = destinationAt(double.baseUrl, timeoutMs);
    return {
      sender: mappedSender(destination, open(destination, { nowMs: Date.now })),
      stop: () => double.sink.close(),
    };
  },
});
