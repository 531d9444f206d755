// Leads in a Google spreadsheet: rows under headings, repeats, changes, and what Google's answers mean.
import { afterEach, describe, expect, it } from "vitest";
import { checkDestination } from "../../../../src/config/check-part.ts";
import { builtInKinds } from "../../../../src/kinds/kinds.ts";
import { spreadsheetIdOf } from "../../../../src/kinds/destinations/google-sheets/fields.ts";
import { headingsOf, targetOf } from "../../../../src/kinds/destinations/google-sheets/tab.ts";
import { open, preview } from "../../../../src/kinds/destinations/google-sheets/transport.ts";
import { claimsOf, sheetsDestination, startSheet } from "../../../support/google-sheets.ts";
import type { SheetDouble } from "../../../support/google-sheets.ts";
import { neverAborted } from "../../../support/http-destination.ts";
import { json } from "../../../support/interface-double.ts";
import type { Route } from "../../../support/interface-double.ts";
import { leadFor } from "../../../support/mapped-sender.ts";
import type { SentLead } from "../../../support/mapped-sender.ts";
import type { TargetMap } from "../../../../src/domain/destinations/target-map.ts";

const doubles: SheetDouble[] = [];
afterEach(async () => {
  await Promise.all(doubles.splice(0).map(({ sink }) => sink.close()));
});

const headings = ["Name", "Phone", "Our own", "LeadLedger ID", "Email"];
const map: TargetMap = { Name: "/lead/name", Email: "/lead/email", Phone: "/lead/phones/0" };
const erika = { name: "=Erika", phone: "+49 221 4710812" };

async function sheet(rows: unknown[][], own: { map?: TargetMap } = { map }, ...routes: readonly Route[]) {
  const double = await startSheet(rows, ...routes);
  doubles.push(double);
  const destination = sheetsDestination(double.baseUrl, own);
  const sender = open(destination, { nowMs: Date.now });
  const deliver = async (lead: object, sent: SentLead = {}) =>
    (await sender.attempt(leadFor(destination, lead, sent), neverAborted)).outcome;
  return { double, destination, sender, deliver, rows };
}

describe("a lead in a Google spreadsheet", () => {
  it("is a row under the headings, as it was said; what nobody maps stays empty", async () => {
    const { double, deliver, rows } = await sheet([headings]);
    const outcome = await deliver(erika, { runId: "run-1" });
    expect(outcome).toEqual({
      kind: "delivered",
      httpStatus: 200,
      receipt: {
        remoteId: "Leads!A2",
        remoteUrl: "https://docs.google.com/spreadsheets/d/1AbCdEfGhIjKlMnOpQrStUvWxYz/edit",
      },
    });
    expect(rows[1]).toEqual(["=Erika", "+492214710812", null, "run-1", null]);
    const append = double.sink.requests.at(-1);
    expect(append?.path).toContain("?valueInputOption=RAW&insertDataOption=INSERT_ROWS");
    expect(decodeURIComponent(append?.path ?? "")).toContain("/values/'Erika''s leads'!A1:append");
    expect(append?.headers.authorization).toBe("Bearer ya29.token");
  });

  it("is sent with a token that the service account's key has signed for, fetched once", async () => {
    const { double, deliver } = await sheet([headings]);
    await deliver(erika);
    await deliver(erika);
    const forms = double.sink.requests.filter(({ path }) => path === "/token").map(({ body }) => body);
    expect(forms).toHaveLength(1);
    const form = new URLSearchParams(forms[0]);
    expect(form.get("grant_type")).toBe("urn:ietf:params:oauth:grant-type:jwt-bearer");
    const { iss, scope, aud, iat, exp } = claimsOf(forms[0] ?? "");
    expect([iss, scope]).toEqual([
      "leads@project.iam.gserviceaccount.com",
      "https://www.googleapis.com/auth/spreadsheets",
    ]);
    expect(aud).toBe(`${double.baseUrl}/token`);
    expect(Number(exp) - Number(iat)).toBe(3_600);
  });

  it("that comes first into an empty tab writes the headings, too", async () => {
    const { deliver, rows } = await sheet([]);
    await deliver(erika, { runId: "run-1" });
    expect(rows).toEqual([
      ["Name", "Email", "Phone", "LeadLedger ID"],
      ["=Erika", null, "+492214710812", "run-1"],
    ]);
  });

  it("without an e-mail address is found again on a repeat, and stands there once", async () => {
    const { double, deliver, rows } = await sheet([headings]);
    await deliver(erika, { runId: "run-1" });
    expect(await deliver(erika, { runId: "run-1", attempt: 2 })).toMatchObject({
      kind: "delivered",
      receipt: { duplicate: "same_delivery", remoteId: "'Erika''s leads'!A2" },
    });
    expect(rows).toHaveLength(2);
    expect(double.calls().filter((call) => call.includes("append"))).toHaveLength(1);
  });

  it("whose first attempt did not arrive is appended by the second", async () => {
    const { deliver, rows } = await sheet([headings]);
    expect(await deliver(erika, { attempt: 2 })).toMatchObject({ kind: "delivered" });
    expect(rows).toHaveLength(2);
  });

  it("that was changed changes its own row, empties what is gone, and leaves other columns alone", async () => {
    const { deliver, rows } = await sheet([headings, ["other", "1", "x", "run-0", ""]]);
    await deliver(erika, { runId: "run-1" });
    rows[2]?.splice(2, 1, "noted by hand");
    await deliver({ name: "Erika", email: "erika@example.com" }, { runId: "run-1", revision: 1 });
    expect(rows[2]).toEqual(["Erika", "", "noted by hand", "run-1", "erika@example.com"]);
    expect(rows).toHaveLength(3);
  });

  it("keeps long numbers to the digit, and joins what is several", async () => {
    const own: TargetMap = { Name: "/data/order", Phone: "/data/tags", Email: "/data/count" };
    const { deliver, rows } = await sheet([headings], { map: own });
    await deliver({ order: "12345678901234567890", tags: ["a", "b"], count: 7 }, { runId: "r" });
    expect(rows[1]).toEqual(["12345678901234567890", "a, b", null, "r", 7]);
  });
});

describe("a spreadsheet that does not fit", () => {
  it.each([
    ["a mapped heading that is gone", [["Name", "LeadLedger ID"]], "has no heading Phone"],
    ["no column for the lead's id", [["Name", "Phone", "Email"]], "has no heading LeadLedger ID"],
    ["headings that begin further right", [["", ...headings]], "must stand in A1"],
  ])("%s: leads wait, and the sentence says what is missing", async (_, rows, said) => {
    const { double, deliver } = await sheet(rows);
    const outcome = await deliver(erika);
    expect(outcome).toMatchObject({ code: "destination_configuration", class: "needs_configuration" });
    expect(outcome.kind === "failed" && outcome.message).toContain(said);
    expect(double.calls().filter((call) => call.includes("append"))).toEqual([]);
  });

  it("is known by a probe before a lead meets it", async () => {
    const { sender } = await sheet([["Name", "LeadLedger ID"]]);
    expect(await sender.probe()).toMatchObject({
      reachable: false,
      code: "destination_configuration",
      message: "crm has no field Email, Phone",
    });
    const { sender: fitting } = await sheet([headings]);
    expect(await fitting.probe()).toMatchObject({ reachable: true });
    const { sender: empty } = await sheet([]);
    expect(await empty.probe()).toMatchObject({ reachable: true });
  });

  it("gets a missing heading made, beside those that are there", async () => {
    const { sender, rows } = await sheet([["Name", "LeadLedger ID"]]);
    const created = await sender.createField?.({ label: "Tel. privat", type: "text" });
    expect(created).toMatchObject({ kind: "created", field: { target: "/Tel. privat" } });
    expect(rows[0]).toEqual(["Name", "LeadLedger ID", "Tel. privat"]);
    const read = await sender.fields?.();
    expect(read?.kind === "fields" && read.fields.map(({ target }) => target)).toEqual([
      "Name",
      "/Tel. privat",
    ]);
  });
});

const google = (code: number, status: string, message: string) =>
  json(code, { error: { code, message, status } });

describe("what Google answers", () => {
  it.each([
    [google(400, "INVALID_ARGUMENT", "Unable to parse range: 'Leads'!A1"), "destination_configuration"],
    [google(400, "INVALID_ARGUMENT", "above the limit of 10000000 cells"), "destination_configuration"],
    [google(400, "INVALID_ARGUMENT", "Invalid value at 'data.values'"), "destination_rejected"],
    [google(401, "UNAUTHENTICATED", "invalid authentication credentials"), "destination_auth"],
    [google(403, "PERMISSION_DENIED", "The caller does not have permission"), "destination_auth"],
    [google(404, "NOT_FOUND", "Requested entity was not found."), "destination_configuration"],
    [google(429, "RESOURCE_EXHAUSTED", "Quota exceeded"), "destination_throttled"],
    [google(503, "UNAVAILABLE", "The service is currently unavailable."), "destination_error"],
    [{ kind: "answer", status: 200, body: "{}" } as const, "destination_indeterminate"],
  ])("%j to the appending is %s", async (answer, code) => {
    const { deliver } = await sheet([headings], { map }, ["POST", /:append/, answer]);
    expect(await deliver(erika)).toMatchObject({ kind: "failed", code });
  });

  it("a tab that was renamed is known when its headings are read", async () => {
    const gone = google(400, "INVALID_ARGUMENT", "Unable to parse range: 'Leads'!1:1");
    const { deliver } = await sheet([headings], { map }, ["GET", /values/, gone]);
    expect(await deliver(erika)).toMatchObject({ class: "needs_configuration" });
  });

  it("a key that was deleted needs a person", async () => {
    const refused = json(400, { error: "invalid_grant", error_description: "Invalid JWT Signature." });
    const { deliver } = await sheet([headings], { map }, ["POST", "/token", refused]);
    expect(await deliver(erika)).toMatchObject({
      class: "needs_credentials",
      message: "the token server of crm refuses the key (invalid_grant)",
    });
  });
});

describe("settings", () => {
  it("take a spreadsheet by its address or its id, and refuse what is no key", () => {
    const id = "1AbCdEfGhIjKlMnOpQrStUvWxYz";
    expect(spreadsheetIdOf(`https://docs.google.com/spreadsheets/d/${id}/edit?gid=0#gid=0`)).toBe(id);
    expect(spreadsheetIdOf(id)).toBe(id);
    expect(spreadsheetIdOf("My leads")).toBeNull();
    const entry = { kind: "google-sheets", spreadsheet: id, tab: "Leads", service_account: "{}" };
    const around = { sources: [], destinations: [], timezone: "UTC", rejectBodySchema: () => null };
    const checked = checkDestination("crm", entry, around, builtInKinds);
    expect(checked.ok ? [] : checked.problems.map(({ place }) => place)).toEqual(["service_account"]);
  });

  it("keep within what Google lets one account write", () => {
    const { limits } = sheetsDestination("http://127.0.0.1");
    expect(limits).toEqual([]);
    const kind = builtInKinds.destinations.find((each) => each.kind === "google-sheets");
    expect(kind?.fields["limits"]?.read(undefined, { entry: {}, timezone: "UTC" })).toEqual(["60/m"]);
  });

  it("name headings with points so that they are found", () => {
    expect(["Name", "Tel. privat", "/a"].map(targetOf)).toEqual(["Name", "/Tel. privat", "/~1a"]);
    expect(headingsOf({ Name: "/lead/name", "/Tel. privat": "/lead/phones/0" })).toEqual([
      "Name",
      "Tel. privat",
    ]);
  });

  it("are previewed without the key", () => {
    const destination = sheetsDestination("https://sheets.googleapis.com", { map });
    const shown = preview(destination, leadFor(destination, erika, { runId: "run-1" }));
    expect(shown.headers["authorization"]).toBe("Bearer ***");
    expect(JSON.parse(shown.body)).toEqual({ values: [["=Erika", null, "+492214710812", "run-1"]] });
  });
});
