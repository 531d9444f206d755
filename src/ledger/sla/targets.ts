// The table sla_targets: what is agreed about leads, from leadledger.yaml or made by people.
import type { SlaDefinition, SlaTarget } from "../../domain/sla/sla-target.ts";
import type { ConfigurationChange, ManagedBy } from "../configuration/configuration.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import { eventSql } from "../log/event-sql.ts";

export interface ManagedTarget extends SlaTarget {
  readonly managedBy: ManagedBy;
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** The columns of a definition, of sla_targets and sla_daily alike. */
export interface DefinitionRow {
  readonly label: string | null;
  readonly measure: SlaDefinition["measure"];
  readonly source: string | null;
  readonly destination: string | null;
  readonly client: string | null;
  readonly within_ms: number | null;
  readonly share_millionths: number;
  readonly opening_hours: string[] | null;
  readonly holidays: SlaDefinition["holidays"];
}

export const definitionColumns =
  "label, measure, source, destination, client, within_ms, share_millionths, opening_hours, holidays";

export function definitionOf(row: DefinitionRow): SlaDefinition {
  return {
    label: row.label,
    measure: row.measure,
    source: row.source,
    destination: row.destination,
    client: row.client,
    withinMs: row.within_ms,
    shareMillionths: row.share_millionths,
    openingHours: row.opening_hours,
    holidays: row.holidays,
  };
}

/** In the order of `definitionColumns`. */
export function definitionValues(target: SlaDefinition): unknown[] {
  const { label, measure, source, destination, client } = target;
  const { withinMs, shareMillionths, openingHours, holidays } = target;
  return [label, measure, source, destination, client, withinMs, shareMillionths, openingHours, holidays];
}

/** Also one that was removed: it has its days. */
export async function hasBeenTarget(database: Queryable, name: string): Promise<boolean> {
  const { rows } = await database.query<{ known: boolean }>(
    `SELECT EXISTS (SELECT FROM internal.sla_targets t WHERE t.name = $1)
       OR EXISTS (SELECT FROM public.sla_daily k WHERE k.sla = $1) AS known`,
    [name],
  );
  return rows[0]?.known === true;
}

/** By name. */
export async function listTargets(database: Queryable): Promise<ManagedTarget[]> {
  const { rows } = await database.query<
    DefinitionRow & { name: string; managed_by: ManagedBy; created_at: Date; updated_at: Date }
  >(
    `SELECT name, managed_by, created_at, updated_at, ${definitionColumns} FROM internal.sla_targets ORDER BY name`,
  );
  return rows.map((row) => ({
    name: row.name,
    managedBy: row.managed_by,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    ...definitionOf(row),
  }));
}

export type TargetRefusal = "not_found" | "name_taken" | "managed_by_file" | "changed_meanwhile";

/** `change` decides under the lock; null: the target goes. */
export function changeTarget<Refusal>(
  database: Database,
  actor: Actor,
  name: string,
  change: (
    current: ManagedTarget | null,
  ) => { readonly write: SlaDefinition | null } | { readonly refusal: Refusal },
): Promise<{ readonly kind: "done" } | { readonly kind: "refused"; readonly refusal: Refusal }> {
  return transaction(database, actor, async (client) => {
    await client.query("SELECT FROM internal.sla_targets ORDER BY name FOR UPDATE");
    const current = (await listTargets(client)).find((target) => target.name === name) ?? null;
    const decided = change(current);
    if ("refusal" in decided) return { kind: "refused", refusal: decided.refusal };
    const { write } = decided;
    if (write === null) await deleteTarget(client, name);
    else if (current === null || differing(current, write).length > 0)
      await writeTarget(client, { ...write, name }, "api");
    return { kind: "done" };
  });
}

/**
 * Makes these targets what the file says; those of people are left alone unless the file names them. null: the file has no
 * such section, so its targets stay in force, and are changed by API, dashboard and command line from now on.
 */
export function applyTargets(
  database: Database,
  actor: Actor,
  wanted: readonly SlaTarget[] | null,
): Promise<ConfigurationChange[]> {
  return transaction(database, actor, async (client) => {
    await client.query("SELECT FROM internal.sla_targets ORDER BY name FOR UPDATE");
    if (wanted === null) {
      await client.query("UPDATE internal.sla_targets SET managed_by = 'api' WHERE managed_by = 'file'");
      return [];
    }
    const changes = await compareTargets(client, wanted);
    for (const { name } of changes) {
      const target = wanted.find((each) => each.name === name);
      if (target === undefined) await deleteTarget(client, name);
      else await writeTarget(client, target, "file");
    }
    return changes;
  });
}

/** What `applyTargets` would change. */
export async function compareTargets(
  database: Queryable,
  wanted: readonly SlaTarget[],
): Promise<ConfigurationChange[]> {
  const there = new Map((await listTargets(database)).map((target) => [target.name, target]));
  const changes: ConfigurationChange[] = [];
  for (const target of wanted) {
    const current = there.get(target.name);
    const fields = current === undefined ? [] : differing(current, target);
    if (current !== undefined && current.managedBy === "file" && fields.length === 0) continue;
    const change = current === undefined ? "added" : "changed";
    changes.push({ part: "sla", name: target.name, change, fields });
  }
  const names = new Set(wanted.map(({ name }) => name));
  for (const { name, managedBy } of there.values())
    if (managedBy === "file" && !names.has(name))
      changes.push({ part: "sla", name, change: "removed", fields: [] });
  return changes;
}

/** Names of the columns that differ. */
function differing(one: SlaDefinition, other: SlaDefinition): string[] {
  const [before, after] = [definitionValues(one), definitionValues(other)];
  return definitionColumns
    .split(", ")
    .filter((_column, index) => JSON.stringify(before[index]) !== JSON.stringify(after[index]));
}

/** Throws a unique violation where somebody else, who is not seen, has one of this name. */
async function writeTarget(client: Queryable, target: SlaTarget, managedBy: ManagedBy): Promise<void> {
  const values = [target.name, managedBy, ...definitionValues(target)];
  const { rowCount } = await client.query(
    `UPDATE internal.sla_targets SET managed_by = $2, updated_at = clock_timestamp(),
       (${definitionColumns}) = ROW ($3, $4, $5, $6, $7, $8::bigint, $9::integer, $10::text[], $11)
     WHERE name = $1`,
    values,
  );
  // Not on conflict, which would change what a caller who is limited to clients does not see.
  if (rowCount === 0)
    await client.query(
      `INSERT INTO internal.sla_targets (name, managed_by, ${definitionColumns})
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
      values,
    );
  await client.query(
    `INSERT INTO public.audit_events (event_type, payload)
     VALUES (${eventSql("sla_changed", { name: "$1::text", target: "$2::jsonb" })})`,
    [target.name, JSON.stringify(Object.fromEntries(definitionEntries(target)))],
  );
}

function definitionEntries(target: SlaDefinition): [string, unknown][] {
  const values = definitionValues(target);
  return definitionColumns
    .split(", ")
    .map((column, index): [string, unknown] => [column, values[index]])
    .filter(([, value]) => value !== null);
}

async function deleteTarget(client: Queryable, name: string): Promise<void> {
  await client.query("DELETE FROM internal.sla_targets WHERE name = $1", [name]);
  await client.query(
    `INSERT INTO public.audit_events (event_type, payload)
     VALUES (${eventSql("sla_changed", { name: "$1::text", target: "'null'::jsonb" })})`,
    [name],
  );
}
