// A JSON body: from bytes to a lead, or to the sentence that says where it is broken.
import { isUtf8 } from "node:buffer";
import { formatPointer } from "../domain/values/json-pointer.ts";
import type { LeadBody, LeadFields } from "../domain/leads/lead-body.ts";
import { refusal } from "../domain/leads/refusal.ts";
import type { Refusal } from "../domain/leads/refusal.ts";
import { findJsonFault, jsonDepthMax, jsonExponentMax, jsonNumberDigitsMax } from "./json-scanner.ts";
import type { JsonFault } from "./json-scanner.ts";
import { notUtf8 } from "./utf8.ts";

/** Reads a JSON text (RFC 8259) whose value is an object. A byte order mark at its start is tolerated. */
export function readJsonBody(rawBody: Buffer): LeadBody | Refusal {
  if (!isUtf8(rawBody)) return notUtf8(rawBody);
  const text = rawBody.toString("utf8");
  const json = text.startsWith("\uFEFF") ? text.slice(1) : text;
  if (json.length === 0 || json.trim() === "") return refusal("body_empty", "The body is empty.");
  const fault = findJsonFault(json);
  if (fault !== null) return faultRefusal(json, fault);
  const value: unknown = JSON.parse(json);
  if (!isObject(value)) {
    return refusal("body_not_an_object", `A lead is a JSON object, but the body is ${kindInWords(value)}.`);
  }
  return { kind: "lead", format: "json", json, value };
}

export function faultRefusal(json: string, fault: JsonFault): Refusal {
  const place = lineAndColumn(json, fault.index);
  const pointer = formatPointer(fault.path);
  const at = fault.code === "json_malformed" || pointer === "" ? place : shortened(pointer);
  return refusal(fault.code, `${faultInWords(json, fault)} (${place}).`, at);
}

function faultInWords(json: string, fault: JsonFault): string {
  switch (fault.code) {
    case "json_malformed":
      return fault.index >= json.length
        ? `The JSON ends too early: expected ${fault.expected}`
        : `The JSON is broken: expected ${fault.expected}`;
    case "json_too_deep":
      return `The JSON is nested deeper than ${jsonDepthMax} levels`;
    case "json_number_out_of_range":
      return `A number has an exponent beyond ±${jsonExponentMax} or more than ${jsonNumberDigitsMax} digits`;
    case "json_nul_character":
      return "The JSON contains a NUL character, which cannot be stored";
    case "json_lone_surrogate":
      return "A \\u escape is half of a surrogate pair, which is no character";
    case "json_duplicate_key":
      return "A field appears twice in the same object, so it is unclear which value is meant";
  }
}

/** Keys come from the sender, so a pointer may be as long as the body; cut between characters, not inside one. */
function shortened(pointer: string): string {
  if (pointer.length <= pointerCharactersMax) return pointer;
  return `${Array.from(pointer).slice(0, pointerCharactersMax).join("")}…`;
}

function lineAndColumn(text: string, index: number): string {
  const before = text.slice(0, index);
  const line = before.split("\n").length;
  return `line ${line}, column ${index - before.lastIndexOf("\n")}`;
}

function isObject(value: unknown): value is LeadFields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function kindInWords(value: unknown): string {
  if (value === null) return "null";
  if (Array.isArray(value)) return "a list";
  return typeof value === "string" ? "a text" : `a ${typeof value}`;
}

const pointerCharactersMax = 200;
