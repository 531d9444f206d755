// A destination as API and command line handle it: written as in leadledger.yaml, changed member by member, shown
// without its secrets, its signing secret replaced without a gap. What is to say about one, its kind declares.
import { clientOf } from "../domain/clients/client.ts";
import type { Wanted } from "../domain/destinations/delivery-content.ts";
import type { Destination, RetiringSecret } from "../domain/destinations/destination.ts";
import { checkDestination } from "./check-part.ts";
import { secretsPerSourceMax } from "./fields/credentials.ts";
import { declaredOf } from "./declared-kind.ts";
import type { DeclaredKinds } from "./declared-kind.ts";
import type { Entry, Fields } from "./fields/field.ts";
import { patchedEntry, rotatingField, settingsOf, shownSettings } from "./fields/settings.ts";
import type { PartKind, RandomBytes } from "./managed-part.ts";
import { destinationOf, storedDestination } from "./stored-configuration.ts";

export function destinationParts(kinds: DeclaredKinds): PartKind<Destination> {
  const fieldsOf = ({ kind }: Destination): Fields => declaredOf(kinds.destinations, kind)?.fields ?? {};
  return {
    table: "destinations",
    check: (name, entry, around) => checkDestination(name, entry, around, kinds),
    toStored: (destination, box) => storedDestination(destination, box, kinds),
    fromStored: (stored, box) => destinationOf(stored, box, kinds),
    patch: (destination, patch) => patchDestination(fieldsOf(destination), destination, patch),
    carriedOver: (before, after, patch) => keepRetiring(fieldsOf(before), before, after, patch),
    unsaid: () => [],
    expressionOf: (destination: Destination & Wanted) => destination.expression,
    completed: (entry) => ({ entry, secret: null }),
    rotated: (destination, value, endsAt, now) =>
      rotateDestination(fieldsOf(destination), destination, value, endsAt, now),
    paused: (destination, paused) => ({ ...destination, paused }),
    makeSecret: (_destination, random) => newSigningSecret(random),
  };
}

/** As Standard Webhooks 1.0 writes them: `whsec_` and the base64 of 32 random bytes. */
function newSigningSecret(random: RandomBytes): string {
  return `whsec_${Buffer.from(random(32)).toString("base64")}`;
}

/** What may be shown; the members beside these, its kind declares. */
export interface ShownDestination {
  readonly kind: string;
  readonly client: string | null;
  readonly paused: boolean;
  /** Whether anything is sent to it; false: a worker of the user's own fetches its leads. */
  readonly sends: boolean;
  readonly [member: string]: unknown;
}

/** `fingerprint`: a short keyed hash, which tells two secrets apart and says nothing about them. */
export function shownDestination(
  destination: Destination,
  fingerprint: (secret: string) => string,
  kinds: DeclaredKinds,
): ShownDestination {
  const { kind, paused, retiring = [] } = destination;
  const declared = declaredOf(kinds.destinations, kind);
  const shown = shownSettings(declared?.fields ?? {}, settingsOf(destination), { fingerprint, retiring });
  return { kind, client: clientOf(destination), sends: declared?.sends ?? true, ...shown, paused };
}

/** Of another kind, it is a new one. */
function patchDestination(fields: Fields, destination: Destination, patch: Entry): Entry {
  const { kind } = destination;
  if ((patch["kind"] ?? kind) !== kind) return patch;
  return { kind, ...patchedEntry(fields, settingsOf(destination), patch) };
}

/** Old secrets go on signing unless the patch gives another secret. */
function keepRetiring(fields: Fields, before: Destination, after: Destination, patch: Entry): Destination {
  const rotating = rotatingField(fields);
  if (rotating === null || before.kind !== after.kind) return after;
  return Object.hasOwn(patch, rotating.field.member) ? after : withRetiring(after, before.retiring ?? []);
}

/** Both secrets sign until the old one ends (Standard Webhooks 1.0: signatures side by side). */
function rotateDestination(
  fields: Fields,
  destination: Destination,
  value: string,
  endsAt: Date,
  now: Date,
): ReturnType<PartKind<Destination>["rotated"]> {
  const rotating = rotatingField(fields);
  if (rotating === null) return { kind: "without_secret" };
  const secret = settingsOf(destination)[rotating.key];
  const { retiring = [] } = destination;
  const old = [...(typeof secret === "string" ? [{ value: secret, notAfter: endsAt }] : []), ...retiring]
    .filter(({ notAfter }) => endsAt > now && notAfter >= now)
    .map((each) => ({ value: each.value, notAfter: each.notAfter > endsAt ? endsAt : each.notAfter }));
  if (old.length >= secretsPerSourceMax) return { kind: "too_many", secretsMax: secretsPerSourceMax };
  const part = withRetiring({ ...destination, [rotating.key]: value }, old);
  return { kind: "rotated", part, place: rotating.field.member };
}

function withRetiring(
  { retiring: _before, ...destination }: Destination,
  retiring: readonly RetiringSecret[],
): Destination {
  return retiring.length === 0 ? destination : { ...destination, retiring };
}
