// Bodies of senders that we know: JSON with an id of the sender's in it, which is kept to the last digit.
import { isLosslessNumber, parse, stringify } from "lossless-json";
import { readJsonBody } from "../../bodies/json-body.ts";
import { valueAtPointer } from "../../domain/values/json-pointer.ts";
import { refusal } from "../../domain/leads/refusal.ts";
import type { LeadsRead, SourceLead } from "./source-kind.ts";

/** A parsed JSON text in which numbers are as they were written. */
export type ExactJson = unknown;

/** What a body of ours is, by its content: a lead with its key, no lead but a sign of life, or something else. */
export type Judged = { readonly key: string | null } | "no_lead" | LeadsRead;

/** Reads a body that is one JSON object. Never throws. */
export function readJsonLead(rawBody: Buffer, judge: (document: ExactJson) => Judged): LeadsRead {
  const body = readJsonBody(rawBody);
  if (body.kind !== "lead") return body;
  const judged = judge(parse(body.json));
  if (judged === "no_lead") return noLead;
  if ("kind" in judged) return judged;
  return { kind: "leads", leads: [{ body, bytes: rawBody, key: judged.key }] };
}

/** A request that brings none is answered as success. */
export const noLead: LeadsRead = { kind: "leads", leads: [] };

/** A text, or a number as it was written; null: nothing of that kind stands there, or it is empty. */
export function idAt(document: ExactJson, pointer: string): string | null {
  const value = valueAtPointer(document, pointer);
  if (isLosslessNumber(value)) return value.value;
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

/** null: no text stands there. */
export function textAt(document: ExactJson, pointer: string): string | null {
  const value = valueAtPointer(document, pointer);
  return typeof value === "string" ? value : null;
}

/** null: no list stands there. */
export function listAt(document: ExactJson, pointer: string): readonly ExactJson[] | null {
  const value = valueAtPointer(document, pointer);
  return Array.isArray(value) ? (value as readonly ExactJson[]) : null;
}

/** Both together, as one key; null if one of them is missing. */
export function keyOfAll(...ids: readonly (string | null)[]): string | null {
  return ids.includes(null) ? null : ids.join(" ");
}

/** A part of a body as a lead of its own; refused where it is no object. */
export function leadOfPart(part: ExactJson, key: string | null): SourceLead {
  const bytes = Buffer.from(stringify(part) ?? "null");
  const body = readJsonBody(bytes);
  return { body, bytes, key: body.kind === "lead" ? key : null };
}

/** Kept as a whole: what the sender always has is not there. */
export function withoutList(member: string): LeadsRead {
  return refusal("body_not_an_object", `The body's member "${member}" is no list.`);
}
