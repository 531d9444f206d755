// The table settings: what all nodes of an installation share.
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import { eventSql } from "../log/event-sql.ts";

export const defaultTimezone = "Europe/Berlin";

export async function readTimezone(database: Queryable): Promise<string> {
  const { rows } = await database.query<{ zone: string }>("SELECT internal.reporting_timezone() AS zone");
  return rows[0]?.zone ?? defaultTimezone;
}

/** Who says the reporting time zone: leadledger.yaml, or whoever changes the settings. */
export async function readTimezoneManager(database: Queryable): Promise<"file" | "api"> {
  const { rows } = await database.query<{ manager: string }>(
    "SELECT value #>> '{}' AS manager FROM internal.settings WHERE name = 'timezone_managed_by'",
  );
  return rows[0]?.manager === "file" ? "file" : "api";
}

/**
 * A file has been applied: with a time zone, or without one, so that it is changed with the other settings. Where that
 * is noted already, nothing is locked.
 */
export async function noteTimezoneManager(database: Queryable, manager: "file" | "api"): Promise<void> {
  if ((await readTimezoneManager(database)) === manager) return;
  await database.query(
    `INSERT INTO internal.settings AS s (name, value) VALUES ('timezone_managed_by', to_jsonb($1::text))
     ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = clock_timestamp() WHERE s.value <> excluded.value`,
    [manager],
  );
}

/** JSON pointers to what belongs to a person in the leads of every source, besides what is recognised by its name. */
export async function readMaskedPointers(database: Queryable): Promise<readonly string[]> {
  const { rows } = await database.query<{ pointers: string[] }>(
    "SELECT value AS pointers FROM internal.settings WHERE name = 'masked_pointers'",
  );
  return rows[0]?.pointers ?? [];
}

/** Whether roles that may see persons see their names in lists of leads; who did is recorded (names-shown.ts). */
export async function readNamesInLists(database: Queryable): Promise<boolean> {
  const { rows } = await database.query<{ shown: boolean }>(
    "SELECT value AS shown FROM internal.settings WHERE name = 'names_in_lists'",
  );
  return rows[0]?.shown === true;
}

export interface SharedSettings {
  readonly masked_pointers?: readonly string[];
  readonly names_in_lists?: boolean;
}

/** Those that are named, with one event. */
export async function changeSharedSettings(
  database: Database,
  actor: Actor,
  change: SharedSettings,
): Promise<void> {
  await transaction(database, actor, async (client) => {
    await client.query(
      `INSERT INTO internal.settings AS s (name, value) SELECT key, value FROM jsonb_each($1::jsonb)
       ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = clock_timestamp()`,
      [JSON.stringify(change)],
    );
    await client.query(
      `INSERT INTO public.audit_events (event_type, payload) VALUES (${eventSql("settings_changed", {
        masked_pointers: "$1::jsonb -> 'masked_pointers'",
        names_in_lists: "$1::jsonb -> 'names_in_lists'",
      })})`,
      [JSON.stringify(change)],
    );
  });
}

/**
 * Notes the fingerprint of the root key at the first start. Returns the fingerprint that is in the database: when it
 * differs from `fingerprint`, this node has a different key and must not start.
 */
export async function claimKeyFingerprint(database: Queryable, fingerprint: string): Promise<string> {
  await database.query(
    `INSERT INTO internal.settings (name, value) VALUES ('key_fingerprint', to_jsonb($1::text)) ON CONFLICT (name) DO NOTHING`,
    [fingerprint],
  );
  const { rows } = await database.query<{ fingerprint: string }>(
    "SELECT value #>> '{}' AS fingerprint FROM internal.settings WHERE name = 'key_fingerprint'",
  );
  return rows[0]?.fingerprint ?? fingerprint;
}

/** A subquery: what `readConfigurationRevision` returns; null: there is none yet. */
export const configurationRevisionSql =
  "(SELECT (value #>> '{}')::int FROM internal.settings WHERE name = 'configuration_revision')";

/** Rises with every change of the configuration. */
export async function readConfigurationRevision(database: Queryable): Promise<number> {
  const { rows } = await database.query<{ revision: number | null }>({
    name: "read-configuration-revision",
    text: `SELECT ${configurationRevisionSql} AS revision`,
  });
  return rows[0]?.revision ?? 0;
}

export async function raiseConfigurationRevision(client: Queryable): Promise<void> {
  await client.query("SELECT internal.raise_configuration_revision()");
}
