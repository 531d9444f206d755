// A JSON body that is a list of leads, or an object with one: cut into its items as they were sent, so that a fault in one
// of them is that one's alone and no digit is lost.
import { isUtf8 } from "node:buffer";
import { refusal } from "../domain/leads/refusal.ts";
import type { Refusal } from "../domain/leads/refusal.ts";
import { faultRefusal } from "./json-body.ts";
import { findJsonFault } from "./json-scanner.ts";
import { notUtf8 } from "./utf8.ts";

/**
 * The items' bytes, each for `readJsonBody`; a refusal where the text around them is at fault.
 * @param member the name of the object's member that is the list; null: the body itself is it
 */
export function readJsonList(rawBody: Buffer, member: string | null): readonly Buffer[] | Refusal {
  if (!isUtf8(rawBody)) return notUtf8(rawBody);
  const text = rawBody.toString("utf8").replace(/^\uFEFF/, "");
  if (text.trim() === "") return refusal("body_empty", "The body is empty.");
  const fault = findJsonFault(text);
  const ownDepth = member === null ? 1 : 2;
  const isInItem =
    fault !== null && fault.path.length >= ownDepth && (member === null || fault.path[0] === member);
  if (fault !== null && (!isInItem || fault.code === "json_malformed")) return faultRefusal(text, fault);
  const list = listIn(text, member);
  const items = list === null ? null : itemsOf(text, member);
  if (items === null || items.length !== list?.length) {
    const place = member === null ? "The body" : `The body's member "${member}"`;
    return refusal("body_not_an_object", `${place} is no list of leads.`);
  }
  return items.map((item) => Buffer.from(item));
}

/** Behind a fault that is one item's alone nothing has been looked at. */
function listIn(text: string, member: string | null): readonly unknown[] | null {
  try {
    const value: unknown = JSON.parse(text);
    const list = member === null ? value : (value as Record<string, unknown> | null)?.[member];
    return Array.isArray(list) ? list : null;
  } catch {
    return null;
  }
}

/** Of a text that JSON.parse takes. */
function itemsOf(text: string, member: string | null): string[] {
  const listDepth = member === null ? 1 : 2;
  const items: string[] = [];
  let depth = 0;
  let isInList = member === null;
  let start = -1;
  for (const token of tokensOf(text)) {
    const { kind, from, to } = token;
    if (kind === "close" || kind === "comma") {
      if (depth === listDepth && isInList && start >= 0) {
        items.push(text.slice(start, from));
        start = -1;
      }
      if (kind === "close" && depth-- === listDepth && member !== null) isInList = false;
      continue;
    }
    if (depth === listDepth && isInList && start < 0) start = from;
    if (kind === "open") {
      depth += 1;
    } else if (kind === "text" && depth === 1 && member !== null && isName(text, from, to, member)) {
      // A second list of that name adds to the first: then there are more items than the parser saw.
      isInList = true;
    }
  }
  return items.map((item) => item.trim());
}

interface Token {
  readonly kind: "open" | "close" | "comma" | "text" | "other";
  readonly from: number;
  readonly to: number;
}

function* tokensOf(text: string): Generator<Token> {
  let at = 0;
  while (at < text.length) {
    const from = at;
    const character = text.charAt(at++);
    if ("{[".includes(character)) yield { kind: "open", from, to: at };
    else if ("}]".includes(character)) yield { kind: "close", from, to: at };
    else if (character === ",") yield { kind: "comma", from, to: at };
    else if (character === '"') {
      for (; text.charAt(at) !== '"'; at++) if (text.charAt(at) === "\\") at++;
      yield { kind: "text", from, to: ++at };
    } else if (!" \n\r\t:".includes(character)) yield { kind: "other", from, to: at };
  }
}

function isName(text: string, from: number, to: number, member: string): boolean {
  const colon = /\s*:/y;
  colon.lastIndex = to;
  return colon.test(text) && JSON.parse(text.slice(from, to)) === member;
}
