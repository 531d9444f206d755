// The tables sources and destinations: desired state, written with its audit events and read by every node.
// Secrets come and go encrypted; what encrypts them is the caller's.
import type { OfClient } from "../../domain/clients/client.ts";
import type { DestinationState } from "../../domain/attention/entry-actions.ts";
import { clientFaultOf, judgeClients } from "./client-fault.ts";
import type { ClientFault } from "./client-fault.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import { closeWithin, probeSoon } from "../delivery/circuits.ts";
import { moveRemovedToDlq } from "../delivery/deliveries.ts";
import { raiseConfigurationRevision } from "../settings/settings.ts";
import { eventTypeSql } from "../log/event-sql.ts";
import type { EventPayload } from "../../domain/log/event-types.ts";

/** A source or destination as it is stored: what may be read by anyone, and what may not. */
export interface StoredPart {
  readonly name: string;
  /** Of a destination; sources have none. */
  readonly kind: string | null;
  /** Of a destination that is written: whether its kind sends, which is all that SQL knows of kinds (`destinations.sends`). */
  readonly sends?: boolean;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: Buffer | null;
  /** Tells whether the secrets changed without reading them: a keyed hash. */
  readonly secretsMark: string;
}

export interface StoredConfiguration {
  readonly sources: readonly StoredPart[];
  readonly destinations: readonly StoredPart[];
}

export interface ConfigurationChange {
  /** `section`: one of leadledger.yaml that is neither (sections.ts); `sla`: a service level (ledger/sla). */
  readonly part: "source" | "destination" | "section" | "sla";
  readonly name: string;
  /** `taken_over`: it was the file's, and is changed by API, dashboard and command line from now on. */
  readonly change: "added" | "changed" | "enabled" | "removed" | "taken_over";
  /** Names of the settings that differ; `secrets` stands for all of them. */
  readonly fields: readonly string[];
  /** Deliveries that went to the DLQ because their destination is gone. */
  readonly moved_to_dlq?: number;
}

export type PartTable = "sources" | "destinations";
type Table = PartTable;

/** Who may change a part: `file`, leadledger.yaml alone; `api`, API and command line. */
export type ManagedBy = "file" | "api";

interface Row {
  name: string;
  kind: string | null;
  managed_by: ManagedBy;
  enabled: boolean;
  settings: Record<string, unknown>;
  taken_over_at: Date | null;
}

/** What a file wants, and which of its sections are not written at all. */
export interface DesiredConfiguration extends StoredConfiguration {
  readonly missingSections?: readonly PartTable[] | undefined;
}

/**
 * What of the file may be switched off because the file does not name it any more: everything, because somebody said so;
 * what is missing from a section that is there, because a node that starts asks nobody; or nothing.
 */
export type AllowedRemovals = "all" | "of_written_sections" | "none";

export interface NamedPart {
  readonly part: "source" | "destination";
  readonly name: string;
}

export interface Compared {
  readonly changes: readonly ConfigurationChange[];
  /** The file names them, and they were taken over: what it says about them does not count. */
  readonly takenOver: readonly NamedPart[];
}

export type Applied =
  | ({ readonly kind: "applied" } & Compared)
  /** Nothing was changed: leads of one client would have gone to another. */
  | { readonly kind: "across_clients"; readonly fault: ClientFault }
  /** Nothing was changed, because these would have been switched off. */
  | { readonly kind: "refused"; readonly removals: readonly ConfigurationChange[] };

/**
 * Makes the parts that come from the file what the file says; what it no longer names is disabled. Parts made through
 * API or command line are left alone, unless the file names them, which makes them the file's. Nothing is written when
 * nothing differs.
 */
export function applyConfiguration(
  database: Database,
  actor: Actor,
  desired: DesiredConfiguration,
  allowedRemovals: AllowedRemovals,
): Promise<Applied> {
  const applied = transaction(database, actor, async (client): Promise<Applied> => {
    await lockConfiguration(client);
    const { changes: wanted, takenOver } = await compareConfiguration(client, desired);
    const removals = forbiddenRemovals(wanted, desired, allowedRemovals);
    if (removals.length > 0) return { kind: "refused", removals };
    const changes: ConfigurationChange[] = [];
    for (const change of wanted) changes.push(await applyChange(client, desired, change));
    for (const table of partTables) await forgetTakenOver(client, table, desired);
    if (changes.length > 0) await tellConfigurationChanged(client, changes);
    await judgeClients(client);
    return { kind: "applied", changes, takenOver };
  });
  return applied.catch((error: unknown) => ({ kind: "across_clients", fault: clientFaultOf(error) }));
}

/** Those of `changes` that nobody has allowed. */
export function forbiddenRemovals(
  changes: readonly ConfigurationChange[],
  { missingSections = [] }: Pick<DesiredConfiguration, "missingSections">,
  allowed: AllowedRemovals,
): ConfigurationChange[] {
  return changes.filter(({ change, part }) => {
    if (change !== "removed" || part === "section" || part === "sla" || allowed === "all") return false;
    return allowed === "none" || missingSections.includes(tableOf[part]);
  });
}

/** Destinations first: sources name them. */
const partTables = ["destinations", "sources"] as const satisfies readonly PartTable[];
const tableOf = { source: "sources", destination: "destinations" } as const;

/** One change at a time; nodes go on reading. */
export async function lockConfiguration(client: Queryable): Promise<void> {
  await client.query("LOCK TABLE internal.sources, internal.destinations IN SHARE ROW EXCLUSIVE MODE");
}

/** The events, and what makes the nodes look. */
export async function tellConfigurationChanged(
  client: Queryable,
  changes: readonly ConfigurationChange[],
): Promise<void> {
  await raiseConfigurationRevision(client);
  await client.query(
    `INSERT INTO public.audit_events (event_type, payload)
     SELECT ${eventTypeSql("configuration_changed")}, change FROM unnest($1::jsonb[]) AS change`,
    [changes.map((change: EventPayload<"configuration_changed">) => JSON.stringify(change))],
  );
}

/** What `applyConfiguration` would change; writes nothing, so `moved_to_dlq` is not known. */
export async function compareConfiguration(
  database: Queryable,
  desired: DesiredConfiguration,
): Promise<Compared> {
  const destinations = await compareParts(database, "destinations", desired.destinations);
  const sources = await compareParts(database, "sources", desired.sources);
  return {
    changes: [...destinations.changes, ...sources.changes],
    takenOver: [...destinations.takenOver, ...sources.takenOver],
  };
}

/** All enabled parts. */
export async function readConfiguration(database: Queryable): Promise<StoredConfiguration> {
  const read = async (table: Table): Promise<StoredPart[]> => {
    const kind = table === "destinations" ? "kind" : "NULL::text AS kind";
    const { rows } = await database.query<Row & { secrets: Buffer | null }>(
      `SELECT name, ${kind}, settings, secrets FROM internal.${table} WHERE enabled ORDER BY name`,
    );
    return rows.map(storedPart);
  };
  return { sources: await read("sources"), destinations: await read("destinations") };
}

/** The mark stands among the settings. */
export function storedPart({
  name,
  kind,
  settings: { secrets_mark: mark, ...settings },
  secrets,
}: Pick<Row, "name" | "kind" | "settings"> & { readonly secrets: Buffer | null }): StoredPart {
  return { name, kind, settings, secrets, secretsMark: typeof mark === "string" ? mark : "" };
}

/** Whether something is sent to the destination of this name. It stays so until the caller's transaction ends. */
export async function readDestinationState(client: Queryable, name: string): Promise<DestinationState> {
  const { rows } = await client.query<{ state: DestinationState }>(
    `SELECT CASE WHEN NOT sends THEN 'not_sent' WHEN settings -> 'paused' = 'true' THEN 'paused' ELSE 'usable' END AS state
     FROM internal.destinations WHERE name = $1 AND enabled FOR SHARE`,
    [name],
  );
  return rows[0]?.state ?? "removed";
}

/** Whether the source was configured once, and is not any more. */
export async function isRemovedSource(database: Queryable, name: string): Promise<boolean> {
  const { rowCount } = await database.query("SELECT FROM internal.sources WHERE name = $1 AND NOT enabled", [
    name,
  ]);
  return rowCount === 1;
}

async function applyChange(
  client: Queryable,
  desired: StoredConfiguration,
  change: ConfigurationChange,
): Promise<ConfigurationChange> {
  if (change.part === "section" || change.part === "sla") return change;
  const table = tableOf[change.part];
  const wanted = desired[table].find(({ name }) => name === change.name);
  if (wanted === undefined) return { ...change, ...(await disablePart(client, table, change.name)) };
  await writePart(client, table, wanted, "file");
  return change;
}

/** Where the file has been applied without a part that was taken over, naming it again makes it the file's again. */
async function forgetTakenOver(
  client: Queryable,
  table: PartTable,
  { missingSections = [], ...desired }: DesiredConfiguration,
): Promise<void> {
  if (missingSections.includes(table)) return;
  await client.query(
    `UPDATE internal.${table} SET taken_over_at = NULL WHERE taken_over_at IS NOT NULL AND name <> ALL ($1)`,
    [desired[table].map(({ name }) => name)],
  );
}

/** Switched off, not deleted; what was still to be delivered to a destination goes to the DLQ. */
export async function disablePart(
  client: Queryable,
  table: PartTable,
  name: string,
): Promise<Pick<ConfigurationChange, "moved_to_dlq">> {
  await client.query(
    `UPDATE internal.${table} SET enabled = false, updated_at = clock_timestamp() WHERE name = $1`,
    [name],
  );
  if (table !== "destinations") return {};
  await closeWithin(client, name);
  return { moved_to_dlq: await moveRemovedToDlq(client, name) };
}

async function compareParts(
  database: Queryable,
  table: Table,
  desired: readonly StoredPart[],
): Promise<Compared> {
  const part = table === "sources" ? "source" : "destination";
  const kind = table === "destinations" ? "kind" : "NULL::text AS kind";
  const { rows } = await database.query<Row>(
    `SELECT name, ${kind}, managed_by, enabled, settings, taken_over_at FROM internal.${table} ORDER BY name`,
  );
  const existing = new Map(rows.map((row) => [row.name, row]));
  const changes: ConfigurationChange[] = [];
  const takenOver: NamedPart[] = [];
  for (const wanted of desired) {
    const row = existing.get(wanted.name);
    existing.delete(wanted.name);
    if (row !== undefined && row.taken_over_at !== null) {
      takenOver.push({ part, name: wanted.name });
      continue;
    }
    const fields = row === undefined ? [] : differing(storedPart({ ...row, secrets: null }), wanted);
    if (row?.enabled === true && row.managed_by === "file" && fields.length === 0) continue;
    const change = row === undefined ? "added" : row.enabled ? "changed" : "enabled";
    changes.push({ part, name: wanted.name, change, fields });
  }
  for (const row of existing.values()) {
    if (row.enabled && row.managed_by === "file")
      changes.push({ part, name: row.name, change: "removed", fields: [] });
  }
  return { changes, takenOver };
}

/** Names of the settings that differ; `secrets` stands for all of them. */
export function differing(before: StoredPart, wanted: StoredPart): string[] {
  const { settings } = before;
  const fields = [...new Set([...Object.keys(settings), ...Object.keys(wanted.settings)])].filter(
    (field) => canonical(settings[field]) !== canonical(wanted.settings[field]),
  );
  if (before.kind !== wanted.kind) fields.push("kind");
  if (before.secretsMark !== wanted.secretsMark) fields.push("secrets");
  return fields.sort();
}

// jsonb orders the keys of objects its own way.
function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

/** From now on it is changed by API, dashboard and command line, and the file's entry is passed over. */
export async function takeOverPart(client: Queryable, table: PartTable, name: string): Promise<void> {
  await client.query(
    `UPDATE internal.${table} SET managed_by = 'api', taken_over_at = clock_timestamp(), updated_at = clock_timestamp()
     WHERE name = $1 AND managed_by = 'file'`,
    [name],
  );
}

/** Those that are no file's: the sources of a file may send to them. */
export async function readDestinationsOfApi(database: Queryable): Promise<OfClient[]> {
  const { rows } = await database.query<OfClient>(
    "SELECT name, settings ->> 'client' AS client FROM internal.destinations WHERE enabled AND managed_by = 'api' ORDER BY name",
  );
  return rows;
}

/** Names of the sources that leadledger.yaml says. */
export async function readSourcesOfFile(database: Queryable): Promise<string[]> {
  const { rows } = await database.query<{ name: string }>(
    "SELECT name FROM internal.sources WHERE enabled AND managed_by = 'file' ORDER BY name",
  );
  return rows.map(({ name }) => name);
}

/** Switched on, whatever it was before. */
export async function writePart(
  client: Queryable,
  table: PartTable,
  part: StoredPart,
  managedBy: ManagedBy,
): Promise<void> {
  if (table === "destinations") await probeSoon(client, part.name);
  const kindColumns = table === "destinations" ? ", kind, sends" : "";
  const settings = JSON.stringify({ ...part.settings, secrets_mark: part.secretsMark });
  const values: unknown[] = [part.name, settings, part.secrets, managedBy];
  if (table === "destinations") values.push(part.kind, part.sends ?? true);
  await client.query(
    `INSERT INTO internal.${table} (name, managed_by, enabled, settings, secrets${kindColumns})
     VALUES ($1, $4, true, $2, $3${table === "destinations" ? ", $5, $6" : ""})
     ON CONFLICT (name) DO UPDATE SET managed_by = excluded.managed_by, enabled = true, settings = excluded.settings,
       secrets = excluded.secrets, updated_at = clock_timestamp()${table === "destinations" ? ", kind = excluded.kind, sends = excluded.sends" : ""}`,
    values,
  );
}
