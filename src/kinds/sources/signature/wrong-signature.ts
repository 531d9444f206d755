// Why a signature is not the right one, as far as it can be found out: how it is written, and what it would fit. For
// whoever has to correct the sender; nothing in it is secret.
import type { Texts } from "../../../domain/errors/explained.ts";
import { validSecrets } from "../../../domain/sources/source.ts";
import type { SourceSecret } from "../../../domain/sources/source.ts";
import { listNames, secretEncodings } from "./scheme.ts";
import type { SecretEncoding, SignatureAlgorithm, SignatureEncoding, SignatureScheme } from "./scheme.ts";
import { signedContentOf, signedMessage } from "./signed-content.ts";
import type { SignedValues } from "./signed-content.ts";
import { signWith, signingKeyOf, unfilled } from "./signing-key.ts";

export interface WrongSignature {
  /** The value of the signature's header. */
  readonly header: string;
  /** What of it was taken for signatures. */
  readonly signatures: readonly string[];
  /** One for each way in which the address may have been written; empty: not looked at. */
  readonly values: readonly SignedValues[];
  readonly secrets: readonly SourceSecret[] | undefined;
  readonly nowMs: number;
}

/** Of larger ones it is not tried out what was signed: whoever has no secret must not cost more than their share. */
const triedBodyBytesMax = 16_384;

export function wrongSignature(scheme: SignatureScheme, wrong: WrongSignature): Texts {
  const pattern = patternOf(scheme.algorithm, scheme.encoding);
  if (!wrong.signatures.some((signature) => pattern.test(signature))) return wrongForm(scheme, wrong.header);
  for (const values of wrong.values) {
    const fitting = values.body.length > triedBodyBytesMax ? null : whatFits(scheme, wrong, values);
    if (fitting !== null) return fitting;
  }
  return rightForm(scheme);
}

function rightForm({ signed }: SignatureScheme): Texts {
  return {
    en: `It has the right form: the secret is a different one, or other bytes were signed than were sent, or not as "${signed}".`,
    de: `Die Form stimmt: Das Geheimnis ist ein anderes, oder es wurden andere Bytes signiert als gesendet, oder nicht als „${signed}“.`,
  };
}

function wrongForm(scheme: SignatureScheme, value: string): Texts {
  const { en, de } = writtenAs(scheme, value);
  const expected = expectedForm(scheme);
  return {
    en: `${scheme.header} is ${en}. Expected: ${expected.en}.`,
    de: `${scheme.header} ist ${de}. Erwartet: ${expected.de}.`,
  };
}

function expectedForm({ format, algorithm, encoding, timestampUnit }: SignatureScheme): Texts {
  const count = charactersOf(algorithm, encoding);
  const digits: Texts =
    encoding === "hex"
      ? { en: `<${count} hex digits>`, de: `<${count} Hex-Ziffern>` }
      : { en: `<${count} characters of ${encoding}>`, de: `<${count} Zeichen ${encoding}>` };
  const time: Texts = { en: `<unix time in ${timestampUnit}>`, de: `<Unix-Zeit in ${timestampUnit}>` };
  const filled = (language: "en" | "de"): string =>
    format.replace("{signature}", digits[language]).replace("{timestamp}", time[language]);
  return { en: filled("en"), de: filled("de") };
}

function writtenAs(scheme: SignatureScheme, value: string): Texts {
  const { format, algorithm, encoding } = scheme;
  const isList = listNames(format) !== null;
  if (!isList && /^(?:t|v[0-9]{1,2}|s)=/.test(value))
    return { en: "a list as of another system", de: "eine Liste wie von einem anderen System" };
  const named = /^(md5|sha1|sha256|sha384|sha512)=/i.exec(value)?.[1]?.toLowerCase();
  const bare = value.replace(/^(?:(?:md5|sha[0-9]{1,3})=|v[0-9]{1,2}[,=])/i, "");
  const found = forms.find(({ pattern }) => pattern.test(bare));
  if ((named ?? algorithm) !== algorithm || (found?.algorithm ?? algorithm) !== algorithm)
    return {
      en: `by another hash than ${algorithmNames[algorithm]}`,
      de: `mit einem anderen Hash als ${algorithmNames[algorithm]}`,
    };
  if (isList) return { en: "no list, or one without a signature", de: "keine Liste oder eine ohne Signatur" };
  if (found !== undefined && (found.encoding === "hex") !== (encoding === "hex"))
    return {
      en: `${shownEncoding(found.encoding)} instead of ${shownEncoding(encoding)}`,
      de: `${germanEncoding(found.encoding)} statt ${germanEncoding(encoding)}`,
    };
  const [before = ""] = format.split("{signature}");
  if (found !== undefined && before !== "" && bare === value)
    return { en: `without ${before} in front`, de: `ohne ${before} davor` };
  return {
    en: `written otherwise (${value.length} characters)`,
    de: `anders geschrieben (${value.length} Zeichen)`,
  };
}

const digestBytes: Readonly<Record<SignatureAlgorithm, number>> = { sha256: 32, sha512: 64, sha1: 20 };

const algorithmNames: Readonly<Record<SignatureAlgorithm, string>> = {
  sha256: "SHA-256",
  sha512: "SHA-512",
  sha1: "SHA-1",
};

function charactersOf(algorithm: SignatureAlgorithm, encoding: SignatureEncoding): number {
  const bytes = digestBytes[algorithm];
  return encoding === "hex" ? 2 * bytes : Math.ceil((bytes * 8) / 6);
}

function patternOf(algorithm: SignatureAlgorithm, encoding: SignatureEncoding): RegExp {
  return patterns[encoding][algorithm];
}

const patterns: Readonly<Record<SignatureEncoding, Readonly<Record<SignatureAlgorithm, RegExp>>>> = {
  hex: { sha256: /^[0-9a-f]{64}$/i, sha512: /^[0-9a-f]{128}$/i, sha1: /^[0-9a-f]{40}$/i },
  base64: {
    sha256: /^[A-Za-z0-9+/]{43}=?$/,
    sha512: /^[A-Za-z0-9+/]{86}(?:==)?$/,
    sha1: /^[A-Za-z0-9+/]{27}=?$/,
  },
  base64url: {
    sha256: /^[A-Za-z0-9_-]{43}=?$/,
    sha512: /^[A-Za-z0-9_-]{86}(?:==)?$/,
    sha1: /^[A-Za-z0-9_-]{27}=?$/,
  },
};

const forms = (["hex", "base64", "base64url"] as const).flatMap((encoding) =>
  (["sha256", "sha512", "sha1"] as const).map((algorithm) => ({
    encoding,
    algorithm,
    pattern: patternOf(algorithm, encoding),
  })),
);

function shownEncoding(encoding: SignatureEncoding): string {
  return encoding;
}

function germanEncoding(encoding: SignatureEncoding): string {
  return { hex: "Hex", base64: "Base64", base64url: "Base64url" }[encoding];
}

/** One deviation at a time, those that are usual. null: none of them explains it. */
function whatFits(scheme: SignatureScheme, wrong: WrongSignature, values: SignedValues): Texts | null {
  const { secrets, nowMs } = wrong;
  const live = validSecrets(secrets, nowMs);
  const own = { signed: scheme.signed, values, encoding: scheme.secretEncoding };
  const ended = (secrets ?? []).filter((secret) => secret.value !== "" && !live.includes(secret));
  if (fits(scheme, wrong, ended, own))
    return {
      en: "It was made with a secret that has ended.",
      de: "Sie wurde mit einem Geheimnis gemacht, dessen Gültigkeit abgelaufen ist.",
    };
  for (const { body, texts } of otherBodies(values.body))
    if (fits(scheme, wrong, live, { ...own, values: { ...values, body } })) return texts;
  for (const signed of otherContents(scheme, values))
    if (fits(scheme, wrong, live, { ...own, signed }))
      return {
        en: `It was made over "${signed}", and expected is "${scheme.signed}".`,
        de: `Sie wurde über „${signed}“ gemacht, erwartet wird „${scheme.signed}“.`,
      };
  for (const encoding of secretEncodings.filter((each) => each !== scheme.secretEncoding))
    if (fits(scheme, wrong, live, { ...own, encoding }))
      return {
        en: `It was made with the right secret, but taken as ${encoding} and not as ${scheme.secretEncoding}.`,
        de: `Sie wurde mit dem richtigen Geheimnis gemacht, es wurde aber als ${encoding} gelesen und nicht als ${scheme.secretEncoding}.`,
      };
  return null;
}

interface Trial {
  readonly signed: string;
  readonly values: SignedValues;
  readonly encoding: SecretEncoding;
}

function fits(
  { algorithm, encoding: written }: SignatureScheme,
  { signatures }: WrongSignature,
  secrets: readonly SourceSecret[],
  { signed, values, encoding }: Trial,
): boolean {
  const { head, body } = signedMessage(signedContentOf(signed), values);
  return secrets.some(({ value }) => {
    const key = signingKeyOf(value, encoding);
    const made = key === null ? null : signWith(key, algorithm, written)(head, body);
    return signatures.some((each) => made === (written === "hex" ? each.toLowerCase() : unfilled(each)));
  });
}

/** Of those whose values are there. */
function otherContents({ signed }: SignatureScheme, { timestamp, id }: SignedValues): readonly string[] {
  return ["{body}", "{timestamp}.{body}", "{timestamp}:{body}", "{timestamp}{body}", "{body}{timestamp}"]
    .concat(["{id}.{timestamp}.{body}", "{id}.{body}", "{body}{id}"])
    .filter((other) => other !== signed)
    .filter((other) => timestamp !== "" || !other.includes("{timestamp}"))
    .filter((other) => id !== "" || !other.includes("{id}"));
}

function otherBodies(body: Buffer): readonly { readonly body: Buffer; readonly texts: Texts }[] {
  const text = body.toString("utf8");
  const rewritten = rewrittenJson(text).map((json) => ({ body: Buffer.from(json), texts: rewrittenTexts }));
  return [
    ...rewritten,
    { body: Buffer.from(text.trim()), texts: spacesTexts },
    { body: Buffer.from(`${text}\n`), texts: spacesTexts },
    { body: Buffer.alloc(0), texts: emptyTexts },
  ];
}

const rewrittenTexts: Texts = {
  en: "It was made over the same JSON written anew (other spaces or escapes): the sender must sign the very bytes that it sends.",
  de: "Sie wurde über dasselbe JSON in anderer Schreibweise gemacht (andere Leerzeichen oder Escapes): Der Absender muss genau die Bytes signieren, die er sendet.",
};

const spacesTexts: Texts = {
  en: "It was made over the body with other spaces or line breaks at its ends: the sender must sign the very bytes that it sends.",
  de: "Sie wurde über den Inhalt mit anderen Leerzeichen oder Zeilenumbrüchen am Rand gemacht: Der Absender muss genau die Bytes signieren, die er sendet.",
};

const emptyTexts: Texts = {
  en: "It was made without the body.",
  de: "Sie wurde ohne den Inhalt gemacht.",
};

/** As JavaScript, Python and PHP write it by default; none: it is no JSON. */
function rewrittenJson(text: string): readonly string[] {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return [];
  }
  const compact = JSON.stringify(value);
  const ascii = compact.replace(
    /[\u0080-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  const spaced = JSON.stringify(value, null, 2);
  return [compact, ascii, ascii.replaceAll("/", "\\/"), compact.replaceAll("/", "\\/"), spaced];
}
