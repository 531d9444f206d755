// The table contacts: whose person was contacted when, which ends speed to lead.
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import { eventSql } from "../log/event-sql.ts";

export interface Contact {
  readonly contacted_at: Date;
  readonly marked_at: Date;
  /** As in the log. */
  readonly by: string;
  readonly via: ContactVia;
}

export type ContactVia = "api" | "mail";

export type Contacted =
  | { readonly kind: "marked"; readonly contact: Contact }
  /** It was marked before, and stays as it is. */
  | { readonly kind: "known"; readonly contact: Contact }
  | { readonly kind: "not_found" }
  /** The time lies before the lead, or in the future. */
  | { readonly kind: "time_unfit" };

export interface ContactMark {
  /** ISO 8601; null: now. */
  readonly at: string | null;
  readonly via: ContactVia;
}

export function markContacted(
  database: Database,
  actor: Actor,
  runId: string,
  { at, via }: ContactMark,
): Promise<Contacted> {
  return transaction(database, actor, async (client): Promise<Contacted> => {
    const { rows: found } = await client.query<{ is_fit: boolean }>(
      `SELECT $2::timestamptz IS NULL OR $2::timestamptz BETWEEN received_at AND clock_timestamp() AS is_fit
       FROM public.runs WHERE run_id = $1 FOR KEY SHARE`,
      [runId, at],
    );
    if (found[0] === undefined) return { kind: "not_found" };
    if (!found[0].is_fit) return { kind: "time_unfit" };
    const { rowCount } = await client.query(
      `INSERT INTO internal.contacts (run_id, contacted_at, actor, via)
       SELECT $1, coalesce($2::timestamptz, now_.at), $3, $4 FROM (SELECT clock_timestamp() AS at) AS now_
       ON CONFLICT (run_id) DO NOTHING`,
      [runId, at, actor, via],
    );
    const contact = await readContact(client, runId);
    if (contact === null) throw new Error("a contact that was just marked is gone");
    if (rowCount !== 1) return { kind: "known", contact };
    await client.query(
      `INSERT INTO public.audit_events (run_id, event_type, payload)
       VALUES ($1, ${eventSql("lead_contacted", { at: "$2::text", via: "$3::text" })})`,
      [runId, contact.contacted_at.toISOString(), via],
    );
    return { kind: "marked", contact };
  });
}

/** Takes it back. null: there is no such lead; false: it was not marked. */
export function undoContact(
  database: Database,
  actor: Actor,
  runId: string,
  reason: string | null,
): Promise<boolean | null> {
  return transaction(database, actor, async (client) => {
    const { rowCount: found } = await client.query(
      "SELECT FROM public.runs WHERE run_id = $1 FOR KEY SHARE",
      [runId],
    );
    if (found !== 1) return null;
    const { rows } = await client.query<{ contacted_at: Date }>(
      "DELETE FROM internal.contacts WHERE run_id = $1 RETURNING contacted_at",
      [runId],
    );
    const [removed] = rows;
    if (removed === undefined) return false;
    await client.query(
      `INSERT INTO public.audit_events (run_id, event_type, payload)
       VALUES ($1, ${eventSql("lead_contact_undone", { at: "$2::text", reason: "$3::text" })})`,
      [runId, removed.contacted_at.toISOString(), reason],
    );
    return true;
  });
}

/** null: nobody has marked it. */
export async function readContact(database: Queryable, runId: string): Promise<Contact | null> {
  const { rows } = await database.query<Contact>(
    `SELECT contacted_at, marked_at, actor AS "by", via FROM internal.contacts WHERE run_id = $1`,
    [runId],
  );
  return rows[0] ?? null;
}
