// The table sections: what the installation is told beside sources and destinations, written with its audit events.
// Secrets come and go encrypted; what encrypts them is the caller's.
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import { tellConfigurationChanged } from "./configuration.ts";
import type { ConfigurationChange, ManagedBy } from "./configuration.ts";

export interface StoredSection {
  readonly name: string;
  /** The entry, without what is sealed. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: Buffer | null;
  /** A keyed hash of the secrets: tells whether they changed. */
  readonly secretsMark: string;
}

export interface ManagedSection extends StoredSection {
  readonly managedBy: ManagedBy;
  readonly updatedAt: Date;
}

interface Row {
  name: string;
  settings: Record<string, unknown>;
  secrets: Buffer | null;
  secrets_mark: string;
  managed_by: ManagedBy;
  updated_at: Date;
}

/** null: it is not configured. */
export async function readStoredSection(database: Queryable, name: string): Promise<ManagedSection | null> {
  const { rows } = await database.query<Row>(
    "SELECT name, settings, secrets, secrets_mark, managed_by, updated_at FROM internal.sections WHERE name = $1",
    [name],
  );
  const [row] = rows;
  return row === undefined ? null : sectionOf(row);
}

export type SectionDecision<Refusal> =
  | { readonly kind: "write"; readonly section: StoredSection }
  | { readonly kind: "remove" }
  | { readonly kind: "keep" }
  | { readonly kind: "refuse"; readonly refusal: Refusal };

/** One change at a time: `decide` sees what there is, and nobody else changes it until that is written. */
export function changeStoredSection<Refusal>(
  database: Database,
  actor: Actor,
  name: string,
  decide: (current: ManagedSection | null) => SectionDecision<Refusal>,
): Promise<Refusal | null> {
  return transaction(database, actor, async (client) => {
    await lockSections(client);
    const current = await readStoredSection(client, name);
    const decision = decide(current);
    switch (decision.kind) {
      case "refuse":
        return decision.refusal;
      case "keep":
        return null;
      case "remove":
        if (current === null) return null;
        await client.query("DELETE FROM internal.sections WHERE name = $1", [name]);
        await tellConfigurationChanged(client, [{ part: "section", name, change: "removed", fields: [] }]);
        return null;
      case "write": {
        const change = differenceOf(current, decision.section, "api");
        if (change === null) return null;
        await writeSection(client, decision.section, "api");
        await tellConfigurationChanged(client, [change]);
        return null;
      }
    }
  });
}

/**
 * Makes these sections what the file says. One that the file has no more stays in force, and is changed by API, dashboard
 * and command line from now on: a file that was cut off switches nothing off.
 */
export function applySections(
  database: Database,
  actor: Actor,
  desired: readonly StoredSection[],
): Promise<readonly ConfigurationChange[]> {
  return transaction(database, actor, async (client) => {
    await lockSections(client);
    const changes = await compareSections(client, desired);
    for (const section of desired)
      if (changes.some(({ name }) => name === section.name)) await writeSection(client, section, "file");
    await client.query(
      "UPDATE internal.sections SET managed_by = 'api' WHERE managed_by = 'file' AND name <> ALL ($1)",
      [desired.map(({ name }) => name)],
    );
    if (changes.length > 0) await tellConfigurationChanged(client, changes);
    return changes;
  });
}

/** What `applySections` would change. */
export async function compareSections(
  database: Queryable,
  desired: readonly StoredSection[],
): Promise<readonly ConfigurationChange[]> {
  const changes: ConfigurationChange[] = [];
  for (const section of desired) {
    const change = differenceOf(await readStoredSection(database, section.name), section, "file");
    if (change !== null) changes.push(change);
  }
  return changes;
}

async function lockSections(client: Queryable): Promise<void> {
  await client.query("LOCK TABLE internal.sections IN SHARE ROW EXCLUSIVE MODE");
}

/** null: it is so already. */
function differenceOf(
  current: ManagedSection | null,
  wanted: StoredSection,
  managedBy: ManagedBy,
): ConfigurationChange | null {
  const { name } = wanted;
  if (current === null) return { part: "section", name, change: "added", fields: [] };
  const fields = [...new Set([...Object.keys(current.settings), ...Object.keys(wanted.settings)])]
    .filter((field) => canonical(current.settings[field]) !== canonical(wanted.settings[field]))
    .sort();
  if (current.secretsMark !== wanted.secretsMark) fields.push("secrets");
  if (fields.length === 0 && current.managedBy === managedBy) return null;
  return { part: "section", name, change: "changed", fields };
}

// jsonb orders the keys of objects its own way.
function canonical(value: unknown): string {
  return JSON.stringify(value ?? null, (_key, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)))
      : inner,
  );
}

async function writeSection(client: Queryable, section: StoredSection, managedBy: ManagedBy): Promise<void> {
  const { name, settings, secrets, secretsMark } = section;
  await client.query(
    `INSERT INTO internal.sections (name, settings, secrets, secrets_mark, managed_by) VALUES ($1, $2, $3, $4, $5)
     ON CONFLICT (name) DO UPDATE SET settings = excluded.settings, secrets = excluded.secrets,
       secrets_mark = excluded.secrets_mark, managed_by = excluded.managed_by, updated_at = clock_timestamp()`,
    [name, JSON.stringify(settings), secrets, secretsMark, managedBy],
  );
}

function sectionOf(row: Row): ManagedSection {
  return {
    name: row.name,
    settings: row.settings,
    secrets: row.secrets,
    secretsMark: row.secrets_mark,
    managedBy: row.managed_by,
    updatedAt: row.updated_at,
  };
}
