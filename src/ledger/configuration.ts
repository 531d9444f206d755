// The tables sources and destinations: desired state, written with its audit events and read by every node.
// Secrets come and go encrypted; what encrypts them is the caller's.
import type { Actor, Database, Queryable } from "./database.ts";
import { transaction } from "./database.ts";
import { moveRemovedToDlq } from "./deliveries.ts";
import { raiseConfigurationRevision } from "./settings.ts";

/** A source or destination as it is stored: what may be read by anyone, and what may not. */
export interface StoredPart {
  readonly name: string;
  /** `http`, `external`; sources have none. */
  readonly kind: string | null;
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
  readonly part: "source" | "destination";
  readonly name: string;
  readonly change: "added" | "changed" | "enabled" | "removed";
  /** Names of the settings that differ; `secrets` stands for all of them. */
  readonly fields: readonly string[];
  /** Deliveries that went to the DLQ because their destination is gone. */
  readonly moved_to_dlq?: number;
}

type Table = "sources" | "destinations";

interface Row {
  name: string;
  kind: string | null;
  managed_by: "file" | "api";
  enabled: boolean;
  settings: Record<string, unknown>;
}

/**
 * Makes the parts that come from the file what the file says; what it no longer names is disabled. Parts made through
 * API or command line are left alone, unless the file names them, which makes them the file's. Nothing is written when
 * nothing differs. Returns what changed.
 */
export function applyConfiguration(
  database: Database,
  actor: Actor,
  desired: StoredConfiguration,
): Promise<ConfigurationChange[]> {
  return transaction(database, actor, async (client) => {
    await client.query("LOCK TABLE public.sources, public.destinations IN SHARE ROW EXCLUSIVE MODE");
    const changes = [
      ...(await applyParts(client, "destinations", desired.destinations)),
      ...(await applyParts(client, "sources", desired.sources)),
    ];
    if (changes.length > 0) {
      await raiseConfigurationRevision(client);
      await client.query(
        `INSERT INTO public.audit_events (event_type, payload)
         SELECT 'configuration_changed', change FROM unnest($1::jsonb[]) AS change`,
        [changes.map((change) => JSON.stringify(change))],
      );
    }
    return changes;
  });
}

/** What `applyConfiguration` would change; writes nothing, so `moved_to_dlq` is not known. */
export async function compareConfiguration(
  database: Queryable,
  desired: StoredConfiguration,
): Promise<ConfigurationChange[]> {
  return [
    ...(await compareParts(database, "destinations", desired.destinations)),
    ...(await compareParts(database, "sources", desired.sources)),
  ];
}

/** All enabled parts. */
export async function readConfiguration(database: Queryable): Promise<StoredConfiguration> {
  const read = async (table: Table): Promise<StoredPart[]> => {
    const kind = table === "destinations" ? "kind" : "NULL::text AS kind";
    const { rows } = await database.query<Row & { secrets: Buffer | null }>(
      `SELECT name, ${kind}, settings, secrets FROM public.${table} WHERE enabled ORDER BY name`,
    );
    return rows.map(({ name, kind, settings: { secrets_mark: mark, ...settings }, secrets }) => ({
      name,
      kind,
      settings,
      secrets,
      secretsMark: typeof mark === "string" ? mark : "",
    }));
  };
  return { sources: await read("sources"), destinations: await read("destinations") };
}

async function applyParts(
  client: Queryable,
  table: Table,
  desired: readonly StoredPart[],
): Promise<ConfigurationChange[]> {
  const changes: ConfigurationChange[] = [];
  for (const change of await compareParts(client, table, desired)) {
    const wanted = desired.find(({ name }) => name === change.name);
    if (wanted !== undefined) {
      await write(client, table, wanted);
      changes.push(change);
      continue;
    }
    await client.query(
      `UPDATE public.${table} SET enabled = false, updated_at = clock_timestamp() WHERE name = $1`,
      [change.name],
    );
    const moved =
      table === "destinations" ? { moved_to_dlq: await moveRemovedToDlq(client, change.name) } : {};
    changes.push({ ...change, ...moved });
  }
  return changes;
}

async function compareParts(
  database: Queryable,
  table: Table,
  desired: readonly StoredPart[],
): Promise<ConfigurationChange[]> {
  const part = table === "sources" ? "source" : "destination";
  const kind = table === "destinations" ? "kind" : "NULL::text AS kind";
  const { rows } = await database.query<Row>(
    `SELECT name, ${kind}, managed_by, enabled, settings FROM public.${table} ORDER BY name`,
  );
  const existing = new Map(rows.map((row) => [row.name, row]));
  const changes: ConfigurationChange[] = [];
  for (const wanted of desired) {
    const row = existing.get(wanted.name);
    existing.delete(wanted.name);
    const fields = row === undefined ? [] : differing(row, wanted);
    if (row?.enabled === true && row.managed_by === "file" && fields.length === 0) continue;
    const change = row === undefined ? "added" : row.enabled ? "changed" : "enabled";
    changes.push({ part, name: wanted.name, change, fields });
  }
  for (const row of existing.values()) {
    if (row.enabled && row.managed_by === "file")
      changes.push({ part, name: row.name, change: "removed", fields: [] });
  }
  return changes;
}

function differing(row: Row, wanted: StoredPart): string[] {
  const { secrets_mark: mark, ...settings } = row.settings;
  const fields = [...new Set([...Object.keys(settings), ...Object.keys(wanted.settings)])].filter(
    (field) => canonical(settings[field]) !== canonical(wanted.settings[field]),
  );
  if (row.kind !== wanted.kind) fields.push("kind");
  if (mark !== wanted.secretsMark) fields.push("secrets");
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

async function write(client: Queryable, table: Table, part: StoredPart): Promise<void> {
  const kindColumn = table === "destinations" ? ", kind" : "";
  const settings = JSON.stringify({ ...part.settings, secrets_mark: part.secretsMark });
  const values: unknown[] = [part.name, settings, part.secrets];
  if (table === "destinations") values.push(part.kind);
  await client.query(
    `INSERT INTO public.${table} (name, managed_by, enabled, settings, secrets${kindColumn})
     VALUES ($1, 'file', true, $2, $3${table === "destinations" ? ", $4" : ""})
     ON CONFLICT (name) DO UPDATE SET managed_by = 'file', enabled = true, settings = excluded.settings,
       secrets = excluded.secrets, updated_at = clock_timestamp()${table === "destinations" ? ", kind = excluded.kind" : ""}`,
    values,
  );
}
