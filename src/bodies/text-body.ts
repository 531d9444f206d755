// A body that is a text, whatever charset it came in, as the UTF-8 that everything after reads. Forms are not touched:
// their escapes are bytes of a charset of their own (form-body.ts, multipart-body.ts).
import { refusal } from "../domain/leads/refusal.ts";
import type { Refusal } from "../domain/leads/refusal.ts";
import { charsetOf, declaredCharset, textIn, utf16Of } from "./charset.ts";
import { bodyMediaType } from "./content-type.ts";

export type TextBody = { readonly kind: "text"; readonly body: Buffer; readonly charset: string } | Refusal;

/** null: as it is; nearly always. */
export function textBody(rawBody: Buffer, contentType: string | undefined): TextBody | null {
  const utf16 = utf16Of(rawBody);
  if (utf16 === null && (contentType === undefined || !/charset/i.test(contentType))) return null;
  if (isForm(rawBody, contentType)) return null;
  const label = declaredCharset(contentType ?? "");
  const charset = utf16 ?? (label === null ? null : charsetOf(label));
  if (charset === null || charset === "utf-8") return null;
  const read = textIn(rawBody, charset);
  if (read === null) return refusal("body_not_utf8", `The body is not valid ${charset}, as it says.`);
  return read.charset === null ? null : { kind: "text", body: Buffer.from(read.text), charset: read.charset };
}

/** JSON is often called a form, but no form begins like it. */
function isForm(rawBody: Buffer, contentType: string | undefined): boolean {
  const type = bodyMediaType(contentType);
  if (type === "multipart") return true;
  return type === "urlencoded" && !/^\s*[{["]/.test(rawBody.toString("latin1", 0, 64).replaceAll("\0", ""));
}
