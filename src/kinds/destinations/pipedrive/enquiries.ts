// The lead or the deal that a lead becomes in Pipedrive, and the note at it; each of them once, however often it is sent.
import type { Delivered, Failed } from "../../../domain/destinations/outcome.ts";
import { parseExactly } from "../../../domain/values/exact-json.ts";
import { noteHtml } from "../lead-note.ts";
import type { LeadNote } from "../lead-note.ts";
import type { Reply } from "../dialogue.ts";
import { listAt, textAt } from "../json-reply.ts";
import type { DeliveryMessage } from "../sender.ts";
import { listAnswers, writeAnswers } from "./answers.ts";
import { get, post } from "./api.ts";
import type { Api } from "./api.ts";
import { dealBody, leadBody } from "./record.ts";
import type { Members } from "./record.ts";

const listedMax = 100;

/** Of a delivery: a revision is an enquiry of its own. */
export function originId({ runId, revision }: DeliveryMessage): string {
  return revision === null ? runId : `${runId}:r${revision}`;
}

export function makeEnquiry(
  api: Api,
  message: DeliveryMessage,
  enquiry: Members,
  personId: number,
): Promise<Reply> {
  const { record, runIdField } = api.destination;
  const manner = { answers: writeAnswers, isHandover: true };
  const id = originId(message);
  if (record === "lead") return post(api, "/v1/leads", leadBody(enquiry, personId, id), manner);
  const own = runIdField === undefined ? {} : { [runIdField]: id };
  return post(api, "/api/v2/deals", dealBody(enquiry, personId, own), manner);
}

export interface Enquiry {
  readonly kind: "enquiry";
  readonly id: string;
  readonly outcome: Delivered;
}

/** What an earlier attempt made; null: nothing. */
export async function findEnquiry(
  api: Api,
  message: DeliveryMessage,
  enquiry: Members,
  personId: number,
): Promise<Enquiry | Failed | null> {
  const isLead = api.destination.record === "lead";
  const person = { person_id: String(personId), limit: String(listedMax) };
  const manner = { answers: listAnswers, isLong: true };
  const reply = isLead
    ? await get(api, "/v1/leads", { ...person, sort: "add_time DESC" }, manner)
    : await get(api, "/api/v2/deals", { ...person, sort_by: "id", sort_direction: "desc" }, manner);
  if (reply.kind === "failed") return reply.outcome;
  const all = listAt(reply.json, "/data");
  const found = isLead
    ? (all.find((each) => textAt(each, "/origin_id") === originId(message)) ?? null)
    : await ownDeal(api, message, enquiry, all);
  if (isFailed(found)) return found;
  const id = textAt(found, "/id");
  return id === null ? null : { kind: "enquiry", id, outcome: reply.outcome };
}

/**
 * By the field of the id; without one, by its title, if it is no older than the lead and bears no note of another. Deals
 * have no `origin_id` that can be set.
 */
async function ownDeal(
  api: Api,
  message: DeliveryMessage,
  { title }: Members,
  deals: readonly unknown[],
): Promise<unknown> {
  const { runIdField } = api.destination;
  if (runIdField !== undefined)
    return deals.find((each) => textAt(each, `/custom_fields/${runIdField}`) === originId(message)) ?? null;
  const receivedAt = receivedAtOf(message);
  for (const deal of deals) {
    const addedAt = Date.parse(textAt(deal, "/add_time") ?? "");
    const id = textAt(deal, "/id");
    if (id === null || textAt(deal, "/title") !== title || !(addedAt >= receivedAt)) continue;
    const marks = await marksAt(api, id);
    if (isFailed(marks)) return marks;
    if (marks.length === 0 || marks.some((each) => each.includes(`[${originId(message)}]`))) return deal;
  }
  return null;
}

function isFailed(value: unknown): value is Failed {
  return typeof value === "object" && value !== null && "kind" in value && value.kind === "failed";
}

/** To the second, as Pipedrive keeps times. */
function receivedAtOf({ delivery, body }: DeliveryMessage): number {
  const said = /"received_at":"([^"]{1,40})"/.exec(delivery ?? body)?.[1];
  return said === undefined ? Number.NaN : Math.floor(Date.parse(said) / 1_000) * 1_000;
}

/** `there`: an earlier attempt wrote it. */
export type NoteEnd = { readonly kind: "written" } | { readonly kind: "there" } | Failed;

export async function writeNote(
  api: Api,
  enquiryId: string,
  note: LeadNote,
  isRepeat: boolean,
): Promise<NoteEnd> {
  if (isRepeat) {
    const marks = await marksAt(api, enquiryId);
    if (isFailed(marks)) return marks;
    if (marks.some((each) => each.includes(note.mark))) return { kind: "there" };
  }
  const { record } = api.destination;
  const at = record === "lead" ? { lead_id: enquiryId } : { deal_id: parseExactly(enquiryId) };
  const body = { content: noteHtml(note), ...at };
  const reply = await post(api, "/v1/notes", body, { answers: writeAnswers });
  return reply.kind === "failed" ? reply.outcome : { kind: "written" };
}

/** Notes of ours at a lead or a deal. */
async function marksAt(api: Api, enquiryId: string): Promise<readonly string[] | Failed> {
  const id = api.destination.record === "lead" ? "lead_id" : "deal_id";
  const query = { [id]: enquiryId, limit: String(listedMax), sort: "add_time DESC" };
  const reply = await get(api, "/v1/notes", query, { answers: listAnswers, isLong: true });
  if (reply.kind === "failed") return reply.outcome;
  return listAt(reply.json, "/data")
    .map((each) => textAt(each, "/content") ?? "")
    .filter((content) => content.includes("LeadLedger ["));
}
