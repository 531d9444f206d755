// Leads in Odoo over JSON-2: what is written, how a repeat is found, and what Odoo's answers mean.
import { afterEach, describe, expect, it } from "vitest";
import { checkDestination } from "../../../../src/config/check-part.ts";
import { builtInKinds } from "../../../../src/kinds/kinds.ts";
import { technicalName } from "../../../../src/kinds/destinations/odoo/crm-fields.ts";
import { odooFields } from "../../../../src/kinds/destinations/odoo/fields.ts";
import type { OdooDestination } from "../../../../src/kinds/destinations/odoo/fields.ts";
import { odoo } from "../../../../src/kinds/destinations/odoo/kind.ts";
import { open } from "../../../../src/kinds/destinations/odoo/transport.ts";
import { neverAborted } from "../../../support/http-destination.ts";
import { json, startInterface } from "../../../support/interface-double.ts";
import type { InterfaceDouble, Route } from "../../../support/interface-double.ts";
import { leadFor, sendingDefaults } from "../../../support/mapped-sender.ts";
import type { SentLead } from "../../../support/mapped-sender.ts";
import { presetMap } from "../../../support/preset-map.ts";

const doubles: InterfaceDouble[] = [];
afterEach(async () => {
  await Promise.all(doubles.splice(0).map(({ sink }) => sink.close()));
});

const api = "/json/2/crm.lead";
const created: Route = ["POST", `${api}/create`, json(200, [142])];
const found = (...ids: readonly number[]): Route => ["POST", `${api}/search`, json(200, ids)];
const written: Route = ["POST", `${api}/write`, json(200, true)];
const byPhone = { name: "Erika Muster", phone: "+49 221 4710812", message: "1 < 2\nBitte <b>bald</b>" };

async function crm(own: Partial<OdooDestination>, ...routes: readonly Route[]) {
  const double = await startInterface(...routes);
  doubles.push(double);
  const destination: OdooDestination = {
    ...sendingDefaults,
    kind: odoo.kind,
    url: double.baseUrl,
    token: "planted-key",
    map: presetMap(odooFields),
    runIdField: "x_run_id",
    ...own,
  };
  const sender = open(destination, { nowMs: Date.now });
  const attempt = (lead: object, sent: SentLead = {}) =>
    sender.attempt(leadFor(destination, lead, sent), neverAborted);
  return { double, sender, attempt };
}

describe("a lead in Odoo", () => {
  it("without an e-mail address is created, with its id and a link", async () => {
    const { double, attempt } = await crm({ database: "production" }, created);
    const { outcome } = await attempt(byPhone, { runId: "run-1" });
    expect(outcome).toEqual({
      kind: "delivered",
      httpStatus: 200,
      receipt: { remoteId: "142", remoteUrl: `${double.baseUrl}/odoo/crm.lead/142` },
    });
    expect(double.bodies("POST", api)).toEqual([
      {
        vals_list: [
          {
            name: "Erika Muster",
            contact_name: "Erika Muster",
            phone: "+492214710812",
            description: "1 &lt; 2<br>Bitte &lt;b&gt;bald&lt;/b&gt;",
            x_run_id: "run-1",
          },
        ],
      },
    ]);
    expect(double.sink.requests[0]?.headers).toMatchObject({
      authorization: "bearer planted-key",
      "x-odoo-database": "production",
    });
  });

  it("is searched before a repeat is created, also among lost leads", async () => {
    const { double, attempt } = await crm({}, found(142), created);
    expect((await attempt(byPhone, { runId: "run-1", attempt: 2 })).outcome).toMatchObject({
      kind: "delivered",
      receipt: { remoteId: "142", duplicate: "same_delivery" },
    });
    expect(double.bodies("POST", `${api}/search`)).toEqual([
      { domain: [["x_run_id", "=", "run-1"]], limit: 1, context: { active_test: false } },
    ]);
    expect(double.calls()).toEqual([`POST ${api}/search`]);
  });

  it("that did not arrive the first time is created by the repeat", async () => {
    const { double, attempt } = await crm({}, found(), created);
    expect((await attempt(byPhone, { attempt: 2 })).outcome).toMatchObject({ receipt: { remoteId: "142" } });
    expect(double.calls()).toEqual([`POST ${api}/search`, `POST ${api}/create`]);
  });

  it("that was changed changes its own record, and empties what it no longer says", async () => {
    const { double, attempt } = await crm({}, found(142), written);
    const { outcome } = await attempt({ name: "Erika" }, { runId: "run-1", revision: 1 });
    expect(outcome).toMatchObject({ kind: "delivered", receipt: { remoteId: "142" } });
    expect(double.bodies("POST", `${api}/write`)).toEqual([
      {
        ids: [142],
        vals: expect.objectContaining({ name: "Erika", phone: false, x_run_id: "run-1" }) as unknown,
      },
    ]);
  });

  it("has its id in the notes where Odoo has no field for it", async () => {
    const { double, attempt } = await crm({ runIdField: "description" }, found(), created);
    await attempt({ name: "Erika", message: "Hallo" }, { runId: "run-1", attempt: 2 });
    expect(double.bodies("POST", `${api}/search`)).toMatchObject([
      { domain: [["description", "ilike", "LeadLedger [run-1]"]] },
    ]);
    expect(double.bodies("POST", `${api}/create`)).toMatchObject([
      { vals_list: [{ description: "Hallo<br><br>LeadLedger [run-1]" }] },
    ]);
  });
});

const refusal = (status: number, name: string, message: string) =>
  json(status, { name, message, arguments: [message], context: {}, debug: "Traceback: planted" });

describe("what Odoo answers", () => {
  it.each([
    [refusal(401, "werkzeug.exceptions.Unauthorized", "Invalid apikey"), "destination_auth"],
    [refusal(403, "odoo.exceptions.AccessError", "You are not allowed"), "destination_auth"],
    [refusal(422, "odoo.exceptions.ValidationError", "The number is invalid"), "destination_rejected"],
    [
      refusal(500, "builtins.ValueError", "Invalid field 'x_run_id' in 'crm.lead'"),
      "destination_configuration",
    ],
    [refusal(404, "werkzeug.exceptions.NotFound", "the model does not exist"), "destination_configuration"],
    [refusal(500, "psycopg2.errors.SerializationFailure", "could not serialize"), "destination_error"],
    [
      refusal(500, "psycopg2.errors.NotNullViolation", "Failing row contains (7, planted@example.com)"),
      "destination_rejected",
    ],
    [json(200, { error: { code: 200, data: { name: "odoo.exceptions.AccessDenied" } } }), "destination_auth"],
    [json(200, { error: { code: 200, message: "Odoo Server Error" } }), "destination_error"],
    [json(200, []), "destination_indeterminate"],
  ])("%j is %s, and nobody sees a traceback", async (answer, code) => {
    const { attempt } = await crm({}, ["POST", `${api}/create`, answer]);
    const result = await attempt(byPhone);
    expect(result.outcome).toMatchObject({ kind: "failed", code });
    expect(JSON.stringify(result.outcome)).not.toContain("planted");
    expect(JSON.stringify(result)).not.toContain("Traceback");
    expect(result.response?.bodyExcerpt).not.toBe("");
  });
});

const described = {
  name: { string: "Opportunity", type: "char", required: true, readonly: false },
  type: { string: "Type", type: "selection", required: true, readonly: false, selection: [["lead", "Lead"]] },
  phone: { string: "Phone", type: "char", required: false, readonly: false },
  create_date: { string: "Created on", type: "datetime", required: false, readonly: true },
};

describe("Odoo's fields", () => {
  it("are offered with their labels and options, but for those that nobody may write", async () => {
    const { sender } = await crm({}, ["POST", `${api}/fields_get`, json(200, described)]);
    expect(await sender.fields?.()).toEqual({
      kind: "fields",
      fields: [
        { target: "name", label: "Opportunity", type: "text", isRequired: true },
        {
          target: "type",
          label: "Type",
          type: "choice",
          isRequired: false,
          options: [{ value: "lead", label: "Lead" }],
        },
        { target: "phone", label: "Phone", type: "text", isRequired: false },
      ],
    });
  });

  it("miss the one for the id: the probe says so before a lead meets it", async () => {
    const { sender } = await crm({}, ["POST", `${api}/fields_get`, json(200, {})]);
    expect(await sender.probe()).toMatchObject({ reachable: false, code: "destination_configuration" });
  });

  it("can be created", async () => {
    const { double, sender } = await crm(
      {},
      ["POST", "/json/2/ir.model/search", json(200, [77])],
      ["POST", "/json/2/ir.model.fields/create", json(200, [900])],
    );
    expect(await sender.createField?.({ label: "x_run_id", type: "text" })).toMatchObject({
      kind: "created",
      field: { target: "x_run_id" },
    });
    expect(double.bodies("POST", "/json/2/ir.model.fields")).toEqual([
      {
        vals_list: [
          { name: "x_run_id", field_description: "x_run_id", model_id: 77, ttype: "char", state: "manual" },
        ],
      },
    ]);
    expect(technicalName("Gewünschter Termin!")).toBe("x_gewu_nschter_termin");
  });
});

describe("the end of Odoo's key", () => {
  const around = { sources: [], destinations: [], timezone: "UTC", rejectBodySchema: () => null };
  const warningsWith = (keyExpires: string) => {
    const entry = {
      kind: "odoo",
      url: "https://example.odoo.com",
      token: "a-key-of-some-length",
      key_expires: keyExpires,
    };
    const checked = checkDestination("crm", entry, around, builtInKinds);
    return checked.ok
      ? checked.warnings.map(({ said }) => said.code)
      : checked.problems.map(({ said }) => said.code);
  };
  const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

  it("is warned of from 14 days before", () => {
    expect(warningsWith(inDays(60))).toEqual([]);
    expect(warningsWith(inDays(10))).toEqual(["key_ends"]);
    expect(warningsWith(inDays(-1))).toEqual(["key_ends"]);
  });
});
