// The field that holds what a source's sender proves itself with: one secret, or several that are valid at once, each with
// an end if need be, so that one can be replaced without a gap.
import type { SourceSecret } from "../../domain/sources/source.ts";
import { lastValidInstant, parseExpiry } from "../secret-expiry.ts";
import type { Format } from "../value-rules.ts";
import type { Checking, Field, FieldSchema, FieldTexts, ShownSecret } from "./field.ts";
import { plain } from "./plain-fields.ts";
import { shownSecret } from "./secret-fields.ts";

export const secretsPerSourceMax = 10;
const secretCharactersMin = 16;

/** As the sender's system calls it. API and command line take `secret` for each of them. */
export const credentialNames = ["secret", "token", "google_key"] as const;
export type CredentialName = (typeof credentialNames)[number];

/**
 * Written as `secret: x`, or as a list `secrets` of `{ value, not_after }` (with another `name`: `token`, `tokens`);
 * always declared under the key `secrets`.
 */
export function credentials(texts: {
  /** Absent: `secret`. */
  readonly name?: CredentialName;
  readonly format: Extract<Format, "secret" | "token">;
  /** Of the single one. */
  readonly one: FieldTexts;
  readonly several: FieldTexts;
  /** A member with which none is needed: somebody else proves it. Absent: one is needed always. */
  readonly needlessWith?: string;
}): Field<readonly SourceSecret[]> {
  const { needlessWith } = texts;
  const members: Members = {
    one: texts.name ?? "secret",
    several: `${texts.name ?? "secret"}s`,
    needlessWith: needlessWith ?? null,
  };
  return {
    ...plain<readonly SourceSecret[]>(members.several, "secrets", texts.several, schemaOf(texts.format)),
    isSealed: true,
    ...(needlessWith === undefined ? {} : { needlessWith }),
    short: {
      member: members.one,
      texts: texts.one,
      schema: {
        type: "string",
        format: texts.format,
        description: `Short for one entry of \`${members.several}\` without an end.`,
      },
    },
    shown: {
      member: "secrets",
      schema: { type: "array", items: shownSecret, description: "How many there are." },
      of: (secrets, { fingerprint }) =>
        secrets.map(({ value, notAfter }): ShownSecret => ({
          fingerprint: fingerprint(value),
          not_after: notAfter,
        })),
    },
    read: (written, { entry, timezone }) => secretsIn(written ?? oneIn(entry[members.one]), timezone),
    write: (secrets) =>
      secrets.length === 0
        ? undefined
        : secrets.map(({ value, notAfter }) => ({
            value,
            ...(notAfter === null ? {} : { not_after: notAfter.toISOString() }),
          })),
    stored: (secrets) =>
      (secrets as StoredSecrets).map(({ value, notAfter }): SourceSecret => ({
        value,
        notAfter: notAfter === null ? null : new Date(notAfter),
      })),
    check: (_written, checking) => checkSecrets(checking, members),
  };
}

interface Members {
  readonly one: string;
  readonly several: string;
  readonly needlessWith: string | null;
}

function oneIn(value: unknown): readonly unknown[] {
  return value === undefined ? [] : [{ value }];
}

type StoredSecrets = readonly { readonly value: string; readonly notAfter: string | null }[];

function schemaOf(format: Format): FieldSchema {
  return {
    type: "array",
    items: {
      type: "object",
      properties: {
        value: {
          type: "string",
          format,
          description: "The secret; take it from the environment: ${WEBSITE_SECRET}.",
        },
        not_after: {
          type: "string",
          format: "expiry",
          description: "Valid to the end of this day (reporting time zone), or to this instant.",
        },
      },
      required: ["value"],
      additionalProperties: false,
    },
    minItems: 1,
    maxItems: secretsPerSourceMax,
    description: "Several secrets valid at once, so that one can be replaced without a gap.",
  };
}

/** Of an entry that was checked. */
function secretsIn(written: unknown, timezone: string): readonly SourceSecret[] {
  const entries = written as readonly { readonly value: string; readonly not_after?: string }[];
  return entries.map(({ value, not_after: notAfter }) => {
    const expiry = notAfter === undefined ? null : parseExpiry(notAfter);
    return { value, notAfter: expiry === null ? null : lastValidInstant(expiry, timezone) };
  });
}

function checkSecrets({ entry, note, members: known = [] }: Checking, members: Members): void {
  const one = entry[members.one];
  const several = entry[members.several];
  // With a key that is unknown, `secret` is most likely not missing but mistyped, which is reported as such.
  const isMistyped = Object.keys(entry).some((key) => !known.includes(key));
  const [isOne, isSeveral] = [Object.hasOwn(entry, members.one), Object.hasOwn(entry, members.several)];
  const isNeeded = members.needlessWith === null || entry[members.needlessWith] === undefined;
  if (isOne === isSeveral && (isOne || isNeeded) && !isMistyped)
    note("problems", [], { code: "secret_choice", params: { name: members.one } });
  checkSecret(one, [members.one], note);
  if (!Array.isArray(several)) return;
  several.forEach((each: unknown, index) => {
    const value = typeof each === "object" && each !== null ? (each as { value?: unknown }).value : undefined;
    checkSecret(value, [members.several, String(index), "value"], note);
  });
}

function checkSecret(secret: unknown, place: readonly string[], note: Checking["note"]): void {
  if (typeof secret !== "string" || secret === "") return;
  if (secret.trim() !== secret) note("warnings", place, { code: "secret_spaces", params: {} });
  if (Array.from(secret).length < secretCharactersMin)
    note("warnings", place, { code: "secret_short", params: { charactersMin: secretCharactersMin } });
}
