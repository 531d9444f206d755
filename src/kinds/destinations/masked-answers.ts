// Many a receiver repeats in its answer what it was sent, credentials too. What is kept and shown of an answer has none of
// the destination's own secrets in it.
import type { Fields } from "../../config/fields/field.ts";
import type { Settings } from "../../config/fields/settings.ts";
import type { Outcome } from "../../domain/destinations/outcome.ts";
import type { Receipt } from "../../domain/destinations/receipt.ts";
import { looksLikeToken, masked } from "../../domain/destinations/shown-address.ts";
import type { AttemptResult, FieldCreated, FieldsRead, NewRemoteField, Sender } from "./sender.ts";

/** Shorter ones are words that stand in any answer, such as a header's `inbound`. */
const secretCharactersMin = 8;
/** So much of a secret is masked where a text ends in the middle of it. */
const beginningCharactersMin = 6;

/** Sends by it; what comes back of attempts, probes and questions for fields has none of these. */
export function maskingSender(sender: Sender, secrets: readonly string[]): Sender {
  const mask = maskOf(secrets);
  const { fields, createField } = sender;
  return {
    attempt: async (message, signal) => maskedResult(await sender.attempt(message, signal), mask),
    async probe() {
      const reached = await sender.probe();
      return reached.reachable ? reached : { ...reached, message: mask(reached.message) };
    },
    ...(fields === undefined ? {} : { fields: async () => maskedUnread(await fields(), mask) }),
    ...(createField === undefined
      ? {}
      : { createField: async (wanted: NewRemoteField) => maskedUnread(await createField(wanted), mask) }),
    close: () => sender.close(),
  };
}

/** All that must not be seen of a destination's settings: secrets, values of headers and parameters, tokens in addresses. */
export function secretsOf(fields: Fields, settings: Settings): readonly string[] {
  return Object.entries(fields).flatMap(([key, { type, isSealed, ways }]): readonly string[] => {
    const value = settings[key];
    if (ways !== undefined && isObject(value)) return secretsOf(ways[String(value["kind"])] ?? {}, value);
    if (!isSealed) return [];
    const texts = textsIn(value);
    return type === "url" ? texts.flatMap(secretsInAddress) : texts;
  });
}

type Mask = (text: string) => string;

function maskedResult({ outcome, durationMs, response }: AttemptResult, mask: Mask): AttemptResult {
  return {
    outcome: maskedOutcome(outcome, mask),
    durationMs,
    response:
      response === null
        ? null
        : {
            status: response.status,
            headers: mapTexts(response.headers, mask),
            bodyExcerpt: mask(response.bodyExcerpt),
          },
  };
}

/** Fields that were read or made are the receiver's; why they were not is its answer. */
function maskedUnread<Read extends FieldsRead | FieldCreated>(read: Read, mask: Mask): Read {
  if (!("outcome" in read)) return read;
  return { ...read, outcome: { ...read.outcome, message: mask(read.outcome.message) } };
}

function maskedOutcome(outcome: Outcome, mask: Mask): Outcome {
  if (outcome.kind === "failed") return { ...outcome, message: mask(outcome.message) };
  if (outcome.receipt === undefined) return outcome;
  const { remoteId, remoteUrl, warning } = outcome.receipt;
  const receipt: Receipt = {
    ...outcome.receipt,
    ...(remoteId === undefined ? {} : { remoteId: mask(remoteId) }),
    ...(remoteUrl === undefined ? {} : { remoteUrl: mask(remoteUrl) }),
    ...(warning === undefined ? {} : { warning: mask(warning) }),
  };
  return { ...outcome, receipt };
}

/** Tokens that were fetched are in no settings; who repeats headers repeats the word before them. */
const credentialsInText = /\b(bearer|basic) {1,4}[\w.~+/=-]{8,8192}/gi;

function maskOf(secrets: readonly string[]): Mask {
  const written = [
    ...new Set(secrets.filter(({ length }) => length >= secretCharactersMin).flatMap(waysToWrite)),
  ];
  // One may be the beginning of another.
  const longestFirst = written.toSorted((one, other) => other.length - one.length);
  return (text) => {
    if (text === "") return text;
    let shown = text;
    for (const secret of longestFirst) if (shown.includes(secret)) shown = shown.replaceAll(secret, masked);
    shown = longestFirst.reduce(withoutBeginningAtEnd, shown);
    return shown.replace(credentialsInText, `$1 ${masked}`);
  };
}

/** As it is, within JSON, within an address, and in base64 by itself. */
function waysToWrite(secret: string): readonly string[] {
  return [
    secret,
    JSON.stringify(secret).slice(1, -1),
    encodeURIComponent(secret.replace(/\p{Surrogate}/gu, "\ufffd")),
    Buffer.from(secret, "utf8").toString("base64"),
  ];
}

/** Only the beginning of an answer is kept, which may end within a secret. */
function withoutBeginningAtEnd(text: string, secret: string): string {
  const beginning = secret.slice(0, beginningCharactersMin);
  const at = text.indexOf(beginning, Math.max(0, text.length - secret.length));
  return at !== -1 && secret.startsWith(text.slice(at)) ? text.slice(0, at) + masked : text;
}

/** Its path says where leads go, but for what looks like a token. */
function secretsInAddress(address: string): readonly string[] {
  if (!URL.canParse(address)) return [address];
  const { username, password, pathname, searchParams } = new URL(address);
  const segments = pathname.split("/").filter(looksLikeToken);
  return [username, password, ...segments, ...searchParams.values()]
    .flatMap((part) => [part, decoded(part)])
    .filter((part) => part !== "");
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  return isObject(value) ? Object.values(value).flatMap(textsIn) : [];
}

function mapTexts(texts: Readonly<Record<string, string>>, mask: Mask): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([name, text]) => [name, mask(text)]));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
