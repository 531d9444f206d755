// Delivers leads to a destination of kind `google-sheets`: reads the headings, looks for the row where the lead may be there
// already, and appends or changes it. Values are written RAW: a name that begins with = must not become a formula.
import { pathUnder } from "../../../config/fields/service-url.ts";
import { failure } from "../../../domain/destinations/outcome.ts";
import type { Delivered, Failed, Outcome } from "../../../domain/destinations/outcome.ts";
import type { RemoteField } from "../../../domain/destinations/remote-field.ts";
import { valueAtPointer } from "../../../domain/values/json-pointer.ts";
import type { HttpRequest } from "../../../outgoing/http-client.ts";
import type { SenderDeps } from "../destination-kind.ts";
import { dialogueSender, jsonRequest } from "../dialogue.ts";
import type { Ask, Reply } from "../dialogue.ts";
import { showQuestion } from "../dialogue-preview.ts";
import { openAccessTokens } from "../oauth2/access-tokens.ts";
import { signedAssertion } from "../oauth2/jwt-assertion.ts";
import type { AssertionGrant } from "../oauth2/token-request.ts";
import type { DeliveryMessage, FieldCreated, FieldsRead, Sender, ShownRequest } from "../sender.ts";
import { appendAnswers, readAnswers, updateAnswers } from "./answers.ts";
import type { GoogleSheetsDestination } from "./fields.ts";
import { readServiceAccount } from "./service-account.ts";
import { cellsOf, columnName, headingsOf, rangeIn, targetOf, textsOf } from "./tab.ts";
import type { Cell } from "./tab.ts";

const scope = "https://www.googleapis.com/auth/spreadsheets";

/** Throws where the key is none: configuration has seen to that before. */
export function open(destination: GoogleSheetsDestination, deps: SenderDeps): Sender {
  return dialogueSender(destination, deps, {
    origin: new URL(destination.baseUrl),
    tokens: openAccessTokens(destination, grantOf(destination), deps),
    prove: (token) => ({ authorization: `Bearer ${token ?? ""}` }),
    deliver: (message, ask) => deliver(destination, message, ask),
    check: (ask) => check(destination, ask),
    fields: (ask) => fields(destination, ask),
    createField: ({ label }, ask) => createHeading(destination, label, ask),
  });
}

/** The row as it goes under the headings of the map; those of the tab are read only when it is sent. */
export function preview(
  destination: GoogleSheetsDestination,
  { runId, mapped }: DeliveryMessage,
): ShownRequest {
  const headings = plannedHeadings(destination);
  const row = rowOf(destination, { runId, mapped }, headings, null);
  return showQuestion(new URL(destination.baseUrl), appendRequest(destination, row), (proof) => ({
    authorization: `Bearer ${proof ?? ""}`,
  }));
}

function grantOf({ name, serviceAccount }: GoogleSheetsDestination): AssertionGrant {
  const account = readServiceAccount(serviceAccount);
  if (account === null) throw new Error(`${name} has no key of a service account`);
  const { email, keyId, privateKey, tokenUrl } = account;
  const parts = { issuer: email, scope, audience: tokenUrl, keyId, privateKey };
  return { tokenUrl, assertion: (nowMs) => signedAssertion(parts, nowMs) };
}

async function deliver(
  destination: GoogleSheetsDestination,
  message: DeliveryMessage,
  ask: Ask,
): Promise<Outcome> {
  const read = await headingsThere(destination, ask);
  if (read.kind === "failed") return read;
  const headings = read.headings.length > 0 ? read.headings : plannedHeadings(destination);
  if (read.headings.length === 0) {
    const written = await write(destination, "1:1", [...headings], ask);
    if (written.kind === "failed") return written.outcome;
  }
  const missing = headingFailure(destination, message, headings);
  if (missing !== null) return missing;
  if (message.attempt === 1 && message.revision === null) return append(destination, message, headings, ask);
  const found = await rowThere(destination, message.runId, headings, ask);
  if (found.kind === "failed") return found;
  if (found.row === null) return append(destination, message, headings, ask);
  if (message.revision === null) return alreadyThere(destination, found.row);
  const row = rowOf(destination, message, headings, "");
  return (await write(destination, `A${found.row}`, row, ask, true)).outcome;
}

async function append(
  destination: GoogleSheetsDestination,
  message: DeliveryMessage,
  headings: readonly string[],
  ask: Ask,
): Promise<Outcome> {
  const row = rowOf(destination, message, headings, null);
  const reply = await ask({
    request: appendRequest(destination, row),
    answers: appendAnswers(pageOf(destination)),
    isHandover: true,
  });
  return reply.outcome;
}

type HeadingsRead = { readonly kind: "headings"; readonly headings: readonly string[] } | Failed;

async function headingsThere(destination: GoogleSheetsDestination, ask: Ask): Promise<HeadingsRead> {
  const path = valuesPath(destination, "1:1");
  const reply = await ask({ request: jsonRequest("GET", path), answers: readAnswers });
  if (reply.kind === "failed") return reply.outcome;
  return { kind: "headings", headings: textsOf(valueAtPointer(reply.json, "/values")) };
}

type RowFound = { readonly kind: "row"; readonly row: number | null } | Failed;

/** The last one, from 1. */
async function rowThere(
  destination: GoogleSheetsDestination,
  runId: string,
  headings: readonly string[],
  ask: Ask,
): Promise<RowFound> {
  const column = columnName(headings.indexOf(destination.runIdHeading));
  const path = `${valuesPath(destination, `${column}:${column}`)}?majorDimension=COLUMNS`;
  const reply = await ask({ request: jsonRequest("GET", path), answers: readAnswers, isLong: true });
  if (reply.kind === "failed") return reply.outcome;
  const index = textsOf(valueAtPointer(reply.json, "/values")).lastIndexOf(runId);
  return { kind: "row", row: index === -1 ? null : index + 1 };
}

function alreadyThere(destination: GoogleSheetsDestination, row: number): Delivered {
  const receipt = {
    remoteId: rangeIn(destination.tab, `A${row}`),
    remoteUrl: pageOf(destination),
    duplicate: "same_delivery",
  } as const;
  return { kind: "delivered", httpStatus: 200, receipt };
}

/** `isHandover`: it hands a lead over. */
function write(
  destination: GoogleSheetsDestination,
  range: string,
  row: readonly Cell[],
  ask: Ask,
  isHandover = false,
): Promise<Reply> {
  const path = `${valuesPath(destination, range)}?valueInputOption=RAW`;
  const request = jsonRequest("PUT", path, JSON.stringify({ values: [row] }));
  return ask({ request, answers: updateAnswers(pageOf(destination)), isHandover });
}

function appendRequest(destination: GoogleSheetsDestination, row: readonly Cell[]): HttpRequest {
  const path = `${valuesPath(destination, "A1")}:append?valueInputOption=RAW&insertDataOption=INSERT_ROWS`;
  return jsonRequest("POST", path, JSON.stringify({ values: [row] }));
}

/** `empty`: where the lead gives nothing for a heading of the map. Headings of nobody's stay as they are. */
function rowOf(
  destination: GoogleSheetsDestination,
  { runId, mapped }: Pick<DeliveryMessage, "runId" | "mapped">,
  headings: readonly string[],
  empty: Cell,
): readonly Cell[] {
  const cells = cellsOf(mapped ?? {}, headings);
  const ours = new Set(headingsOf(destination.map));
  return headings.map((heading) => {
    if (heading === destination.runIdHeading) return runId;
    return cells.get(heading) ?? (ours.has(heading) ? empty : null);
  });
}

function plannedHeadings({ map, runIdHeading }: GoogleSheetsDestination): readonly string[] {
  return [...headingsOf(map).filter((heading) => heading !== runIdHeading), runIdHeading];
}

/** null: all that this lead needs are there. */
function headingFailure(
  destination: GoogleSheetsDestination,
  { mapped }: DeliveryMessage,
  headings: readonly string[],
): Failed | null {
  const unfit = unfitHeadings(destination, headings);
  if (unfit !== null) return unfit;
  const missing = [...cellsOf(mapped ?? {}, headings).keys()].filter((each) => !headings.includes(each));
  return missing.length === 0 ? null : noHeading(destination, missing);
}

function unfitHeadings(destination: GoogleSheetsDestination, headings: readonly string[]): Failed | null {
  const { name, tab, runIdHeading } = destination;
  if (!headings.includes(runIdHeading)) return noHeading(destination, [runIdHeading]);
  if (headings[0] !== "") return null;
  // Google appends where it finds a table, which would begin further right.
  return failure(
    "destination_configuration",
    `the first heading in the tab ${tab} of ${name} must stand in A1`,
  );
}

const namedMax = 10;

function noHeading({ name, tab }: GoogleSheetsDestination, missing: readonly string[]): Failed {
  const named = missing.slice(0, namedMax).join(", ");
  return failure(
    "destination_configuration",
    `the first row of the tab ${tab} of ${name} has no heading ${named}`,
  );
}

async function check(destination: GoogleSheetsDestination, ask: Ask): Promise<Failed | null> {
  const read = await headingsThere(destination, ask);
  if (read.kind === "failed") return read;
  return read.headings.length === 0 ? null : unfitHeadings(destination, read.headings);
}

/** Of an empty tab those that the first lead will write. */
async function fields(destination: GoogleSheetsDestination, ask: Ask): Promise<FieldsRead> {
  const read = await headingsThere(destination, ask);
  if (read.kind === "failed") return { kind: "unread", outcome: read };
  const headings = read.headings.length > 0 ? read.headings : plannedHeadings(destination);
  const named = headings.filter((heading) => heading !== "" && heading !== destination.runIdHeading);
  return { kind: "fields", fields: named.map(fieldOf) };
}

function fieldOf(heading: string): RemoteField {
  return { target: targetOf(heading), label: heading, type: "text", isRequired: false };
}

async function createHeading(
  destination: GoogleSheetsDestination,
  label: string,
  ask: Ask,
): Promise<FieldCreated> {
  const read = await headingsThere(destination, ask);
  if (read.kind === "failed") return { kind: "not_created", outcome: read };
  const heading = label.trim();
  if (read.headings.includes(heading)) return { kind: "created", field: fieldOf(heading) };
  const reply = await write(destination, `${columnName(read.headings.length)}1`, [heading], ask);
  return reply.kind === "failed"
    ? { kind: "not_created", outcome: reply.outcome }
    : { kind: "created", field: fieldOf(heading) };
}

function valuesPath({ baseUrl, spreadsheet, tab }: GoogleSheetsDestination, range: string): string {
  const place = encodeURIComponent(rangeIn(tab, range));
  return pathUnder(baseUrl, `/v4/spreadsheets/${encodeURIComponent(spreadsheet)}/values/${place}`);
}

function pageOf({ spreadsheet }: GoogleSheetsDestination): string {
  return `https://docs.google.com/spreadsheets/d/${encodeURIComponent(spreadsheet)}/edit`;
}
