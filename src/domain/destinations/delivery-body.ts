// The body that a destination without a map receives of a lead, and what maps and conditions of the others point into.
import type { EarlierLead } from "../leads/same-person.ts";
import type { LeadReading } from "../leads/lead-reading.ts";
import { readLead } from "../leads/read-lead.ts";
import { parseWithExactNumbers } from "../values/exact-json.ts";

export interface ReceivedLead {
  readonly runId: string;
  readonly source: string;
  readonly receivedAt: Date;
  /** The lead's JSON text; it is sent as it is, because parsing it would round long numbers. */
  readonly leadJson: string;
  /** By what it is read into the vocabulary. */
  readonly reading: LeadReading;
  /** Which revision of the lead it is; null: the lead as it came first. */
  readonly revision: number | null;
  /** Of the same person, where its source marks that; absent, null: there is none. */
  readonly samePerson?: EarlierLead | null;
}

/**
 * The body of a delivery (docs/contract.md, Outgoing requests); the same for every destination without a map, and every
 * attempt. Maps and conditions point into it.
 */
export function deliveryBody(lead: ReceivedLead): string {
  const data = parseWithExactNumbers(lead.leadJson);
  const vocabulary = readLead(data, lead.reading);
  const body = deliveryOf(lead, JSON.stringify(vocabulary), lead.leadJson);
  // What is nested too deep to be read is a text here, and would be none within the whole.
  if (typeof data === "object") newest = { body, document: { ...envelopeOf(lead), lead: vocabulary, data } };
  return body;
}

/**
 * The delivery as JSON with exact numbers, of a body as made by `deliveryBody`: for maps and conditions. Of the body made
 * or asked for last it is there already, which most are, because a lead is sent when its body has been made, and several
 * destinations ask for the same. Not to be changed.
 */
export function deliveryDocument(body: string): unknown {
  if (newest.body !== body) newest = { body, document: parseWithExactNumbers(body) };
  return newest.document;
}

let newest: { readonly body: string; readonly document: unknown } = { body: "", document: null };

/** The same with another `lead` and `data`, JSON texts: for somebody who need not see the person. */
export function deliveryOf(
  lead: Omit<ReceivedLead, "leadJson" | "reading">,
  vocabulary: string,
  data: string,
): string {
  const envelope = JSON.stringify(envelopeOf(lead));
  return `${envelope.slice(0, -1)},"lead":${vocabulary},"data":${data}}`;
}

/** All but the lead, in the order in which it is sent. */
function envelopeOf({
  runId,
  source,
  receivedAt,
  revision,
  samePerson,
}: Omit<ReceivedLead, "leadJson" | "reading">) {
  return {
    type: "lead.received",
    run_id: runId,
    source,
    received_at: receivedAt.toISOString(),
    ...(revision === null ? {} : { revision }),
    ...(samePerson == null ? {} : { same_person: { run_id: samePerson.run_id, by: samePerson.by } }),
  };
}
