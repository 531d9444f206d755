// The fields that say how a sender signs: each may be left out, and LeadLedger's own way then holds. What is as usual is not
// stored, so that sources without these fields stay what they were.
import type { Checking, Field, FieldTexts } from "../../../config/fields/field.ts";
import { choice, duration, plain } from "../../../config/fields/plain-fields.ts";
import type { InBothLanguages } from "../../../domain/configuration/form-words.ts";
import type { SourceAuth } from "../../../domain/sources/source.ts";
import {
  formatProblem,
  secretEncodings,
  signatureAlgorithms,
  signatureEncodings,
  timestampUnits,
  usualScheme,
} from "./scheme.ts";
import type { SignatureScheme } from "./scheme.ts";
import { signedProblem } from "./signed-content.ts";
import { signingKeyOf } from "./signing-key.ts";

/** By the names that a scheme has them under. */
export const schemeFields = {
  header: optional(
    namedText("header", usualScheme.header, isHeaderName, headerExpected, {
      label: { en: "Header of the signature", de: "Header der Signatur" },
      help: { en: "The header that holds the signature.", de: "Der Header, in dem die Signatur steht." },
      example: "X-Hub-Signature-256",
      advanced: true,
      option: { name: "signature-header" },
    }),
    usualScheme.header,
  ),
  format: optional(
    namedText("format", usualScheme.format, (text) => formatProblem(text) === null, formatExpected, {
      label: { en: "How the signature is written", de: "Schreibweise der Signatur" },
      help: {
        en: "What the header's value looks like, with `{signature}` where the signature stands; several of them are apart by spaces. A list has the time too: `t={timestamp},v1={signature}`.",
        de: "Wie der Wert des Headers aussieht, mit `{signature}` an der Stelle der Signatur; mehrere sind durch Leerzeichen getrennt. Eine Liste enthält auch die Zeit: `t={timestamp},v1={signature}`.",
      },
      example: "t={timestamp},v1={signature}",
      advanced: true,
      option: { name: "signature-format" },
    }),
    usualScheme.format,
  ),
  algorithm: optional(
    choice("algorithm", {
      label: { en: "Hash", de: "Hash" },
      help: {
        en: "The hash of the HMAC; SHA-1 only for old senders.",
        de: "Der Hash des HMAC; SHA-1 nur für alte Absender.",
      },
      advanced: true,
      options: options(signatureAlgorithms, {
        sha256: { en: "SHA-256", de: "SHA-256" },
        sha512: { en: "SHA-512", de: "SHA-512" },
        sha1: { en: "SHA-1", de: "SHA-1" },
      }),
      preset: usualScheme.algorithm,
    }),
    usualScheme.algorithm,
  ),
  encoding: optional(
    choice("encoding", {
      label: { en: "Encoding of the signature", de: "Kodierung der Signatur" },
      help: {
        en: "How the signature's bytes are written.",
        de: "Wie die Bytes der Signatur geschrieben werden.",
      },
      advanced: true,
      options: options(signatureEncodings, {
        hex: { en: "Hexadecimal", de: "Hexadezimal" },
        base64: { en: "Base64", de: "Base64" },
        base64url: { en: "Base64url", de: "Base64url" },
      }),
      preset: usualScheme.encoding,
    }),
    usualScheme.encoding,
  ),
  secretEncoding: optional(
    choice("secret_encoding", {
      label: { en: "Encoding of the secret", de: "Kodierung des Geheimnisses" },
      help: {
        en: "How the secret's text becomes the key: as it is, or as bytes written in hex or base64; whsec is base64 behind `whsec_`.",
        de: "Wie aus dem Text des Geheimnisses der Schlüssel wird: so, wie er ist, oder als Bytes in Hex oder Base64; whsec ist Base64 hinter `whsec_`.",
      },
      advanced: true,
      options: options(secretEncodings, {
        utf8: { en: "Text as it is", de: "Text, wie er ist" },
        hex: { en: "Hexadecimal", de: "Hexadezimal" },
        base64: { en: "Base64", de: "Base64" },
        whsec: { en: "Base64 behind whsec_", de: "Base64 hinter whsec_" },
      }),
      preset: usualScheme.secretEncoding,
    }),
    usualScheme.secretEncoding,
  ),
  signed: optional(
    namedText("signed", usualScheme.signed, (text) => signedProblem(text) === null, signedExpected, {
      label: { en: "What is signed", de: "Was signiert wird" },
      help: {
        en: "In the order in which the sender puts it together: `{body}`, `{timestamp}`, `{id}`, `{method}`, `{uri}` and any other text between them. `{uri}` is the whole address that the sender calls.",
        de: "In der Reihenfolge, in der der Absender es zusammensetzt: `{body}`, `{timestamp}`, `{id}`, `{method}`, `{uri}` und beliebiger Text dazwischen. `{uri}` ist die ganze Adresse, die der Absender aufruft.",
      },
      example: "{id}.{timestamp}.{body}",
      advanced: true,
    }),
    usualScheme.signed,
  ),
  timestampHeader: optional(
    namedText("timestamp_header", usualScheme.timestampHeader, isHeaderName, headerExpected, {
      label: { en: "Header of the time", de: "Header der Zeit" },
      help: {
        en: "The header that holds the time, if it is signed and does not stand beside the signature.",
        de: "Der Header mit der Zeit, wenn sie signiert wird und nicht neben der Signatur steht.",
      },
      example: "X-Request-Timestamp",
      advanced: true,
    }),
    usualScheme.timestampHeader,
  ),
  timestampUnit: optional(
    choice("timestamp_unit", {
      label: { en: "Unit of the time", de: "Einheit der Zeit" },
      help: { en: "Since 1970.", de: "Seit 1970." },
      advanced: true,
      options: options(timestampUnits, {
        s: { en: "Seconds", de: "Sekunden" },
        ms: { en: "Milliseconds", de: "Millisekunden" },
      }),
      preset: usualScheme.timestampUnit,
    }),
    usualScheme.timestampUnit,
  ),
  toleranceMs: optional(
    duration("tolerance", {
      label: { en: "How far the time may be off", de: "Erlaubte Abweichung der Zeit" },
      help: {
        en: "Into the past and into the future.",
        de: "In die Vergangenheit und in die Zukunft.",
      },
      advanced: true,
      format: "duration-window",
      presetMs: usualScheme.toleranceMs,
    }),
    usualScheme.toleranceMs,
  ),
  idHeader: optional(
    namedText("id_header", usualScheme.idHeader, isHeaderName, headerExpected, {
      label: { en: "Header of the id", de: "Header der Kennung" },
      help: {
        en: "The header that holds what `{id}` stands for.",
        de: "Der Header, für dessen Wert `{id}` steht.",
      },
      example: "webhook-id",
      advanced: true,
    }),
    usualScheme.idHeader,
  ),
  unsigned: {
    ...plain<string | undefined>("unsigned", "text", unsignedTexts(), {
      type: "string",
      format: "text",
      description: unsignedTexts().help.en,
    }),
    shown: { member: "unsigned", schema: { type: ["string", "null"] }, of: (value) => value ?? null },
    read: (written) => (typeof written === "string" ? written : undefined),
  } satisfies Field<string | undefined>,
} as const;

/** What the fields of a source say, LeadLedger's own way where they say nothing. */
export function schemeOf(auth: SourceAuth): SignatureScheme {
  const said = Object.keys(schemeFields).flatMap((key) =>
    auth[key] === undefined ? [] : [[key, auth[key]]],
  );
  return { ...usualScheme, ...(Object.fromEntries(said) as Partial<SignatureScheme>) };
}

export function isUsual(auth: SourceAuth): boolean {
  return Object.keys(schemeFields).every((key) => auth[key] === undefined);
}

/** That every secret is of the encoding that the entry names. */
export function checkSecretEncoding({ entry, note }: Checking): void {
  const encoding = secretEncodings.find((each) => each === entry["secret_encoding"]);
  if (encoding !== undefined) noteUndecodable(encoding, entry, note);
}

/** Says of each of an entry's secrets that is no key in this encoding where it stands. */
export function noteUndecodable(
  encoding: (typeof secretEncodings)[number],
  entry: Checking["entry"],
  note: Checking["note"],
): void {
  const several = Array.isArray(entry["secrets"]) ? (entry["secrets"] as readonly unknown[]) : [];
  const written: readonly (readonly [unknown, readonly string[]])[] = [
    [entry["secret"], ["secret"]],
    ...several.map((each, index): readonly [unknown, readonly string[]] => [
      (each as { readonly value?: unknown } | null)?.value,
      ["secrets", String(index), "value"],
    ]),
  ];
  for (const [value, place] of written)
    if (typeof value === "string" && value !== "" && signingKeyOf(value, encoding) === null)
      note("problems", place, { code: "text_unfit", params: { expected: secretExpected[encoding] } });
}

const secretExpected = {
  utf8: { en: "any text", de: "irgendein Text" },
  hex: { en: "bytes in hex: 6c65646765", de: "Bytes in Hex: 6c65646765" },
  base64: { en: "bytes in base64: bGVkZ2Vy", de: "Bytes in Base64: bGVkZ2Vy" },
  whsec: {
    en: "base64, usually behind whsec_: whsec_bGVkZ2Vy",
    de: "Base64, meist hinter whsec_: whsec_bGVkZ2Vy",
  },
} as const;

/** The same field, silent where it says what is usual. */
function optional<Value>(field: Field<Value>, usual: Value): Field<Value | undefined> {
  const { shown } = field;
  return {
    ...(field as Field<Value | undefined>),
    isRequired: false,
    read: (written, reading) => {
      const value = written === undefined ? usual : field.read(written, reading);
      return value === usual ? undefined : value;
    },
    write: (value) => (value === undefined ? undefined : field.write(value)),
    shown: { ...shown, of: (value, secrets) => shown.of(value ?? usual, secrets) },
  };
}

function namedText(
  member: string,
  preset: string,
  isFit: (text: string) => boolean,
  expected: () => { readonly en: string; readonly de: string },
  texts: FieldTexts,
): Field<string> {
  return {
    ...plain<string>(member, "text", texts, {
      type: "string",
      format: "text",
      default: preset,
      description: texts.help.en,
    }),
    read: (written) => (typeof written === "string" ? written : preset),
    check: (written, { note }) => {
      if (typeof written === "string" && written !== "" && !isFit(written))
        note("problems", [member], { code: "text_unfit", params: { expected: expected() } });
    },
  };
}

function options<Word extends string>(
  words: readonly Word[],
  labels: Readonly<Record<Word, InBothLanguages>>,
) {
  return words.map((value) => ({ value, label: labels[value], help: labels[value] }));
}

/** Nothing that every object has: it would be found where no such header is. */
function isHeaderName(text: string): boolean {
  return /^[!#$%&'*+\-.^_`|~0-9A-Za-z]{1,100}$/.test(text) && !(text.toLowerCase() in {});
}

/** For a field that names a header. */
export function checkHeaderName(member: string): NonNullable<Field<string>["check"]> {
  return (written, { note }) => {
    if (typeof written === "string" && written !== "" && !isHeaderName(written))
      note("problems", [member], { code: "text_unfit", params: { expected: headerExpected() } });
  };
}

function headerExpected() {
  return { en: "the name of a header: X-Signature", de: "der Name eines Headers: X-Signature" };
}

function formatExpected() {
  return {
    en: "a text with {signature} in it once, or a list of two: sha256={signature}, t={timestamp},v1={signature}",
    de: "ein Text, in dem einmal {signature} steht, oder eine Liste aus zweien: sha256={signature}, t={timestamp},v1={signature}",
  };
}

function signedExpected() {
  return {
    en: "a text with {body} in it: {timestamp}.{body}",
    de: "ein Text, in dem {body} steht: {timestamp}.{body}",
  };
}

function unsignedTexts(): FieldTexts {
  return {
    label: { en: "Value that means “not signed”", de: "Wert, der „nicht signiert“ bedeutet" },
    help: {
      en: "What some senders write into the header while they have no secret: such a request is refused as one without a signature.",
      de: "Was manche Absender in den Header schreiben, solange sie kein Geheimnis haben: Eine solche Anfrage wird abgewiesen wie eine ohne Signatur.",
    },
    example: "no-secret-provided",
    advanced: true,
  };
}
