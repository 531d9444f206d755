// A destination as API and command line handle it: written as in leadledger.yaml, changed member by member, shown
// without its secrets, its signing secret replaced without a gap.
import type { Destination, HttpDestination, RetiringSecret } from "../domain/destinations/destination.ts";
import { formatDuration } from "../domain/values/duration.ts";
import { checkDestination } from "./check-part.ts";
import type { Entry } from "./check-part.ts";
import { secretsPerSourceMax } from "./configuration-schema.ts";
import type { PartKind, RandomBytes } from "./managed-part.ts";
import type { ShownSecret } from "./source-part.ts";
import { destinationOf, storedDestination } from "./stored-configuration.ts";

export const destinationKind: PartKind<Destination> = {
  table: "destinations",
  check: checkDestination,
  toStored: storedDestination,
  fromStored: destinationOf,
  patch: patchDestination,
  carriedOver: keepRetiring,
  completed: (entry) => ({ entry, secret: null }),
  rotated: rotateDestination,
  paused: (destination, paused) => ({ ...destination, paused }),
  makeSecret: newSigningSecret,
};

/** As Standard Webhooks 1.0 writes them: `whsec_` and the base64 of 32 random bytes. */
function newSigningSecret(random: RandomBytes): string {
  return `whsec_${Buffer.from(random(32)).toString("base64")}`;
}

/** What may be shown: of the address its origin, of headers their names, of secrets fingerprints. */
export type ShownDestination =
  | { readonly kind: "external"; readonly paused: boolean }
  | {
      readonly kind: "http";
      readonly origin: string;
      readonly secrets: readonly ShownSecret[];
      readonly header_names: readonly string[];
      readonly timeout: string;
      readonly concurrency: number;
      readonly paused: boolean;
      readonly allow_private: boolean;
      readonly ca_file: string | null;
      readonly retry: { readonly fast: readonly string[]; readonly slow: readonly string[] };
    };

export function shownDestination(
  destination: Destination,
  fingerprint: (secret: string) => string,
): ShownDestination {
  if (destination.kind === "external") return { kind: "external", paused: destination.paused };
  const { secret, retiring = [], url, headers } = destination;
  const { timeout, concurrency, paused, allow_private, ca_file = null, retry } = openEntry(destination);
  return {
    kind: "http",
    origin: new URL(url).origin,
    secrets: [
      ...(secret === null ? [] : [{ fingerprint: fingerprint(secret), not_after: null }]),
      ...retiring.map(({ value, notAfter }) => ({ fingerprint: fingerprint(value), not_after: notAfter })),
    ],
    header_names: Object.keys(headers),
    ...{ timeout, concurrency, paused, allow_private, ca_file, retry },
  };
}

/** The members of an entry that are no secrets. */
function openEntry({ timeoutMs, concurrency, paused, allowPrivate, caFile, retry }: HttpDestination) {
  return {
    timeout: formatDuration(timeoutMs),
    concurrency,
    paused,
    allow_private: allowPrivate,
    ...(caFile === undefined ? {} : { ca_file: caFile }),
    retry: { fast: retry.fastMs.map(formatDuration), slow: retry.slowMs.map(formatDuration) },
  };
}

/**
 * Members that the patch names take the place of those that there are; null: the default. `headers` and `retry` are
 * changed member by member, because the values of headers are never shown. Of another kind, it is a new one.
 */
function patchDestination(destination: Destination, patch: Entry): Entry {
  const { kind, paused } = destination;
  if ((patch.kind ?? kind) !== kind) return patch;
  if (destination.kind === "external") return { kind, paused, ...patch };
  const { url, secret, headers } = destination;
  const open = openEntry(destination);
  return {
    ...{ kind, url, secret, headers, ...open, ...patch },
    ...(isObject(patch.headers) ? { headers: patchHeaders(headers, patch.headers) } : {}),
    ...(isObject(patch.retry) ? { retry: { ...open.retry, ...patch.retry } } : {}),
  };
}

/** Upper and lower case are the same header. */
function patchHeaders(headers: Readonly<Record<string, string>>, patch: Entry): Entry {
  const named = new Set(Object.keys(patch).map((name) => name.toLowerCase()));
  const kept = Object.entries(headers).filter(([name]) => !named.has(name.toLowerCase()));
  return Object.fromEntries([...kept, ...Object.entries(patch)]);
}

/** Old secrets go on signing unless the patch gives another secret. */
function keepRetiring(before: Destination, after: Destination, patch: Entry): Destination {
  if (before.kind !== "http" || after.kind !== "http" || Object.hasOwn(patch, "secret")) return after;
  return withRetiring(after, before.retiring ?? []);
}

/** Both secrets sign until the old one ends (Standard Webhooks 1.0: signatures side by side). */
function rotateDestination(
  destination: Destination,
  value: string,
  endsAt: Date,
  now: Date,
): ReturnType<PartKind<Destination>["rotated"]> {
  if (destination.kind === "external") return { kind: "without_secret" };
  const { secret, retiring = [] } = destination;
  const old = [...(secret === null ? [] : [{ value: secret, notAfter: endsAt }]), ...retiring]
    .filter(({ notAfter }) => endsAt > now && notAfter >= now)
    .map((each) => ({ value: each.value, notAfter: each.notAfter > endsAt ? endsAt : each.notAfter }));
  if (old.length >= secretsPerSourceMax) return { kind: "too_many", secretsMax: secretsPerSourceMax };
  return { kind: "rotated", part: withRetiring({ ...destination, secret: value }, old) };
}

function withRetiring(
  { retiring: _before, ...destination }: HttpDestination,
  retiring: readonly RetiringSecret[],
): HttpDestination {
  return retiring.length === 0 ? destination : { ...destination, retiring };
}

function isObject(value: unknown): value is Entry {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
