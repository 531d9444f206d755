// An application/x-www-form-urlencoded body: from bytes to a lead.
import { isUtf8 } from "node:buffer";
import type { LeadBody } from "../domain/leads/lead-body.ts";
import { refusal } from "../domain/leads/refusal.ts";
import type { Refusal } from "../domain/leads/refusal.ts";
import { formFieldsMax, holdsNul, leadFromFields } from "./form-fields.ts";
import { notUtf8, withoutByteOrderMark } from "./utf8.ts";

/**
 * Parses as browsers do (WHATWG URL section 5.1): a `%` that begins no escape stands for itself, so "100%" loses
 * nothing. Unlike browsers it refuses what is not UTF-8 instead of replacing it.
 */
export function readFormBody(rawBody: Buffer): LeadBody | Refusal {
  if (!isUtf8(rawBody)) return notUtf8(rawBody);
  const text = withoutByteOrderMark(rawBody).toString("utf8");
  // URLSearchParams takes a leading "?" for decoration; here it belongs to the first name.
  if (hasTooManyFields(text)) {
    return refusal("form_malformed", `The form has more than ${formFieldsMax} fields.`);
  }
  const fields = [...new URLSearchParams(`&${text}`)];
  if (fields.length === 0) return refusal("body_empty", "The body is a form without any field.");
  if (fields.some(([name, value]) => hasReplacement(name) || hasReplacement(value))) {
    const refused = refuseReplaced(text);
    if (refused !== null) return refused;
  }
  const withNul = fields.findIndex(([name, value]) => holdsNul(name, value));
  if (withNul !== -1) {
    const place = `field ${withNul + 1}`;
    return refusal(
      "form_malformed",
      `The form has a NUL character in ${place}, which cannot be stored.`,
      place,
    );
  }
  return leadFromFields(fields);
}

/** Counted before they are made: as an object a field of one byte takes a hundred. */
function hasTooManyFields(text: string): boolean {
  let fields = 0;
  let start = 0;
  while (start < text.length && fields <= formFieldsMax) {
    const ampersand = text.indexOf("&", start);
    const end = ampersand === -1 ? text.length : ampersand;
    // Nothing between two ampersands is no field.
    if (end > start) fields += 1;
    start = end + 1;
  }
  return fields > formFieldsMax;
}

function hasReplacement(text: string): boolean {
  return text.includes("\uFFFD");
}

/** Somebody may have sent U+FFFD itself; only a decoder that throws instead of replacing can tell. */
function refuseReplaced(text: string): Refusal | null {
  try {
    decodeURIComponent(text.replaceAll(/%(?![0-9a-f]{2})/gi, "%25"));
    return null;
  } catch {
    return refusal("body_not_utf8", "The form's percent-encoded text is not valid UTF-8.");
  }
}
