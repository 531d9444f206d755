// What was turned away becomes a lead after all, because a person says so: it goes the way of every lead (reading, key,
// schema, one transaction, delivery), with the time at which it came, so that a resend is recognised.
import type { Texts } from "../domain/errors/explained.ts";
import type { IntakeResult } from "../domain/leads/lead.ts";
import { refusal } from "../domain/leads/refusal.ts";
import type { Refusal } from "../domain/leads/refusal.ts";
import type { Actor, Database } from "../ledger/connection/database.ts";
import { databaseTrouble, sqlState } from "../ledger/connection/postgres-error.ts";
import { noteReleased } from "../ledger/attention/quarantine.ts";
import { readQuarantined } from "../ledger/attention/quarantine-list.ts";
import type { StoredQuarantined } from "../ledger/attention/quarantine-list.ts";
import { settleArrivals } from "../ledger/intake/settle-arrivals.ts";
import type { ArrivedPayload } from "../ledger/intake/settle-arrivals.ts";
import { arrivalOf, faultOf, leadOf, refusedOf } from "./arrival.ts";
import type { ContentHash } from "./content-hash.ts";
import { idempotencyKey } from "./idempotency-key.ts";
import { singleHeader, unpackable } from "./intake.ts";
import type { PersonIndex } from "./person-index.ts";
import { openContent } from "./quarantine-content.ts";
import type { ContentBox } from "./quarantine-content.ts";
import { readBody } from "./read-body.ts";
import { headerValue } from "./request-headers.ts";
import type { KnownSource } from "./source-directory.ts";

export type Release =
  | { readonly kind: "released"; readonly result: IntakeResult }
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
  const { database, node, findSource, onWaiting } = deps;
  return async (quarantineId, actor, reason) => {
    const kept = await readQuarantined(database, quarantineId);
    if (kept === null) return { kind: "unknown" };
    const known = await findSource(kept.source);
    if (known === null) return { kind: "refused", reason: refusals.sourceGone };
    const read = await arrivalIn(deps, known, kept, actor);
    if ("refused" in read) return { kind: "refused", reason: read.refused };
    // Nothing is sent from here, so nothing is leased.
    const lease = { node, leaseMs: 0 };
    const settle = async (arrival: ArrivedPayload): Promise<IntakeResult | undefined> =>
      (await settleArrivals(database, [arrival], lease))[0];
    const result = await settle(read.arrival).catch((error: unknown) => {
      if (!blamesTheData(error)) throw error;
      return settle(read.instead);
    });
    if (result === undefined) throw new Error("nothing is known about what was released");
    // Whoever was cut off here releases it again, and finds the lead that it became under the same key.
    await noteReleased(database, actor, {
      ...{ quarantineId, runId: result.runId, result: result.kind, reason },
      dlqId: "dlqId" in result ? result.dlqId : null,
    });
    if (result.kind === "accepted") onWaiting();
    return { kind: "released", result };
  };
}

type Read =
  { readonly arrival: ArrivedPayload; readonly instead: ArrivedPayload } | { readonly refused: Texts };

/** `body_limit` is no obstacle: it guards against senders, and a person has looked at this. */
async function arrivalIn(
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
  if (unpackable(headerValue(headers, "content-encoding")) !== null) return { refused: refusals.compressed };
  const contentType = singleHeader(headers["content-type"]);
  const read = await readBody(body, contentType);
  if (read.kind === "media_type_unsupported") return { refused: refusals.unreadable };
  const found = idempotencyKey(known.source, headers, read, body, contentHash);
  const key =
    found.kind === "missing" || found.kind === "invalid" || found.kind === "none"
      ? ({ kind: "key", key: `quarantine:${quarantineId}` } as const)
      : found;
  const arrival = arrivalOf(known.source, key, receivedAtMs);
  const fault = read.kind === "unreadable" ? read : faultOf(known, key, read);
  const payload =
    fault === null && read.kind === "lead"
      ? leadOf(known, arrival, read, body, persons)
      : refusedOf(arrival, fault ?? (read as Refusal), read, body, contentType);
  const unstorable = refusal("json_malformed", "the database could not store this body as JSON");
  const marked = <Payload extends ArrivedPayload>(of: Payload): Payload => ({
    ...of,
    payload: `{"released":${JSON.stringify({ by: actor, quarantine_id: quarantineId })},${of.payload.slice(1)}`,
  });
  return {
    arrival: marked(payload),
    instead: marked(refusedOf(arrival, unstorable, null, body, contentType)),
  };
}

const refusals = {
  sourceGone: {
    en: "There is no source of this name any more.",
    de: "Eine Quelle dieses Namens gibt es nicht mehr.",
  },
  incomplete: {
    en: "Only its first 64 kB were kept: the sender has to send it again, without what makes it so large, or the source needs a larger `body_limit`.",
    de: "Nur die ersten 64 kB wurden aufbewahrt: Der Absender muss es noch einmal senden, ohne das, was es so groß macht, oder die Quelle braucht ein größeres `body_limit`.",
  },
  compressed: {
    en: "It is compressed, and nothing is unpacked here: the sender has to send it uncompressed.",
    de: "Es ist komprimiert, und hier wird nichts entpackt: Der Absender muss es unkomprimiert senden.",
  },
  unreadable: {
    en: "It is neither JSON nor a form, so that nothing tells its fields apart.",
    de: "Es ist weder JSON noch ein Formular; deshalb lassen sich seine Felder nicht unterscheiden.",
  },
} as const satisfies Record<string, Texts>;

/** Class 22: data exceptions; class 54: something is too large. */
function blamesTheData(error: unknown): boolean {
  return databaseTrouble(error) === "refused" && /^(22|54)/.test(sqlState(error) ?? "");
}
