// The tables sources and destinations one row at a time: lists for people, and changes made by API and command line.
import {
  differing,
  disablePart,
  lockConfiguration,
  readConfiguration,
  storedPart,
  takeOverPart,
  tellConfigurationChanged,
  writePart,
} from "./configuration.ts";
import type {
  ConfigurationChange,
  ManagedBy,
  PartTable,
  StoredConfiguration,
  StoredPart,
} from "./configuration.ts";
import { clientFaultOf, judgeClients } from "./client-fault.ts";
import type { ClientFault } from "./client-fault.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import { readDatabaseTime } from "../connection/database-clock.ts";
import { readTimezone } from "../settings/settings.ts";

export interface ManagedPart {
  readonly stored: StoredPart;
  readonly managedBy: ManagedBy;
  /** false: was removed. */
  readonly enabled: boolean;
  readonly updatedAt: Date;
  /** Another one after every change. */
  readonly etag: string;
}

export interface PartFilter {
  readonly enabled?: boolean | undefined;
  readonly managed_by?: ManagedBy | undefined;
}

/** What a change is decided upon, read while nobody else changes anything. */
export interface Situation {
  /** null: there never was one of this name. */
  readonly current: ManagedPart | null;
  /** All that are switched on. */
  readonly configuration: StoredConfiguration;
  readonly timezone: string;
  /** The database's time. */
  readonly now: Date;
}

export type Decision<Refusal> =
  | { readonly kind: "write"; readonly part: StoredPart }
  | { readonly kind: "disable" }
  /** It was the file's. */
  | { readonly kind: "take_over" }
  /** It is as wanted. */
  | { readonly kind: "keep" }
  | { readonly kind: "refuse"; readonly refusal: Refusal };

export type Changed<Refusal> =
  | { readonly kind: "done"; readonly part: ManagedPart; readonly movedToDlq: number | null }
  | { readonly kind: "refused"; readonly refusal: Refusal }
  /** Nothing was changed: leads of one client would have gone to another. */
  | { readonly kind: "across_clients"; readonly fault: ClientFault };

/** By name; those after the name `after`. `limit` null: all. */
export async function listManagedParts(
  database: Queryable,
  table: PartTable,
  { enabled, managed_by: managedBy }: PartFilter,
  { after, limit }: { readonly after: string | null; readonly limit: number | null },
): Promise<ManagedPart[]> {
  const { rows } = await database.query<Row>(
    `${selectSql(table)}
     WHERE ($1::text IS NULL OR name > $1) AND ($2::boolean IS NULL OR enabled = $2)
       AND ($3::text IS NULL OR managed_by = $3)
     ORDER BY name LIMIT $4`,
    [after, enabled ?? null, managedBy ?? null, limit],
  );
  return rows.map(managedPart);
}

export async function findManagedPart(
  database: Queryable,
  table: PartTable,
  name: string,
): Promise<ManagedPart | null> {
  const { rows } = await database.query<Row>(`${selectSql(table)} WHERE name = $1`, [name]);
  return rows[0] === undefined ? null : managedPart(rows[0]);
}

/**
 * Changes one part as `decide` says, with its event, and makes all nodes follow. `decide` may be asked more than once.
 * Where nothing differs nothing is written.
 */
export function changeManagedPart<Refusal>(
  database: Database,
  actor: Actor,
  { table, name }: { readonly table: PartTable; readonly name: string },
  decide: (situation: Situation) => Decision<Refusal>,
): Promise<Changed<Refusal>> {
  const changed = transaction(database, actor, async (client): Promise<Changed<Refusal>> => {
    await lockConfiguration(client);
    const situation = await readSituation(client, { table, name });
    const { current } = situation;
    const decision = decide(situation);
    if (decision.kind === "refuse") return { kind: "refused", refusal: decision.refusal };
    const movedToDlq = await carryOut(client, table, current, decision);
    await judgeClients(client);
    const part = await findManagedPart(client, table, name);
    if (part === null) throw new Error(`there is nothing in ${table} that could be left as it is`);
    return { kind: "done", part, movedToDlq };
  });
  return changed.catch((error: unknown) => ({ kind: "across_clients", fault: clientFaultOf(error) }));
}

/** Parts that are new, all of them or none, with what people call their client. */
export interface NewParts {
  readonly client: { readonly name: string; readonly label: string | null };
  readonly sources: readonly StoredPart[];
  readonly destinations: readonly StoredPart[];
}

/** Makes several at once, as `decide` says; as `changeManagedPart` otherwise. */
export function addManagedParts<Refusal>(
  database: Database,
  actor: Actor,
  decide: (
    situation: Omit<Situation, "current">,
    existing: ReadonlySet<string>,
  ) => NewParts | { readonly refusal: Refusal },
): Promise<{ readonly kind: "done" } | Exclude<Changed<Refusal>, { readonly kind: "done" }>> {
  type Added = { readonly kind: "done" } | Exclude<Changed<Refusal>, { readonly kind: "done" }>;
  const added = transaction(database, actor, async (client): Promise<Added> => {
    await lockConfiguration(client);
    const situation = await readSituation(client, { table: "sources", name: "" });
    const parts = decide(situation, await readNames(client));
    if ("refusal" in parts) return { kind: "refused", refusal: parts.refusal };
    const changes: ConfigurationChange[] = [];
    for (const table of ["destinations", "sources"] as const)
      for (const part of parts[table]) {
        await writePart(client, table, part, "api");
        const kind = table === "sources" ? "source" : "destination";
        changes.push({ part: kind, name: part.name, change: "added", fields: [] });
      }
    await client.query(
      `INSERT INTO internal.clients AS c (name, label) VALUES ($1, $2)
       ON CONFLICT (name) DO UPDATE SET label = excluded.label, updated_at = clock_timestamp()`,
      [parts.client.name, parts.client.label],
    );
    await tellConfigurationChanged(client, changes);
    await judgeClients(client);
    return { kind: "done" };
  });
  return added.catch((error: unknown) => ({ kind: "across_clients", fault: clientFaultOf(error) }));
}

/** `sources website`: of all that there are or were, because a removed one would come back as another. */
async function readNames(client: Queryable): Promise<ReadonlySet<string>> {
  const { rows } = await client.query<{ name: string }>(
    `SELECT 'sources ' || name AS name FROM internal.sources
     UNION ALL SELECT 'destinations ' || name FROM internal.destinations`,
  );
  return new Set(rows.map(({ name }) => name));
}

/** For whoever changes nothing: others may meanwhile. */
export async function readSituation(
  client: Queryable,
  { table, name }: { readonly table: PartTable; readonly name: string },
): Promise<Situation> {
  return {
    current: await findManagedPart(client, table, name),
    configuration: await readConfiguration(client),
    timezone: await readTimezone(client),
    now: await readDatabaseTime(client),
  };
}

/** Returns how many deliveries went to the DLQ; null: nothing was removed that could have had some. */
async function carryOut(
  client: Queryable,
  table: PartTable,
  current: ManagedPart | null,
  decision: Exclude<Decision<never>, { kind: "refuse" }>,
): Promise<number | null> {
  const part = table === "sources" ? "source" : "destination";
  switch (decision.kind) {
    case "keep":
      return null;
    case "disable": {
      if (current?.enabled !== true) return null;
      const { name } = current.stored;
      const moved = await disablePart(client, table, name);
      await tellConfigurationChanged(client, [{ part, name, change: "removed", fields: [], ...moved }]);
      return moved.moved_to_dlq ?? null;
    }
    case "take_over": {
      if (current === null) return null;
      const { name } = current.stored;
      await takeOverPart(client, table, name);
      await tellConfigurationChanged(client, [{ part, name, change: "taken_over", fields: [] }]);
      return null;
    }
    case "write": {
      const { name } = decision.part;
      const fields = current === null ? [] : differing(current.stored, decision.part);
      if (current?.enabled === true && current.managedBy === "api" && fields.length === 0) return null;
      const change = current === null ? "added" : current.enabled ? "changed" : "enabled";
      await writePart(client, table, decision.part, "api");
      await tellConfigurationChanged(client, [{ part, name, change, fields }]);
      return null;
    }
  }
}

interface Row {
  name: string;
  kind: string | null;
  managed_by: ManagedBy;
  enabled: boolean;
  settings: Record<string, unknown>;
  secrets: Buffer | null;
  updated_at: Date;
  etag: string;
}

function selectSql(table: PartTable): string {
  return `SELECT name, ${table === "destinations" ? "kind" : "NULL::text AS kind"}, managed_by, enabled, settings, secrets,
      updated_at, (extract(epoch FROM updated_at) * 1000000)::bigint::text AS etag
    FROM internal.${table}`;
}

function managedPart(row: Row): ManagedPart {
  return {
    stored: storedPart(row),
    managedBy: row.managed_by,
    enabled: row.enabled,
    updatedAt: row.updated_at,
    etag: row.etag,
  };
}
