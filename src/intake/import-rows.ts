// Rows of a file as leads: they go the way of every lead (reading, key, schema, one transaction, delivery), at the wish
// of a person, whose name the events bear. Whoever repeats a batch makes duplicates, because every row has its key.
import { payloadMember } from "../domain/log/payload-text.ts";
import type { KeyReuseRule } from "../domain/leads/key-reuse.ts";
import type { IntakeResult } from "../domain/leads/lead.ts";
import { createRepeatFinder } from "../domain/leads/import-repeats.ts";
import { errorCatalogue } from "../domain/errors/error-catalogue.ts";
import type { ErrorCode, Language } from "../domain/errors/error-catalogue.ts";
import type { Texts } from "../domain/errors/explained.ts";
import { refusal } from "../domain/leads/refusal.ts";
import type { Refusal, RefusalCode } from "../domain/leads/refusal.ts";
import { readDatabaseTime } from "../ledger/connection/database-clock.ts";
import type { Actor, Database } from "../ledger/connection/database.ts";
import { previewLeads } from "../ledger/intake/preview-arrivals.ts";
import type { Preview } from "../ledger/intake/preview-arrivals.ts";
import { bisectBatch } from "../ledger/connection/refused-rows.ts";
import { blamesTheData } from "../ledger/connection/postgres-error.ts";
import { deduplicateArrivals } from "../ledger/intake/deduplicate-arrivals.ts";
import type { ArrivedPayload } from "../ledger/intake/deduplicate-arrivals.ts";
import { listSchemaViolations } from "./body-schema.ts";
import { arrivalOf, faultOf, leadOf, refusedOf, sha256Of } from "./arrival.ts";
import { idempotencyKey, keyBytesMax, unreadableKey } from "./idempotency-key.ts";
import type { IdempotencyKey } from "./idempotency-key.ts";
import { readJsonBody } from "../bodies/json-body.ts";
import type { PersonIndex } from "./person-index.ts";
import { chosenOwnerOf, ownerOf } from "./shared-address.ts";
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
  /** Whose address it shares (`via`); null: it has its own, or whoever imports does not see the other one. */
  readonly address: KnownSource | null;
  /** Name of the file; null: there is none. */
  readonly file: string | null;
  readonly rows: readonly ImportRow[];
  readonly actor: Actor;
  /** Nothing is written. */
  readonly dryRun: boolean;
  /** Of the reasons. */
  readonly language: Language;
}

export const importRowResults = [
  "accepted",
  "duplicate",
  "revised",
  "refused",
  "key_reused",
  "invalid",
] as const;

export interface ImportRowResult {
  readonly row: number;
  /** `refused` and `key_reused`: kept as an entry; `invalid`: nothing of it was recorded. */
  readonly result: (typeof importRowResults)[number];
  /** Whose lead it is; another one than was named where sources share an address. null: nothing of it was recorded. */
  readonly source: string | null;
  /** Under which it is known; null: it has none. */
  readonly key: string | null;
  readonly run_id: string | null;
  readonly dlq_id: number | null;
  /** Why it was not taken; null: it was. */
  readonly code: string | null;
  readonly reason: string | null;
}

export interface ImportDeps {
  readonly database: Database;
  readonly persons: PersonIndex;
  readonly node: string;
  /** Leads were accepted: somebody should look for them now. */
  readonly onWaiting: () => void;
}

export type ImportRows = (order: ImportOrder) => Promise<ImportRowResult[]>;

/** Throws what the database says when it is out of reach: then nothing is known about rows without an answer. */
export function createImport({ database, persons, node, onWaiting }: ImportDeps): ImportRows {
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
    else await record(judged, order, results);
    return order.rows.map(
      (row, index) => results.get(index) ?? invalid(row, order.language, reasons.unknown),
    );
  };

  async function record(
    judged: readonly Judged[],
    { actor, language }: ImportOrder,
    results: Map<number, ImportRowResult>,
  ): Promise<void> {
    // Nothing is sent from here, so nothing is leased.
    const lease = { node, leaseMs: 0 };
    await bisectBatch(
      judged,
      async (part) => {
        const settled = await deduplicateArrivals(
          database,
          part.map(({ arrival }) => arrival),
          lease,
          actor,
        );
        part.forEach(({ index, row, key, fault, owner }, at) => {
          const result = settled[at];
          if (result === undefined) return;
          results.set(index, { ...resultOf(row, result, fault, language), source: owner.source.name, key });
        });
      },
      ({ index, row }) => void results.set(index, invalid(row, language, reasons.notStorable)),
      blamesTheData,
    );
    if ([...results.values()].some(({ result }) => result === "accepted" || result === "revised"))
      onWaiting();
  }
}

interface Judged extends Verdict {
  readonly index: number;
  readonly row: ImportRow;
}

interface Verdict {
  readonly owner: KnownSource;
  readonly arrival: ArrivedPayload;
  readonly key: string;
  /** Why it is refused; null: it is a lead. */
  readonly fault: RowRefusal | null;
}

interface RowRefusal {
  readonly code: RefusalCode;
  readonly texts: Texts;
}

function judge(
  { source: named, address, file, rows: _rows, actor, language }: ImportOrder,
  row: ImportRow,
  receivedAtMs: number,
  persons: PersonIndex,
): Verdict | ImportRowResult {
  const rawBody = Buffer.from(row.body);
  // Of the address, which is what a request would be measured by.
  const { bodyLimitBytes } = (address ?? named).source;
  if (rawBody.length > bodyLimitBytes) return invalid(row, language, reasons.tooLarge(bodyLimitBytes));
  const read = readJsonBody(rawBody);
  const owned = ownedBy(named, address, read);
  if ("code" in owned) return invalid(row, language, owned);
  const { owner: known, fault: unowned } = owned;
  const key = keyOf(known, row, read, rawBody);
  if ("code" in key) return invalid(row, language, key);
  const arrival = arrivalOf(known.source, key, receivedAtMs);
  const fault = read.kind === "unreadable" ? read : (unowned ?? faultOf(known, key, read));
  const payload =
    fault === null && read.kind === "lead"
      ? leadOf(known, arrival, read, sha256Of(rawBody), persons)
      : refusedOf(
          arrival,
          fault ?? refusal("json_malformed", "the body is no lead"),
          read,
          rawBody,
          "application/json",
        );
  const imported = JSON.stringify({ by: actor, ...(file === null ? {} : { file }), row: row.row });
  const marked = {
    ...payload,
    payload: `{${payloadMember("imported", imported)},${payload.payload.slice(1)}`,
  };
  return {
    owner: known,
    arrival: marked,
    key: key.key,
    fault: fault === null ? null : refusalOf(known, read, fault),
  };
}

/**
 * Over a shared address a row goes where a request with it would go. Whoever names one of those that share it means that
 * one, and is told where its ids say something else. `fault`: it is kept, as nobody's.
 */
function ownedBy(
  named: KnownSource,
  address: KnownSource | null,
  read: ReturnType<typeof readJsonBody>,
): { readonly owner: KnownSource; readonly fault?: Refusal } | Reason {
  if (read.kind !== "lead") return { owner: named };
  const sharing = (address ?? named).sharing;
  if (sharing === null) return { owner: named };
  const isShared = sharing.sources.some(({ source }) => source.name !== named.source.name);
  if (address === null && isShared) {
    const owned = ownerOf(named, sharing, read.json);
    return "owner" in owned ? owned : { owner: named, fault: owned.fault };
  }
  const owner = chosenOwnerOf(named, sharing, read.json);
  return owner === named ? { owner } : reasons.ofOther(owner?.source.name ?? null);
}

/** In German, too: what is stored of a refusal is one sentence in English. */
function refusalOf(
  { source: { schema } }: KnownSource,
  read: ReturnType<typeof readJsonBody>,
  { code, message, at }: Refusal,
): RowRefusal {
  const [violation] =
    code === "schema_violation" && schema !== null && read.kind === "lead"
      ? listSchemaViolations(schema, read.value, "de")
      : [];
  const place = violation?.pointer ?? at;
  const where = place === null || place === "" ? "" : ` (${place})`;
  const title = errorCatalogue[code].de.title;
  const why = violation === undefined ? "" : `: ${violation.message.replace(/\.$/, "")}`;
  return { code, texts: { en: message, de: `${title}${where}${why}` } };
}

type UsableKey = Extract<IdempotencyKey, { key: string }>;

/** A reason: why the key cannot be used. */
function keyOf(
  { source }: KnownSource,
  row: ImportRow,
  read: ReturnType<typeof readJsonBody>,
  rawBody: Buffer,
): UsableKey | Reason {
  if (row.key !== null) {
    if (row.key === "" || Buffer.byteLength(row.key) > keyBytesMax) return reasons.keyLength;
    return /\p{Cc}/u.test(row.key) ? reasons.keyCharacter : { kind: "key", key: row.key };
  }
  // A key in a header there is none, and a window would make a repeat next week another lead.
  if (source.key.kind !== "pointer") return { kind: "key", key: unreadableKey(rawBody) };
  const key = idempotencyKey(source, {}, read, rawBody);
  return "key" in key ? key : reasons.keyMissing;
}

async function foresee(
  database: Database,
  { language }: ImportOrder,
  judged: readonly Judged[],
  results: Map<number, ImportRowResult>,
): Promise<void> {
  const leads = judged.filter(({ arrival }) => arrival.kind === "lead");
  for (const owner of new Set(leads.map((each) => each.owner))) {
    const own = leads.filter((each) => each.owner === owner);
    await foreseeLeads(database, owner, own, language, results);
  }
  for (const { index, row, key, fault, owner } of judged)
    if (fault !== null)
      results.set(index, {
        ...plain(row, "refused"),
        source: owner.source.name,
        key,
        code: fault.code,
        reason: fault.texts[language],
      });
}

/** Of one source. */
async function foreseeLeads(
  database: Database,
  { source }: KnownSource,
  leads: readonly Judged[],
  language: Language,
  results: Map<number, ImportRowResult>,
): Promise<void> {
  const repeatOf = createRepeatFinder();
  const foreseen = await previewLeads(
    database,
    source.name,
    leads.map(({ key, row }) => ({ key, body: row.body })),
  );
  leads.forEach(({ index, row, key }, at) => {
    const expected = foreseen[at];
    const runId = expected === undefined || expected.kind === "accepted" ? null : expected.runId;
    const ofLedger = expected?.kind ?? "accepted";
    const repeat = ofLedger === "accepted" ? repeatOf(key, row.body) : "new";
    const result = reused(repeat === "new" ? ofLedger : repeat, source.onKeyReuse);
    results.set(index, {
      ...plain(row, result),
      source: source.name,
      key,
      run_id: runId,
      ...(result === "key_reused" ? saidOf(reasons.keyReused, language) : {}),
    });
  });
}

function reused(result: Preview["kind"], rule: KeyReuseRule): ImportRowResult["result"] {
  if (result !== "key_reused") return result;
  switch (rule) {
    case "reject":
      return "key_reused";
    case "keep_first":
      return "duplicate";
    case "revision":
      return "revised";
  }
}

/** Why a row was not taken, as it stands in its answer. */
interface Reason extends Texts {
  readonly code: ErrorCode;
}

const reasons = {
  unknown: {
    code: "row_unknown",
    en: "nothing is known about this row",
    de: "über diese Zeile ist nichts bekannt",
  },
  notStorable: {
    code: "row_not_storable",
    en: "the database could not store this body as JSON",
    de: "die Datenbank konnte diese Daten nicht als JSON speichern",
  },
  keyLength: {
    code: "idempotency_key_invalid",
    en: `a key has 1 to ${keyBytesMax} bytes`,
    de: `eine Kennung hat 1 bis ${keyBytesMax} Bytes`,
  },
  keyCharacter: {
    code: "idempotency_key_invalid",
    en: "the key has a control character",
    de: "die Kennung enthält ein Steuerzeichen",
  },
  keyMissing: {
    code: "idempotency_key_missing",
    en: "the lead has no key",
    de: "der Lead hat keine Kennung",
  },
  keyReused: {
    code: "idempotency_key_reused",
    en: "the key already belongs to another body; the first lead stands, this one is kept",
    de: "die Kennung gehört schon zu anderen Daten; der erste Lead gilt, dieser ist aufbewahrt",
  },
  ofOther: (owner: string | null): Reason => ({
    code: "page_of_other_source",
    en: `the lead names a page or form ${owner === null ? "that no source lists" : `of the source ${owner}`}; import it there, or into the source that has the address`,
    de: `der Lead nennt eine Seite oder ein Formular, ${owner === null ? "das keine Quelle aufzählt" : `das der Quelle ${owner} gehört`}; importieren Sie ihn dort oder in die Quelle, die die Adresse hat`,
  }),
  tooLarge: (limitBytes: number): Reason => ({
    code: "body_too_large",
    en: `the lead is larger than this source's limit of ${limitBytes} bytes`,
    de: `der Lead ist größer, als diese Quelle erlaubt (${limitBytes} Bytes)`,
  }),
} as const satisfies Record<string, Reason | ((...given: never[]) => Reason)>;

function saidOf(reason: Reason, language: Language): Pick<ImportRowResult, "code" | "reason"> {
  return { code: reason.code, reason: reason[language] };
}

function resultOf(
  row: ImportRow,
  result: IntakeResult,
  fault: RowRefusal | null,
  language: Language,
): ImportRowResult {
  const { runId: run_id } = result;
  switch (result.kind) {
    case "accepted":
    case "duplicate":
    case "revised":
      return { ...plain(row, result.kind), run_id };
    case "refused":
      return {
        ...plain(row, "refused"),
        run_id,
        dlq_id: result.dlqId,
        code: fault?.code ?? result.errorCode,
        reason: fault?.texts[language] ?? result.message,
      };
    case "key_reused":
      return {
        ...plain(row, "key_reused"),
        run_id,
        dlq_id: result.dlqId,
        ...saidOf(reasons.keyReused, language),
      };
  }
}

function invalid(row: ImportRow, language: Language, reason: Reason): ImportRowResult {
  return { ...plain(row, "invalid"), ...saidOf(reason, language) };
}

function plain({ row }: ImportRow, result: ImportRowResult["result"]): ImportRowResult {
  return { row, result, source: null, key: null, run_id: null, dlq_id: null, code: null, reason: null };
}
