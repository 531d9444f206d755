// Fields that are stored sealed and never shown: secrets, addresses (they may hold a token), values of headers.
import { isPrivateHost } from "../private-host.ts";
import type { Format } from "../value-rules.ts";
import type { Checking, Field, FieldTexts, ShownSecret } from "./field.ts";
import { asText, described, plain } from "./plain-fields.ts";

/** What is shown of a secret. */
export const shownSecret = {
  type: "object",
  properties: {
    fingerprint: { type: "string", description: "A short keyed hash: tells two secrets apart." },
    not_after: {
      type: ["string", "null"],
      description: "Valid up to this instant; null: for ever.",
    },
  },
  required: ["fingerprint", "not_after"],
} as const;

/**
 * Signs what is sent, and is replaced without a gap: the item shows it, and those that end, as `secrets`.
 * null where nothing is said.
 */
export function signingSecret(member: string, texts: FieldTexts): Field<string | null> {
  return {
    ...sealed<string | null>(member, texts, "signing-secret"),
    rotates: true,
    shown: {
      member: "secrets",
      schema: {
        type: "array",
        items: shownSecret,
        description: "Deliveries bear a signature by each; empty: none.",
      },
      of: (value, { fingerprint, retiring }): readonly ShownSecret[] => [
        ...(value === null ? [] : [{ fingerprint: fingerprint(value), not_after: null }]),
        ...retiring.map((old) => ({ fingerprint: fingerprint(old.value), not_after: old.notAfter })),
      ],
    },
    read: (written) => (typeof written === "string" ? written : null),
  };
}

/** Given by somebody else, such as the token of an API; the item shows its fingerprint under the member's name. */
export function secretText(member: string, texts: FieldTexts & { readonly format?: Format }): Field<string> {
  return {
    ...sealed<string>(member, texts, texts.format ?? "text"),
    isRequired: true,
    shown: {
      member,
      schema: shownSecret,
      of: (value, { fingerprint }): ShownSecret => ({ fingerprint: fingerprint(value), not_after: null }),
    },
    read: asText,
  };
}

/** As `secretText`; null where nothing is said. */
export function optionalSecret(
  member: string,
  texts: FieldTexts & { readonly format?: Format },
): Field<string | null> {
  return {
    ...sealed<string | null>(member, texts, texts.format ?? "text"),
    shown: {
      member,
      schema: { ...shownSecret, type: ["object", "null"] },
      of: (value, { fingerprint }): ShownSecret | null =>
        value === null ? null : { fingerprint: fingerprint(value), not_after: null },
    },
    read: (written) => (typeof written === "string" ? written : null),
  };
}

/** Where something is sent to over HTTP, the kind's address; its path may hold a token, so that its origin alone is shown. */
export function url(
  member: string,
  texts: FieldTexts & {
    /** The item's member; absent: `origin`. */
    readonly shownAs?: string;
  },
): Field<string> {
  const field = webAddress(member, texts, texts.shownAs ?? "origin");
  return { ...field, isAddress: true, shown: { ...field.shown, isStored: true } };
}

function webAddress(member: string, texts: FieldTexts, shownAs: string): Field<string> {
  return {
    ...plain<string>(member, "url", texts, described(texts, { type: "string", format: "url" })),
    isRequired: true,
    isSealed: true,
    // RFC 2606 keeps `.invalid` from ever being an address.
    standIn: "https://to-be-filled-in.invalid/",
    shown: {
      member: shownAs,
      schema: {
        type: "string",
        description: "Of the address; its path is not shown, as it may hold a token.",
      },
      of: (value) => new URL(value).origin,
    },
    read: asText,
    check: checkedReach(member),
  };
}

function checkedReach(member: string): NonNullable<Field<unknown>["check"]> {
  return (written, checking) => {
    if (typeof written === "string" && URL.canParse(written))
      checkReach(member, new URL(written).hostname, checking);
  };
}

/** As `url`, of something that is not where leads go: the server that gives tokens. */
export function otherUrl(member: string, texts: FieldTexts): Field<string> {
  return webAddress(member, texts, member);
}

/** As `otherUrl`; absent where nothing is said. */
export function optionalUrl(member: string, texts: FieldTexts): Field<string | undefined> {
  return {
    ...plain<string | undefined>(member, "url", texts, described(texts, { type: "string", format: "url" })),
    isSealed: true,
    shown: {
      member,
      schema: { type: ["string", "null"], description: "Of the address; its path is not shown." },
      of: (value) => (value === undefined ? null : new URL(value).origin),
    },
    read: (written) => (written === undefined ? undefined : asText(written)),
    check: checkedReach(member),
  };
}

/** Values often are credentials: names alone are shown. */
export function headers(member: string, texts: FieldTexts): Field<Readonly<Record<string, string>>> {
  const schema = described(texts, {
    type: "object",
    patternProperties: {
      "^.*$": { type: "string", format: "header-value", description: "The header's value." },
    },
    propertyNames: { format: "header-name" },
  });
  return {
    ...plain<Readonly<Record<string, string>>>(member, "headers", texts, schema),
    isSealed: true,
    patching: "by_header",
    shown: {
      member: "header_names",
      schema: { type: "array", items: { type: "string" }, description: "Values are not shown." },
      of: (value) => Object.keys(value),
    },
    read: (written) => (written ?? {}) as Readonly<Record<string, string>>,
    check: (written, checking) => checkHeaders(member, written, checking),
  };
}

/** Of an address, behind its `?`. Values may be credentials: names alone are shown. */
export function parameters(
  member: string,
  texts: FieldTexts & {
    /** The item's member. */
    readonly shownAs: string;
  },
): Field<Readonly<Record<string, string>>> {
  const schema = described(texts, {
    type: "object",
    patternProperties: { "^.*$": { type: "string", description: "The parameter's value." } },
    propertyNames: { format: "text" },
  });
  return {
    ...plain<Readonly<Record<string, string>>>(member, "parameters", texts, schema),
    isSealed: true,
    patching: "by_member",
    shown: {
      member: texts.shownAs,
      schema: { type: "array", items: { type: "string" }, description: "Values are not shown." },
      of: (value) => Object.keys(value),
    },
    read: (written) => (written ?? {}) as Readonly<Record<string, string>>,
  };
}

function sealed<Value>(member: string, texts: FieldTexts, format: Format): Omit<Field<Value>, "read"> {
  const schema = described(texts, { type: "string", format });
  return { ...plain<Value>(member, "secret", texts, schema), isSealed: true };
}

/** Names that are the same to HTTP. */
function checkHeaders(member: string, written: unknown, { note }: Checking): void {
  const seen = new Set<string>();
  for (const name of namesIn(written)) {
    if (seen.has(name.toLowerCase()))
      note("problems", [member, name], { code: "header_twice", params: { name } });
    seen.add(name.toLowerCase());
  }
}

function namesIn(written: unknown): string[] {
  return typeof written === "object" && written !== null && !Array.isArray(written)
    ? Object.keys(written)
    : [];
}

/** For fields that hold a host: whether it is one that is reached only with `allow_private`. */
export function checkReach(member: string, hostname: string, { name, entry, note }: Checking): void {
  if (entry["allow_private"] === true || !isPrivateHost(hostname)) return;
  note("warnings", [member], { code: "destination_private", params: { destination: name } });
}
