// The body-hash rule: the same body within a window is the same lead. Turns hashes into idempotency keys.
import type { Arrival, RecognisedBy } from "../../domain/leads/lead.ts";
import type { Queryable } from "../connection/database.ts";

interface Indexed<A extends Arrival> {
  readonly arrival: A;
  readonly index: number;
}

interface Resolved {
  readonly key: string;
  /** Nobody had such a body within the window, and nobody else can write one before this transaction ends. */
  readonly isNew: boolean;
}

/** Gives every arrival its key; those recognised by a body hash take the key of the lead they repeat. */
export async function resolveBodyHashes<A extends Arrival>(
  client: Queryable,
  arrivals: readonly Indexed<A>[],
): Promise<(Indexed<A> & Resolved)[]> {
  const hashed = arrivals.flatMap(({ arrival }) =>
    arrival.recognisedBy.kind === "body_hash" ? [{ arrival, rule: arrival.recognisedBy }] : [],
  );
  const existing = hashed.length === 0 ? new Map<string, string>() : await lockAndFind(client, hashed);
  return arrivals.map(({ arrival, index }) => {
    const { recognisedBy } = arrival;
    if (recognisedBy.kind === "key") return { arrival, index, key: recognisedBy.key, isNew: false };
    const hash = `${prefixOf(recognisedBy)}:${recognisedBy.hashHex}`;
    const identity = `${arrival.source}\n${hash}`;
    // The first of a batch gives its key to the others with the same body.
    const known = existing.get(identity);
    const key = known ?? `${hash}:${arrival.receivedAt}`;
    existing.set(identity, key);
    return { arrival, index, key, isNew: known === undefined };
  });
}

interface Hashed {
  readonly arrival: Arrival;
  readonly rule: Extract<RecognisedBy, { kind: "body_hash" }>;
}

function prefixOf({ keyed }: Hashed["rule"]): string {
  return keyed === true ? "hmac" : "sha256";
}

/**
 * A window slides, so no unique index can keep this promise: one transaction at a time looks at a (source, hash).
 * Locks are taken in one order; the look-up is a later statement and sees what was waited for.
 */
async function lockAndFind(client: Queryable, hashed: readonly Hashed[]): Promise<Map<string, string>> {
  const values = [
    hashed.map(({ arrival }) => arrival.source),
    hashed.map(({ rule }) => `${prefixOf(rule)}:${rule.hashHex}`),
  ];
  await client.query({
    name: "lock-body-hashes",
    text: `SELECT pg_advisory_xact_lock(lock) FROM (
       SELECT DISTINCT hashtextextended(source || ' ' || hash, 5323237011) AS lock
       FROM unnest($1::text[], $2::text[]) AS t (source, hash) ORDER BY 1) AS locks`,
    values,
  });
  const { rows } = await client.query<{ source: string; hash: string; key: string }>(
    `SELECT DISTINCT ON (t.source, t.hash) t.source, t.hash, r.idempotency_key AS key
     FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::float8[]) AS t (source, hash, received_at, window_ms)
     JOIN public.runs r ON r.source = t.source
       AND r.idempotency_key >= t.hash || ':' AND r.idempotency_key < t.hash || ';'
       AND r.received_at > t.received_at - t.window_ms * interval '1 millisecond'
     ORDER BY t.source, t.hash, r.idempotency_key`,
    [...values, hashed.map(({ arrival }) => arrival.receivedAt), hashed.map(({ rule }) => rule.windowMs)],
  );
  return new Map(rows.map((row) => [`${row.source}\n${row.hash}`, row.key]));
}
