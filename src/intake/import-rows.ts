// Rows of a file as leads: they go the way of every lead (reading, key, schema, one transaction, delivery), at the wish
// of a person, whose name the events bear. Whoever repeats a batch makes duplicates, because every row has its key.
import type { IntakeResult } from "../domain/lead.ts";
import { refusal } from "../domain/refusal.ts";
import { readDatabaseTime } from "../ledger/database-clock.ts";
import type { Actor, Database } from "../ledger/database.ts";
import { foreseeLeads } from "../ledger/foresee-arrivals.ts";
import { isolating } from "../ledger/isolating.ts";
import { databaseTrouble, sqlState } from "../ledger/postgres-error.ts";
import { settleArrivals } from "../ledger/settle-arrivals.ts";
import type { ArrivedPayload } from "../ledger/settle-arrivals.ts";
import { arrivalOf, faultOf, leadOf, refusedOf } from "./arrival.ts";
import { idempotencyKey, keyBytesMax, unreadableKey } from "./idempotency-key.ts";
import type { IdempotencyKey } from "./idempotency-key.ts";
import { readJsonBody } from "./json-body.ts";
import type { PersonIndex } from "./person-index.ts";
import type { KnownSource } from "./source-directory.ts";

export interface ImportRow {
  /** Its place in the file, for whoever has to find it again. */
  readonly row: number;
  /** null: the source's own place in the body, or the body itself. */
  readonly key: string | null;
  /** JSON text. */
  readonly body: string;
}

export interface ImportOrder {
  readonly source: KnownSource;
  /** Name of the file; null: there is none. */
  readonly file: string | null;
  readonly rows: readonly ImportRow[];
  readonly actor: Actor;
  /** Nothing is written. */
  readonly dryRun: boolean;
}

export const importRowResults = ["accepted", "duplicate", "refused", "key_reused", "invalid"] as const;

export interface ImportRowResult {
  readonly row: number;
  /** `refused` and `key_reused`: kept as an entry; `invalid`: nothing of it was recorded. */
  readonly result: (typeof importRowResults)[number];
  /** Under which it is known; null: it has none. */
  readonly key: string | null;
  readonly run_id: string | null;
  readonly dlq_id: number | null;
  readonly reason: string | null;
}

export interface ImportParts {
  readonly database: Database;
  readonly persons: PersonIndex;
  readonly node: string;
  /** Leads were accepted: somebody should look for them now. */
  readonly onWaiting: () => void;
}

export type ImportRows = (order: ImportOrder) => Promise<ImportRowResult[]>;

/** Throws what the database says when it is out of reach: then nothing is known about rows without an answer. */
export function createImport({ database, persons, node, onWaiting }: ImportParts): ImportRows {
  return async (order) => {
    const receivedAtMs = (await readDatabaseTime(database)).getTime();
    const results = new Map<number, ImportRowResult>();
    const judged: Judged[] = [];
    order.rows.forEach((row, index) => {
      const verdict = judge(order, row, receivedAtMs, persons);
      if ("result" in verdict) results.set(index, verdict);
      else judged.push({ index, row, ...verdict });
    });
    if (order.dryRun) await foresee(database, order, judged, results);
    else await record(judged, order.actor, results);
    return order.rows.map(
      (row, index) => results.get(index) ?? invalid(row, "nothing is known about this row"),
    );
  };

  async function record(
    judged: readonly Judged[],
    actor: Actor,
    results: Map<number, ImportRowResult>,
  ): Promise<void> {
    // Nothing is sent from here, so nothing is leased.
    const lease = { node, leaseMs: 0 };
    await isolating(
      judged,
      async (part) => {
        const settled = await settleArrivals(
          database,
          part.map(({ arrival }) => arrival),
          lease,
          actor,
        );
        part.forEach(({ index, row, key }, at) => {
          const result = settled[at];
          if (result !== undefined) results.set(index, { ...resultOf(row, result), key });
        });
      },
      ({ index, row }) =>
        void results.set(index, invalid(row, "the database could not store this body as JSON")),
      blamesTheData,
    );
    if ([...results.values()].some(({ result }) => result === "accepted")) onWaiting();
  }
}

interface Judged extends Verdict {
  readonly index: number;
  readonly row: ImportRow;
}

interface Verdict {
  readonly arrival: ArrivedPayload;
  readonly key: string;
}

function judge(
  { source: known, file, rows: _rows, actor }: ImportOrder,
  row: ImportRow,
  receivedAtMs: number,
  persons: PersonIndex,
): Verdict | ImportRowResult {
  const { source } = known;
  const rawBody = Buffer.from(row.body);
  if (rawBody.length > source.bodyLimitBytes)
    return invalid(row, `the lead is larger than this source's limit of ${source.bodyLimitBytes} bytes`);
  const read = readJsonBody(rawBody);
  const key = keyOf(known, row, read, rawBody);
  if (typeof key === "string") return invalid(row, key);
  const arrival = arrivalOf(source, key, receivedAtMs);
  const fault = read.kind === "unreadable" ? read : faultOf(known, key, read);
  const payload =
    fault === null && read.kind === "lead"
      ? leadOf(known, arrival, read, rawBody, persons)
      : refusedOf(
          arrival,
          fault ?? refusal("json_malformed", "the body is no lead"),
          read,
          rawBody,
          "application/json",
        );
  const imported = JSON.stringify({ by: actor, ...(file === null ? {} : { file }), row: row.row });
  const marked = { ...payload, payload: `{"imported":${imported},${payload.payload.slice(1)}` };
  return { arrival: marked, key: key.key };
}

type UsableKey = Extract<IdempotencyKey, { key: string }>;

/** A sentence: the key cannot be used. */
function keyOf(
  { source }: KnownSource,
  row: ImportRow,
  read: ReturnType<typeof readJsonBody>,
  rawBody: Buffer,
): UsableKey | string {
  if (row.key !== null) {
    if (row.key === "" || Buffer.byteLength(row.key) > keyBytesMax)
      return `a key has 1 to ${keyBytesMax} bytes`;
    return /\p{Cc}/u.test(row.key) ? "the key has a control character" : { kind: "key", key: row.key };
  }
  // A key in a header there is none, and a window would make a repeat next week another lead.
  if (source.key.kind !== "pointer") return { kind: "key", key: unreadableKey(rawBody) };
  const key = idempotencyKey(source, {}, read, rawBody);
  return "key" in key ? key : "the lead has no key";
}

async function foresee(
  database: Database,
  { source: { source } }: ImportOrder,
  judged: readonly Judged[],
  results: Map<number, ImportRowResult>,
): Promise<void> {
  const leads = judged.filter(({ arrival }) => arrival.kind === "lead");
  const foreseen = await foreseeLeads(
    database,
    source.name,
    leads.map(({ key, row }) => ({ key, body: row.body })),
  );
  leads.forEach(({ index, row, key }, at) => {
    const expected = foreseen[at];
    const runId = expected === undefined || expected.kind === "accepted" ? null : expected.runId;
    const result = expected?.kind ?? "accepted";
    results.set(index, {
      ...plain(row, result),
      key,
      run_id: runId,
      reason: result === "key_reused" ? keyReusedReason : null,
    });
  });
  for (const { index, row, key, arrival } of judged)
    if (arrival.kind === "refused")
      results.set(index, { ...plain(row, "refused"), key, reason: arrival.message });
}

const keyReusedReason = "the key already belongs to another body; the first lead stands, this one is kept";

function resultOf(row: ImportRow, result: IntakeResult): ImportRowResult {
  const { runId: run_id } = result;
  switch (result.kind) {
    case "accepted":
    case "duplicate":
      return { ...plain(row, result.kind), run_id };
    case "refused":
      return { ...plain(row, "refused"), run_id, dlq_id: result.dlqId, reason: result.message };
    case "key_reused":
      return { ...plain(row, "key_reused"), run_id, dlq_id: result.dlqId, reason: keyReusedReason };
  }
}

function invalid(row: ImportRow, reason: string): ImportRowResult {
  return { ...plain(row, "invalid"), reason };
}

function plain({ row }: ImportRow, result: ImportRowResult["result"]): ImportRowResult {
  return { row, result, key: null, run_id: null, dlq_id: null, reason: null };
}

/** Class 22: data exceptions; class 54: something is too large. */
function blamesTheData(error: unknown): boolean {
  return databaseTrouble(error) === "refused" && /^(22|54)/.test(sqlState(error) ?? "");
}
