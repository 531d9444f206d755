// Configuration as the database holds it: what may be read by anyone in the open, what may not encrypted.
import { createHmac } from "node:crypto";
import { clientIn, destinationsOfSource } from "../domain/clients/client.ts";
import type { Destination } from "../domain/destinations/destination.ts";
import type { Source, SourceAuth } from "../domain/sources/source.ts";
import type { StoredConfiguration, StoredPart } from "../ledger/configuration/configuration.ts";
import { defaultCountry } from "../domain/values/phone-number.ts";
import { declaredOf, keyReuseOf } from "./declared-kind.ts";
import type { DeclaredKinds } from "./declared-kind.ts";
import { openSettings, sealedSettings, settingsOf, storedSettings } from "./fields/settings.ts";
import type { Settings } from "./fields/settings.ts";

/** Encrypts and decrypts with the subkey `stored-secrets`; `associated` binds a ciphertext to its place. */
export interface SecretBox {
  readonly key: Buffer;
  encrypt(associated: string, secret: string): Buffer;
  decrypt(associated: string, stored: Buffer): string;
}

export interface Parts {
  readonly sources: readonly Source[];
  readonly destinations: readonly Destination[];
}

export function toStored(
  { sources, destinations }: Parts,
  box: SecretBox,
  kinds: DeclaredKinds,
): StoredConfiguration {
  return {
    sources: sources.map((source) => storedSource(source, box, kinds)),
    destinations: destinations.map((destination) => storedDestination(destination, box, kinds)),
  };
}

/** Names of the destinations that no source sends to: they get no leads. */
export function destinationsWithoutSource({ sources, destinations }: Parts): string[] {
  const reached = new Set(sources.flatMap((source) => destinationsOfSource(source, destinations)));
  return destinations.filter((destination) => !reached.has(destination)).map(({ name }) => name);
}

/** Throws when a secret cannot be decrypted: it was stored under a different key, or has been altered. */
export function fromStored(stored: StoredConfiguration, box: SecretBox, kinds: DeclaredKinds): Parts {
  return {
    sources: stored.sources.map((part) => sourceOf(part, box, kinds)),
    destinations: stored.destinations.map((part) => destinationOf(part, box, kinds)),
  };
}

/** Eight hex digits that tell two secrets of a part apart; without the key nobody learns anything from them. */
export function secretFingerprint(box: SecretBox, part: string, secret: string): string {
  return createHmac("sha256", box.key).update(`fingerprint:${part}:${secret}`).digest("hex").slice(0, 8);
}

/** Members that came later are absent in what was stored before. */
type LaterMembers = "label" | "client" | "onBadCredentials" | "onKeyReuse" | "samePerson" | "country" | "map";
type SourceSettings = Omit<Source, "name" | "auth" | LaterMembers> &
  Partial<Pick<Source, LaterMembers>> & {
    /** Everything of it that is not sealed. */
    readonly auth: SourceAuth;
  };

/** Throws where this program does not know the kind: it can show such a source, but not change it. */
export function storedSource(source: Source, box: SecretBox, kinds: DeclaredKinds): StoredPart {
  const { name, auth, ...rest } = source;
  const declared = declaredOf(kinds.sources, auth.kind);
  if (declared === undefined) throw new Error(`no sources of kind ${auth.kind} are known here`);
  const { fields } = declared;
  const settings: SourceSettings = {
    ...rest,
    auth: { ...openSettings(fields, auth), kind: auth.kind },
    // Not written where it is not so: what was stored before stays as it was.
    completes: declared.completes?.(auth) === true ? true : undefined,
  };
  const secrets = sealedSettings(fields, auth);
  const text = secrets === null ? null : JSON.stringify(isListAlone(secrets) ? secrets.secrets : secrets);
  return { name, kind: null, settings: { ...settings }, ...sealed(`source:${name}`, text, box) };
}

/** Of a kind that a newer program brought nothing but the name is known, and intake leaves it to whoever knows it. */
export function sourceOf(part: StoredPart, box: SecretBox, kinds: DeclaredKinds): Source {
  const { auth, ...rest } = part.settings as unknown as SourceSettings;
  const {
    label = null,
    client = null,
    onBadCredentials = "reject",
    country = defaultCountry,
    map = null,
    samePerson = null,
  } = rest;
  const onKeyReuse = rest.onKeyReuse ?? keyReuseOf(declaredOf(kinds.sources, auth.kind));
  return {
    name: part.name,
    ...rest,
    label,
    client,
    onBadCredentials,
    onKeyReuse,
    samePerson,
    country,
    map,
    auth: authOf(auth, part, box, kinds),
  };
}

function authOf(stored: SourceAuth, part: StoredPart, box: SecretBox, kinds: DeclaredKinds): SourceAuth {
  const { kind, ...open } = stored;
  const declared = declaredOf(kinds.sources, kind);
  if (declared === undefined) return { kind };
  const text = opened(`source:${part.name}`, part, box);
  const parsed = JSON.parse(text ?? "{}") as Settings | readonly unknown[];
  const secrets = Array.isArray(parsed) ? { secrets: parsed as unknown } : (parsed as Settings);
  return { ...storedSettings(declared.fields, open, secrets), kind };
}

/** Stored as the list itself, as from the first day. */
function isListAlone(secrets: Settings): secrets is { readonly secrets: unknown } {
  return Object.keys(secrets).join() === "secrets";
}

/** Throws where this program does not know the kind: it can show such a destination, but not change it. */
export function storedDestination(
  destination: Destination,
  box: SecretBox,
  kinds: DeclaredKinds,
): StoredPart {
  const { name, kind, retiring } = destination;
  const declared = declaredOf(kinds.destinations, kind);
  if (declared === undefined) throw new Error(`no destinations of kind ${kind} are known here`);
  const { fields, sends } = declared;
  const secrets = sealedSettings(fields, settingsOf(destination));
  const text = secrets === null ? null : JSON.stringify({ ...secrets, retiring });
  const place = text === null ? "" : `destination:${name}`;
  const settings = openSettings(fields, settingsOf(destination));
  return { name, kind, sends, settings, ...sealed(place, text, box) };
}

interface StoredSecrets extends Settings {
  readonly retiring?: readonly { readonly value: string; readonly notAfter: string }[];
}

/** One of a kind that a newer program brought is as good as paused: it is known, and nothing is sent to it from here. */
export function destinationOf(part: StoredPart, box: SecretBox, kinds: DeclaredKinds): Destination {
  const { name, settings } = part;
  const kind = part.kind ?? "";
  const declared = declaredOf(kinds.destinations, kind);
  const client = clientIn(settings);
  if (declared === undefined) return { name, kind, ...(client === null ? {} : { client }), paused: true };
  const text = opened(`destination:${name}`, part, box);
  const { retiring, ...secrets } = JSON.parse(text ?? "{}") as StoredSecrets;
  return {
    paused: false,
    ...storedSettings(declared.fields, settings, secrets),
    name,
    kind,
    ...(retiring === undefined
      ? {}
      : { retiring: retiring.map(({ value, notAfter }) => ({ value, notAfter: new Date(notAfter) })) }),
  };
}

/** `associated`: the place to which the ciphertext is bound. */
export function sealed(
  associated: string,
  secrets: string | null,
  box: SecretBox,
): Pick<StoredPart, "secrets" | "secretsMark"> {
  if (secrets === null) return { secrets: null, secretsMark: "" };
  const secretsMark = createHmac("sha256", box.key)
    .update(`mark:${associated}:${secrets}`)
    .digest("hex")
    .slice(0, 32);
  return { secrets: box.encrypt(associated, secrets), secretsMark };
}

export function opened(associated: string, part: Pick<StoredPart, "secrets">, box: SecretBox): string | null {
  return part.secrets === null ? null : box.decrypt(associated, part.secrets);
}
