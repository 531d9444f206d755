// What Zoho CRM answers, and what becomes of a person whom it knows: against a double with the shapes of its API.
import { afterEach, describe, expect, it } from "vitest";
import type { ZohoDestination } from "../../../src/kinds/destinations/zoho/fields.ts";
import { open } from "../../../src/kinds/destinations/zoho/transport.ts";
import type { Sender } from "../../../src/kinds/destinations/sender.ts";
import { configured, json, mappedMessage, startCrm } from "../../support/crm-double.ts";
import type { CrmDouble } from "../../support/crm-double.ts";
import { neverAborted } from "../../support/http-destination.ts";
import type { SinkAnswer, SinkRequest } from "../../support/sink.ts";

const opened: { readonly double: CrmDouble; readonly sender: Sender }[] = [];

afterEach(async () => {
  for (const { double, sender } of opened.splice(0)) {
    await sender.close();
    await double.close();
  }
});

async function zoho(
  answer: (request: SinkRequest) => SinkAnswer,
  own: Readonly<Record<string, unknown>> = {},
) {
  const double = await startCrm(answer);
  const destination = configured({
    kind: "zoho",
    base_url: double.origin,
    oauth: {
      client_id: "1000.app",
      client_secret: "planted-secret",
      refresh_token: "planted-refresh",
      token_url: `${double.origin}/oauth/v2/token`,
    },
    ...own,
  }) as ZohoDestination;
  const sender = open(destination, { nowMs: Date.now });
  opened.push({ double, sender });
  return { double, destination, sender };
}

const person = { name: "Erika Muster", email: "erika@example.com", message: "Bitte um Angebot" };
const byPhone = { name: "Erika Muster", phone: "0221 4710812", message: "Bitte um Rückruf" };
const receivedBefore = "2020-01-01T10:00:00+01:00";
const receivedAfter = "2026-07-15T14:00:01+02:00";
const verdict = (code: string, own: object = {}) => ({ code, details: {}, message: "said by Zoho", ...own });
const success = (action: string, createdAt = receivedAfter) =>
  json(200, {
    data: [
      verdict("SUCCESS", { status: "success", action, details: { id: "7001", Created_Time: createdAt } }),
    ],
  });
const failed = (status: number, code: string, details: object = {}) =>
  json(status, { data: [verdict(code, { status: "error", details })] });
const whole = (status: number, code: string, headers: Readonly<Record<string, string>> = {}) =>
  json(status, verdict(code, { status: "error" }), headers);
const noteMade = json(201, { data: [verdict("SUCCESS", { status: "success", details: { id: "9001" } })] });

interface Zoho {
  readonly found?: readonly object[];
  readonly notes?: readonly object[];
  readonly note?: SinkAnswer;
}

const crm =
  (record: SinkAnswer, { found = [], notes = [], note = noteMade }: Zoho = {}) =>
  ({ method, path }: SinkRequest): SinkAnswer => {
    const list = (data: readonly object[]): SinkAnswer =>
      data.length === 0 ? { kind: "answer", status: 204 } : json(200, { data });
    if (path.includes("/search?")) return list(found);
    if (path.includes("/Notes")) return method === "GET" ? list(notes) : note;
    return record;
  };

describe("a lead in Zoho CRM", () => {
  it("is one upsert by its e-mail address", async () => {
    const { double, destination, sender } = await zoho(crm(success("insert")));
    const { outcome } = await sender.attempt(mappedMessage(destination, person), neverAborted);
    expect(outcome).toEqual({
      kind: "delivered",
      httpStatus: 200,
      receipt: { remoteId: "7001", remoteUrl: "https://crm.zoho.eu/crm/tab/Leads/7001" },
    });
    expect(double.asked()).toEqual(["POST /crm/v8/Leads/upsert"]);
    const [token, request] = double.requests;
    expect(JSON.parse(request?.body ?? "")).toEqual({
      data: [
        {
          First_Name: "Erika",
          Last_Name: "Muster",
          Email: "erika@example.com",
          Description: "Bitte um Angebot",
        },
      ],
      duplicate_check_fields: ["Email"],
    });
    expect(request?.headers["authorization"]).toMatch(/^Zoho-oauthtoken planted-access-token/);
    expect(Object.fromEntries(new URLSearchParams(token?.body))).toMatchObject({
      grant_type: "refresh_token",
      refresh_token: "planted-refresh",
      client_id: "1000.app",
    });
  });

  it("may be there twice where a repeat has no e-mail address and its phone number is not found", async () => {
    for (const lead of [byPhone, { name: "Erika Muster" }]) {
      const { destination, sender } = await zoho(crm(success("insert")));
      const sent = mappedMessage(destination, lead);
      expect((await sender.attempt(sent, neverAborted)).outcome).not.toHaveProperty("receipt.maybeTwice");
      const again = await sender.attempt({ ...sent, attempt: 2 }, neverAborted);
      expect(again.outcome).toMatchObject({ kind: "delivered", receipt: { maybeTwice: true } });
    }
  });

  it("sets off no workflow where none is wanted", async () => {
    const { double, destination, sender } = await zoho(crm(success("insert")), { workflows: "none" });
    await sender.attempt(mappedMessage(destination, person), neverAborted);
    expect(JSON.parse(double.requests[1]?.body ?? "")).toMatchObject({ trigger: [] });
  });

  it("without an e-mail address is looked for by its phone number, then made", async () => {
    const { double, destination, sender } = await zoho(crm(success("insert")));
    const { outcome } = await sender.attempt(mappedMessage(destination, byPhone), neverAborted);
    expect(outcome).toMatchObject({ receipt: { remoteId: "7001" } });
    expect(double.asked()).toEqual([
      "GET /crm/v8/Leads/search?phone=+492214710812&fields=id,Created_Time&per_page=1",
      "POST /crm/v8/Leads",
    ]);
    const alone = await zoho(crm(success("insert")), { duplicate_check: "email" });
    await alone.sender.attempt(mappedMessage(alone.destination, byPhone), neverAborted);
    expect(alone.double.asked()).toEqual(["POST /crm/v8/Leads"]);
  });

  it.each(["email_or_phone", "email"])(
    "without an e-mail address is not made twice, known by %s",
    async (check) => {
      const found = [{ id: "7001", Created_Time: receivedAfter }];
      const { double, destination, sender } = await zoho(crm(success("update"), { found }), {
        duplicate_check: check,
      });
      const sent = { ...mappedMessage(destination, byPhone), attempt: 2 };
      const { outcome } = await sender.attempt(sent, neverAborted);
      expect(outcome).toMatchObject({ receipt: { remoteId: "7001", duplicate: "same_delivery" } });
      expect(double.asked()).toContain("PUT /crm/v8/Leads");
      expect(double.asked()).not.toContain("POST /crm/v8/Leads");
    },
  );

  it("with somebody else's number is not written over theirs, where numbers tell nobody apart", async () => {
    const found = [{ id: "7001", Created_Time: receivedBefore }];
    const { double, destination, sender } = await zoho(crm(success("insert"), { found }), {
      duplicate_check: "email",
    });
    const sent = { ...mappedMessage(destination, byPhone), attempt: 2 };
    const { outcome } = await sender.attempt(sent, neverAborted);
    expect(outcome).toMatchObject({ receipt: { maybeTwice: true } });
    expect(double.asked()).not.toContain("PUT /crm/v8/Leads");
  });

  it.each([
    [failed(200, "INVALID_DATA"), "destination_rejected"],
    [failed(201, "INVALID_DATA"), "destination_rejected"],
    [failed(202, "MANDATORY_NOT_FOUND"), "destination_rejected"],
    [failed(207, "INVALID_DATA"), "destination_rejected"],
    [failed(202, "NO_PERMISSION"), "destination_auth"],
    [json(200, { data: [] }), "destination_indeterminate"],
    [whole(400, "INVALID_DATA"), "destination_rejected"],
    [whole(400, "INVALID_MODULE"), "destination_configuration"],
    [whole(404, "INVALID_URL_PATTERN"), "destination_configuration"],
    [whole(401, "INVALID_TOKEN"), "destination_auth"],
    [whole(401, "OAUTH_SCOPE_MISMATCH"), "destination_auth"],
    [whole(403, "NO_PERMISSION"), "destination_auth"],
    [whole(429, "TOO_MANY_REQUESTS"), "destination_throttled"],
    [whole(500, "INTERNAL_ERROR"), "destination_error"],
  ])("answered %j is %s", async (answer, code) => {
    const { destination, sender } = await zoho(crm(answer));
    const { outcome } = await sender.attempt(mappedMessage(destination, person), neverAborted);
    expect(outcome).toMatchObject({ kind: "failed", code });
  });

  it("waits an hour where Zoho says that the day's credits are used up", async () => {
    const { destination, sender } = await zoho(
      crm(whole(429, "TOO_MANY_REQUESTS", { "x-api-credits-remaining": "0" })),
    );
    const { outcome } = await sender.attempt(mappedMessage(destination, person), neverAborted);
    expect(outcome).toMatchObject({ code: "destination_throttled", retryAfterMs: 3_600_000 });
  });

  it("goes on with another token where the first is refused", async () => {
    let isRefused = true;
    const { double, destination, sender } = await zoho((request) => {
      if (!isRefused) return crm(success("insert"))(request);
      isRefused = false;
      return whole(401, "INVALID_TOKEN");
    });
    const { outcome } = await sender.attempt(mappedMessage(destination, person), neverAborted);
    expect(outcome).toMatchObject({ kind: "delivered" });
    expect(double.tokensGiven()).toBe(2);
  });
});

describe("a person whom Zoho knows", () => {
  it.each([
    ["by e-mail", person, crm(success("update", receivedBefore))],
    [
      "by phone",
      byPhone,
      crm(success("update", receivedBefore), { found: [{ id: "7001", Created_Time: receivedBefore }] }),
    ],
    ["by a unique field", person, crm(failed(200, "DUPLICATE_DATA", { id: "7001" }))],
  ])("%s gets the enquiry as a note", async (_, lead, answers) => {
    const { double, destination, sender } = await zoho(answers);
    const sent = mappedMessage(destination, lead);
    const { outcome } = await sender.attempt(sent, neverAborted);
    expect(outcome).toMatchObject({
      kind: "delivered",
      receipt: {
        duplicate: "added_to_person",
        remoteId: "7001",
        remoteUrl: "https://crm.zoho.eu/crm/tab/Leads/7001",
      },
    });
    expect(double.asked().at(-1)).toBe("POST /crm/v8/Leads/7001/Notes");
    const { data } = JSON.parse(double.requests.at(-1)?.body ?? "") as { data: Record<string, string>[] };
    expect(data[0]?.["Note_Content"]).toContain(lead.message);
    expect(data[0]?.["Note_Content"]).toContain(sent.runId);
  });

  it("gets the note once, however often it is tried", async () => {
    const { double, destination, sender } = await zoho((request) => {
      const made = double.requests.filter(({ method, path }) => method === "POST" && path.endsWith("/Notes"));
      const notes = made.flatMap(({ body }) => (JSON.parse(body) as { data: object[] }).data);
      return crm(success("update", receivedBefore), { notes, note: { kind: "close" } })(request);
    });
    const sent = mappedMessage(destination, person);
    expect((await sender.attempt(sent, neverAborted)).outcome).toMatchObject({ class: "transient" });
    const again = await sender.attempt({ ...sent, attempt: 2 }, neverAborted);
    expect(again.outcome).toMatchObject({ receipt: { duplicate: "added_to_person" } });
    expect(double.asked().filter((each) => each.startsWith("POST") && each.endsWith("/Notes"))).toHaveLength(
      1,
    );
  });

  it("is nobody where a repeat finds what its first attempt made", async () => {
    const { double, destination, sender } = await zoho(crm(success("update", receivedAfter)));
    const sent = { ...mappedMessage(destination, person), attempt: 2 };
    expect((await sender.attempt(sent, neverAborted)).outcome).toMatchObject({
      receipt: { duplicate: "same_delivery" },
    });
    expect(double.asked().some((each) => each.startsWith("POST") && each.endsWith("/Notes"))).toBe(false);
  });

  it("is marked where no note can be made, and where Zoho does not say who it is", async () => {
    const forbidden = await zoho(
      crm(success("update", receivedBefore), { note: whole(403, "NO_PERMISSION") }),
    );
    const sent = mappedMessage(forbidden.destination, person);
    expect((await forbidden.sender.attempt(sent, neverAborted)).outcome).toMatchObject({
      receipt: { duplicate: "known_person", warning: expect.any(String) as string },
    });
    const nobody = await zoho(crm(failed(200, "DUPLICATE_DATA")));
    expect((await nobody.sender.attempt(sent, neverAborted)).outcome).toMatchObject({
      receipt: { duplicate: "known_person" },
    });
  });
});

describe("the fields of Leads in Zoho", () => {
  const fields = [
    { api_name: "Last_Name", field_label: "Nachname", data_type: "text", system_mandatory: true },
    {
      api_name: "Lead_Source",
      field_label: "Lead-Quelle",
      data_type: "picklist",
      pick_list_values: [{ actual_value: "Web", display_value: "Webseite" }],
    },
    { api_name: "Created_Time", field_label: "Angelegt", data_type: "datetime", field_read_only: true },
  ];

  it("are offered with their options, and a new one can be made", async () => {
    let known: readonly object[] = fields;
    const { double, sender } = await zoho(({ method, body }) => {
      if (method === "GET") return json(200, { fields: known });
      const [wanted] = (JSON.parse(body) as { fields: { field_label: string; data_type: string }[] }).fields;
      known = [...fields, { ...wanted, api_name: "LeadLedger_ID" }];
      return json(200, { fields: [verdict("SUCCESS", { status: "success", details: { id: "1" } })] });
    });
    const read = await sender.fields?.();
    expect(read?.kind === "fields" ? read.fields : []).toEqual([
      { target: "Last_Name", label: "Nachname", type: "text", isRequired: true },
      {
        target: "Lead_Source",
        label: "Lead-Quelle",
        type: "choice",
        isRequired: false,
        options: [{ value: "Web", label: "Webseite" }],
      },
    ]);
    expect(await sender.createField?.({ label: "LeadLedger ID", type: "text" })).toEqual({
      kind: "created",
      field: { target: "LeadLedger_ID", label: "LeadLedger ID", type: "text", isRequired: false },
    });
    expect(double.asked()).toContain("POST /crm/v8/settings/fields?module=Leads");
  });

  it.each([
    [{ Last_Name: "/lead/name", Lead_Source: { constant: "Web" } }, null],
    [{ Last_Name: "/lead/name", Budget: "/lead/product" }, "Budget"],
    [{ Lead_Source: { constant: "Web" } }, "Last_Name"],
    [{ Last_Name: "/lead/name", Lead_Source: { constant: "TV" } }, "TV"],
  ])("are compared with the map by a probe: %j", async (map, problem) => {
    const { sender } = await zoho(() => json(200, { fields }), { map });
    const reached = await sender.probe();
    if (problem === null) expect(reached).toMatchObject({ reachable: true });
    else
      expect(reached).toMatchObject({
        reachable: false,
        message: expect.stringContaining(problem) as string,
      });
  });
});
