// A source as API and command line handle it: written as in leadledger.yaml, changed member by member, shown without
// its secrets, its secret replaced without a gap.
import { formatDuration, formatRate, formatSize } from "../domain/values/duration.ts";
import { newSourceKey } from "../domain/sources/source.ts";
import type { Source, SourceAuth, SourceSecret } from "../domain/sources/source.ts";
import { checkSource } from "./check-part.ts";
import type { DeclaredKinds } from "./declared-kind.ts";
import type { Entry } from "./fields/field.ts";
import { secretsPerSourceMax } from "./configuration-schema.ts";
import type { PartKind, RandomBytes } from "./managed-part.ts";
import { newToken } from "./first-configuration.ts";
import { sourceOf, storedSource } from "./stored-configuration.ts";

export function sourceParts(kinds: DeclaredKinds): PartKind<Source> {
  return {
    table: "sources",
    check: (name, entry, around) => checkSource(name, entry, around, kinds),
    toStored: storedSource,
    fromStored: sourceOf,
    patch: (source, patch) => patchSource(source, patch),
    completed,
    rotated: rotateSource,
    paused: (source, paused) => ({ ...source, paused }),
    makeSecret: newToken,
  };
}

/** What may be shown: everything but the secrets. */
export interface ShownSource {
  readonly auth: { readonly kind: SourceAuth["kind"]; readonly secrets: readonly ShownSecret[] };
  readonly key: Entry | null;
  readonly to: readonly string[] | null;
  readonly schema: Source["schema"];
  readonly person: Source["person"];
  readonly body_limit: string;
  readonly rate_limit: string | null;
  readonly paused: Source["paused"];
  readonly on_bad_credentials: Source["onBadCredentials"];
}

export interface ShownSecret {
  readonly fingerprint: string;
  readonly not_after: Date | null;
}

/** `fingerprint`: a short keyed hash, which tells two secrets apart and says nothing about them. */
export function shownSource(source: Source, fingerprint: (secret: string) => string): ShownSource {
  const { auth, to, schema, person, paused } = source;
  const secrets = auth.secrets ?? [];
  return {
    auth: {
      kind: auth.kind,
      secrets: secrets.map(({ value, notAfter }) => ({
        fingerprint: fingerprint(value),
        not_after: notAfter,
      })),
    },
    key: keyEntry(source),
    ...{ to, schema, person },
    body_limit: formatSize(source.bodyLimitBytes),
    rate_limit: source.rateLimit === null ? null : formatRate(source.rateLimit),
    paused,
    on_bad_credentials: source.onBadCredentials,
  };
}

function entryOf(source: Source): Entry {
  const { to, schema, person, bodyLimitBytes, rateLimit, paused } = source;
  return {
    auth: authEntry(source.auth),
    key: keyEntry(source),
    ...{ to, schema, person, paused, on_bad_credentials: source.onBadCredentials },
    body_limit: formatSize(bodyLimitBytes),
    rate_limit: rateLimit === null ? null : formatRate(rateLimit),
  };
}

function authEntry(auth: SourceAuth): Entry {
  if (auth.secrets === undefined) return { kind: auth.kind };
  return {
    kind: auth.kind,
    secrets: auth.secrets.map(({ value, notAfter }) => ({
      value,
      ...(notAfter === null ? {} : { not_after: notAfter.toISOString() }),
    })),
  };
}

function keyEntry({ key }: Source): Entry | null {
  switch (key.kind) {
    case "header":
      return null;
    case "pointer":
      return { pointer: key.pointer };
    case "header_preferred":
      return { header: "preferred", body_hash: formatDuration(key.windowMs) };
    case "body_hash":
      return { body_hash: formatDuration(key.windowMs) };
  }
}

/** Members that the patch names take the place of those that there are; null: the default. */
function patchSource(source: Source, patch: Entry): Entry {
  const { auth } = patch;
  // Of the same kind and without a secret: the secrets stay.
  const keepsSecrets = isObject(auth) && auth.kind === source.auth.kind && !hasSecret(auth);
  const kept = keepsSecrets ? { auth: { ...authEntry(source.auth), ...auth } } : {};
  return { ...entryOf(source), ...patch, ...kept };
}

/** A sender needs a key rule that does not turn it away, and a secret: where none is given one is made, to be shown this one time. */
function completed(given: Entry, random: RandomBytes): { entry: Entry; secret: string | null } {
  // null asks for the rule of a file without `key`.
  const entry = given.key === undefined ? { ...given, key: newSourceKey } : given;
  const { auth } = entry;
  if (!isObject(auth) || (auth.kind !== "hmac" && auth.kind !== "token") || hasSecret(auth))
    return { entry, secret: null };
  const secret = newToken(random);
  return { entry: { ...entry, auth: { ...auth, secret } }, secret };
}

/** null: there is nothing to rotate. Secrets that have ended are dropped; the others end with the overlap at the latest. */
function rotateSource(
  source: Source,
  value: string,
  endsAt: Date,
  now: Date,
): ReturnType<PartKind<Source>["rotated"]> {
  const { auth } = source;
  if (auth.secrets === undefined) return { kind: "without_secret" };
  const old = auth.secrets
    .filter(({ notAfter }) => endsAt > now && (notAfter === null || notAfter >= now))
    .map((secret): SourceSecret => ({
      value: secret.value,
      notAfter: secret.notAfter === null || secret.notAfter > endsAt ? endsAt : secret.notAfter,
    }));
  const secrets = [{ value, notAfter: null }, ...old];
  if (secrets.length > secretsPerSourceMax) return { kind: "too_many", secretsMax: secretsPerSourceMax };
  return { kind: "rotated", part: { ...source, auth: { kind: auth.kind, secrets } } };
}

function hasSecret(auth: Entry): boolean {
  return (auth.secret ?? auth.secrets ?? null) !== null;
}

function isObject(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
