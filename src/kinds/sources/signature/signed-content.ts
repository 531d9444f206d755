// What of a request is signed, put together as a scheme says it: `{timestamp}.{body}`.
import { signedSlots } from "./scheme.ts";
import type { SignedSlot } from "./scheme.ts";

/** What stands for the slots; texts of headers have each byte as one Latin-1 character. */
export interface SignedValues {
  readonly body: Buffer;
  readonly timestamp: string;
  readonly id: string;
  readonly uri: string;
}

/** The parts of a signed content in their order. */
export type SignedContent = readonly (SignedSlot | { readonly text: string })[];

export function signedContentOf(signed: string): SignedContent {
  return signed
    .split(/(\{[a-z]+\})/)
    .filter((part) => part !== "")
    .map((part) => slotOf(part) ?? { text: part });
}

export function hasSlot(content: SignedContent, slot: SignedSlot): boolean {
  return content.includes(slot);
}

/** null: the body is signed. */
export function signedProblem(signed: string): "no_body" | null {
  return hasSlot(signedContentOf(signed), "body") ? null : "no_body";
}

function slotOf(part: string): SignedSlot | undefined {
  return signedSlots.find((slot) => part === `{${slot}}`);
}

export interface SignedMessage {
  /** ASCII. */
  readonly head: string;
  readonly body: Buffer | null;
}

/** As head and body where nothing comes behind the body, which is then not copied; else in one piece. */
export function signedMessage(content: SignedContent, values: SignedValues): SignedMessage {
  const head = plainHead(content, values);
  if (head !== null) return { head, body: values.body };
  return { head: "", body: Buffer.concat(content.map((part) => bytesOf(part, values))) };
}

function plainHead(content: SignedContent, values: SignedValues): string | null {
  if (content[content.length - 1] !== "body") return null;
  let head = "";
  for (let index = 0; index < content.length - 1; index++) {
    const part = content[index];
    if (part === undefined || part === "body") return null;
    head += typeof part === "object" ? part.text : part === "method" ? method : values[part];
  }
  return isAscii(head) ? head : null;
}

function bytesOf(part: SignedContent[number], values: SignedValues): Buffer {
  if (typeof part === "object") return Buffer.from(part.text, "utf8");
  if (part === "body") return values.body;
  return Buffer.from(part === "method" ? method : values[part], "latin1");
}

/** Leads come by no other. */
const method = "POST";

function isAscii(text: string): boolean {
  for (let index = 0; index < text.length; index++) if (text.charCodeAt(index) > 0x7f) return false;
  return true;
}
