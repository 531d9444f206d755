// What was turned away becomes a lead after all, because a person says so: it goes the way of every lead (reading, key,
// schema, one transaction, delivery), with the time at which it came, so that a resend is recognised.
import { payloadMember } from "../domain/log/payload-text.ts";
import type { Texts } from "../domain/errors/explained.ts";
import type { IntakeResult } from "../domain/leads/lead.ts";
import type { Actor, Database } from "../ledger/connection/database.ts";
import { blamesTheData } from "../ledger/connection/postgres-error.ts";
import { noteReleased } from "../ledger/attention/quarantine.ts";
import { readQuarantined } from "../ledger/attention/quarantine-list.ts";
import type { StoredQuarantined } from "../ledger/attention/quarantine-list.ts";
import { deduplicateArrivals, deduplicateRefused } from "../ledger/intake/deduplicate-arrivals.ts";
import type { ArrivedPayload } from "../ledger/intake/deduplicate-arrivals.ts";
import type { UsableKey } from "./arrival.ts";
import type { ContentHash } from "./content-hash.ts";
import { unpackBody } from "../bodies/unpack-body.ts";
import type { PersonIndex } from "./person-index.ts";
import { openContent } from "./quarantine-content.ts";
import type { ContentBox } from "./quarantine-content.ts";
import { readRequest } from "./read-request.ts";
import { insteadOf, isDelivered } from "./record-lead.ts";
import type { RecordableArrival } from "./record-lead.ts";
import { headerValue } from "../domain/sources/request-headers.ts";
import type { KnownSource } from "./source-directory.ts";

export type Release =
  | {
      readonly kind: "released";
      /** Of the first lead. */
      readonly result: IntakeResult;
      /** Of each lead that was in it. */
      readonly results: readonly IntakeResult[];
    }
  | { readonly kind: "unknown" }
  /** It stays where it is. */
  | { readonly kind: "refused"; readonly reason: Texts };

export type ReleaseQuarantined = (
  quarantineId: string,
  actor: Actor,
  reason: string | null,
) => Promise<Release>;

export interface ReleaseDeps {
  readonly database: Database;
  readonly box: ContentBox;
  readonly persons: PersonIndex;
  readonly contentHash: ContentHash;
  readonly node: string;
  readonly findSource: (name: string) => Promise<KnownSource | null>;
  /** A lead was accepted: somebody should look for it now. */
  readonly onWaiting: () => void;
}

export function createRelease(deps: ReleaseDeps): ReleaseQuarantined {
  const { database, findSource, onWaiting } = deps;
  return async (quarantineId, actor, reason) => {
    const kept = await readQuarantined(database, quarantineId);
    if (kept === null) return { kind: "unknown" };
    const known = await findSource(kept.source);
    if (known === null) return { kind: "refused", reason: refusals.sourceGone };
    if (known.kind === null) return { kind: "refused", reason: refusals.kindUnknown };
    const read = await arrivalsIn(deps, known, kept, actor);
    if ("refused" in read) return { kind: "refused", reason: read.refused };
    const results = await settle(deps, read.arrivals);
    const [result] = results;
    if (result === undefined) return { kind: "refused", reason: refusals.empty };
    // Whoever was cut off here releases it again, and finds the lead that it became under the same key.
    await noteReleased(database, actor, {
      quarantineId,
      runId: result.runId,
      result: result.kind,
      reason,
      dlqId: "dlqId" in result ? result.dlqId : null,
    });
    if (results.some(isDelivered)) onWaiting();
    return { kind: "released", result, results };
  };
}

async function settle(
  { database, node }: ReleaseDeps,
  arrivals: readonly RecordableArrival[],
): Promise<readonly IntakeResult[]> {
  // Nothing is sent from here, so nothing is leased.
  const lease = { node, leaseMs: 0 };
  const payloads = arrivals.map(({ arrival }) => arrival);
  try {
    return await deduplicateArrivals(database, payloads, lease);
  } catch (error) {
    if (!blamesTheData(error)) throw error;
    return await deduplicateRefused(database, payloads, lease, insteadOf(arrivals));
  }
}

/** Unpacked; what is kept of a body is small. */
const releasedBytesMax = 16 * 1024 * 1024;

type Read = { readonly arrivals: readonly RecordableArrival[] } | { readonly refused: Texts };

/** `body_limit` is no obstacle: it guards against senders, and a person has looked at this. */
async function arrivalsIn(
  { box, persons, contentHash }: ReleaseDeps,
  known: KnownSource,
  {
    quarantine_id: quarantineId,
    source,
    received_at: receivedAt,
    is_whole: isWhole,
    content,
  }: StoredQuarantined,
  actor: Actor,
): Promise<Read> {
  if (!isWhole) return { refused: refusals.incomplete };
  const receivedAtMs = receivedAt.getTime();
  const { headers, body } = openContent(box, { quarantineId, source, receivedAtMs }, content);
  const unpacked = unpackBody(body, headerValue(headers, "content-encoding"), releasedBytesMax);
  if (unpacked !== null && unpacked.kind !== "unpacked") return { refused: refusals.compressed };
  const packed = unpacked === null ? {} : { packed: { bytes: body, coding: unpacked.coding } };
  const request = { headers, rawBody: unpacked?.body ?? body, target: "", ...packed };
  const keyOtherwise = (place: number): UsableKey => ({
    kind: "key",
    key: place === 0 ? `quarantine:${quarantineId}` : `quarantine:${quarantineId}#${place + 1}`,
  });
  const read = await readRequest(known, request, receivedAtMs, {
    persons,
    contentHash,
    keyOtherwise,
  });
  if (read.kind !== "arrivals") return { refused: refusals.unreadable };
  const marked = <Payload extends ArrivedPayload>(of: Payload): Payload => ({
    ...of,
    payload: `{${payloadMember("released", JSON.stringify({ by: actor, quarantine_id: quarantineId }))},${of.payload.slice(1)}`,
  });
  return {
    arrivals: read.arrivals.map(({ arrival, keepInstead }) => ({
      arrival: marked(arrival),
      keepInstead: (code, message) => marked(keepInstead(code, message)),
    })),
  };
}

const refusals = {
  sourceGone: {
    en: "There is no source of this name any more.",
    de: "Eine Quelle dieses Namens gibt es nicht mehr.",
  },
  kindUnknown: {
    en: "This LeadLedger does not know the kind of this source: release it on a node of the newer version.",
    de: "Dieses LeadLedger kennt die Art dieser Quelle nicht: Geben Sie es auf einem Knoten der neueren Version frei.",
  },
  incomplete: {
    en: "Only its first 64 kB were kept: the sender has to send it again, without what makes it so large, or the source needs a larger `body_limit`.",
    de: "Nur die ersten 64 kB wurden aufbewahrt: Der Absender muss es noch einmal senden, ohne das, was es so groß macht, oder die Quelle braucht ein größeres `body_limit`.",
  },
  compressed: {
    en: "It is compressed in a way that cannot be unpacked here: the sender has to send it uncompressed.",
    de: "Es ist so komprimiert, dass es sich hier nicht entpacken lässt: Der Absender muss es unkomprimiert senden.",
  },
  empty: {
    en: "There is no lead in it.",
    de: "Es ist kein Lead darin.",
  },
  unreadable: {
    en: "It is neither JSON nor a form, so that nothing tells its fields apart.",
    de: "Es ist weder JSON noch ein Formular; deshalb lassen sich seine Felder nicht unterscheiden.",
  },
} as const satisfies Record<string, Texts>;
