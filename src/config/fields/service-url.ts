// Where a service has its API: at an address that everybody has, unless another is said.
import type { Field, FieldTexts } from "./field.ts";
import { described, plain } from "./plain-fields.ts";
import { checkReach } from "./secret-fields.ts";

/** No secret, so it is shown as it is; a path in it stands before those of the API. */
export function serviceUrl(
  member: string,
  texts: FieldTexts & { readonly preset: string },
): Field<string> & { readonly isAddress: true } {
  return { ...otherServiceUrl(member, texts), isAddress: true };
}

/** As `serviceUrl`, where something else says which leads go where: a spreadsheet's id. */
export function otherServiceUrl(
  member: string,
  { preset, ...texts }: FieldTexts & { readonly preset: string },
): Field<string> {
  const schema = described(texts, { type: "string", format: "url", default: preset });
  return {
    ...plain<string>(member, "url", texts, schema),
    read: (written) => (typeof written === "string" ? written : preset),
    check: (written, checking) => {
      if (typeof written === "string" && URL.canParse(written))
        checkReach(member, new URL(written).hostname, checking);
    },
  };
}

/** `path` below that address: path and query. */
export function pathUnder(serviceUrl: string, path: string): string {
  return new URL(serviceUrl).pathname.replace(/\/$/, "") + path;
}
