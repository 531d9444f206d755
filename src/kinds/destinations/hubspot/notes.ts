// The enquiry as a note at a contact, written once however often a lead is sent.
import type { Failed } from "../../../domain/destinations/outcome.ts";
import { noteHtml } from "../lead-note.ts";
import type { LeadNote } from "../lead-note.ts";
import { listAt, textAt } from "../json-reply.ts";
import { associationAnswers, listAnswers, noteAnswers } from "./answers.ts";
import { askObjects } from "./api.ts";
import type { Api } from "./api.ts";

/** HUBSPOT_DEFINED association of a note with a contact. */
const noteToContact = 202;
/** Of a contact with more, the newest are looked at; a batch has no room for more. */
const notesReadMax = 100;

/** `there`: an earlier attempt wrote it. */
export type NoteEnd = { readonly kind: "written" } | { readonly kind: "there" } | Failed;

/** `isRepeat`: it may be there already. */
export async function writeNote(
  api: Api,
  contactId: string,
  note: LeadNote,
  atMs: number,
  isRepeat: boolean,
): Promise<NoteEnd> {
  if (isRepeat) {
    const there = await isThere(api, contactId, note.mark);
    if (there === true) return { kind: "there" };
    if (there !== false) return there;
  }
  const body = {
    properties: { hs_timestamp: String(atMs), hs_note_body: noteHtml(note) },
    associations: [
      {
        to: { id: contactId },
        types: [{ associationCategory: "HUBSPOT_DEFINED", associationTypeId: noteToContact }],
      },
    ],
  };
  const reply = await askObjects(api, "POST", "notes", body, { answers: noteAnswers });
  return reply.kind === "failed" ? reply.outcome : { kind: "written" };
}

/** By the contact's own list: the search knows nothing of the last seconds. */
async function isThere(api: Api, contactId: string, mark: string): Promise<boolean | Failed> {
  const path = `contacts/${encodeURIComponent(contactId)}?associations=notes`;
  const contact = await askObjects(api, "GET", path, undefined, {
    answers: associationAnswers,
    isLong: true,
  });
  if (contact.kind === "failed") return contact.outcome;
  const ids = listAt(contact.json, "/associations/notes/results")
    .flatMap((each) => textAt(each, "/id") ?? [])
    .toSorted(newestFirst);
  if (ids.length === 0) return false;
  const inputs = [...new Set(ids)].slice(0, notesReadMax).map((id) => ({ id }));
  const body = { properties: ["hs_note_body"], inputs };
  const manner = { answers: listAnswers, isLong: true };
  const notes = await askObjects(api, "POST", "notes/batch/read", body, manner);
  if (notes.kind === "failed") return notes.outcome;
  return listAt(notes.json, "/results").some((each) =>
    (textAt(each, "/properties/hs_note_body") ?? "").includes(mark),
  );
}

/** Ids are numbers that grow, and may have more digits than a double. */
function newestFirst(one: string, other: string): number {
  if (one.length !== other.length) return other.length - one.length;
  return one < other ? 1 : one > other ? -1 : 0;
}
