// The table alert_recipients: who is told of alerts, and whether messages arrive there.
import { transaction } from "../connection/database.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";
import type { ManagedBy } from "../configuration/configuration.ts";
import { appendAuditEvents } from "../log/audit-events.ts";

/** What may be read by anyone, and what may not. */
export interface StoredRecipient {
  readonly name: string;
  /** As its channel's kind of destination is called. */
  readonly kind: string;
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: Buffer | null;
  readonly secretsMark: string;
}

export interface KeptRecipient extends StoredRecipient {
  readonly managedBy: ManagedBy;
  /** What its confirmation code is made of. */
  readonly nonce: string;
  readonly wrongCodes: number;
  readonly confirmedAt: Date | null;
  readonly confirmedBy: "code" | "answer" | null;
  readonly failingSince: Date | null;
  readonly failureCode: string | null;
  readonly failure: string | null;
  /** When it was last told something. */
  readonly toldAt: Date | null;
  readonly updatedAt: Date;
}

const selectSql = `
  SELECT name, kind, settings, secrets, secrets_mark AS "secretsMark", managed_by AS "managedBy", nonce,
    wrong_codes AS "wrongCodes", confirmed_at AS "confirmedAt", confirmed_by AS "confirmedBy",
    failing_since AS "failingSince", failure_code AS "failureCode", failure, updated_at AS "updatedAt",
    (SELECT max(n.ended_at) FROM internal.notifications n WHERE n.recipient = r.name AND n.state = 'sent') AS "toldAt"
  FROM internal.alert_recipients r`;

/** By name. */
export async function listRecipients(database: Queryable): Promise<KeptRecipient[]> {
  const { rows } = await database.query<KeptRecipient>(`${selectSql} ORDER BY name`);
  return rows;
}

export async function findRecipient(database: Queryable, name: string): Promise<KeptRecipient | null> {
  const { rows } = await database.query<KeptRecipient>(`${selectSql} WHERE name = $1`, [name]);
  return rows[0] ?? null;
}

/** Whether anybody is told of alerts. */
export async function isAnybodyTold(database: Queryable): Promise<boolean> {
  const { rows } = await database.query<{ told: boolean }>(
    "SELECT EXISTS (SELECT FROM internal.alert_recipients WHERE confirmed_at IS NOT NULL) AS told",
  );
  return rows[0]?.told === true;
}

/** Of one place where all change it: taken before it is looked at what there is. */
async function lock(client: Queryable): Promise<void> {
  await client.query("LOCK TABLE internal.alert_recipients IN SHARE ROW EXCLUSIVE MODE");
}

export type RecipientChange<Refusal> =
  | { readonly kind: "write"; readonly recipient: StoredRecipient; readonly isSameAddress: boolean }
  | { readonly kind: "remove" }
  | { readonly kind: "refuse"; readonly refusal: Refusal };

export type RecipientChanged<Refusal> =
  | { readonly kind: "done"; readonly recipient: KeptRecipient | null }
  | { readonly kind: "refused"; readonly refusal: Refusal };

/** As `decide` says, with its event. `decide` may be asked more than once. */
export function changeRecipient<Refusal>(
  database: Database,
  actor: Actor,
  name: string,
  decide: (current: KeptRecipient | null, others: readonly KeptRecipient[]) => RecipientChange<Refusal>,
): Promise<RecipientChanged<Refusal>> {
  return transaction(database, actor, async (client): Promise<RecipientChanged<Refusal>> => {
    await lock(client);
    const all = await listRecipients(client);
    const current = all.find((each) => each.name === name) ?? null;
    const change = decide(
      current,
      all.filter((each) => each.name !== name),
    );
    if (change.kind === "refuse") return { kind: "refused", refusal: change.refusal };
    if (change.kind === "remove") await remove(client, actor, name);
    else await write(client, actor, { current, ...change, managedBy: "api" });
    return { kind: "done", recipient: await findRecipient(client, name) };
  });
}

async function write(
  client: Queryable,
  actor: Actor,
  {
    current,
    recipient,
    isSameAddress,
    managedBy,
  }: {
    readonly current: KeptRecipient | null;
    readonly recipient: StoredRecipient;
    readonly isSameAddress: boolean;
    readonly managedBy: ManagedBy;
  },
): Promise<void> {
  const { name, kind, settings, secrets, secretsMark } = recipient;
  const fields = differing(current, recipient);
  if (current !== null && fields.length === 0 && current.managedBy === managedBy) return;
  await client.query(
    `INSERT INTO internal.alert_recipients AS r (name, kind, settings, secrets, secrets_mark, managed_by)
     VALUES ($1, $2, $3::jsonb, $4, $5, $6)
     ON CONFLICT (name) DO UPDATE SET kind = excluded.kind, settings = excluded.settings, secrets = excluded.secrets,
       secrets_mark = excluded.secrets_mark, managed_by = excluded.managed_by, updated_at = clock_timestamp(),
       nonce = CASE WHEN $7 THEN r.nonce ELSE gen_random_uuid()::text END,
       wrong_codes = CASE WHEN $7 THEN r.wrong_codes ELSE 0 END,
       confirmed_at = CASE WHEN $7 THEN r.confirmed_at END, confirmed_by = CASE WHEN $7 THEN r.confirmed_by END,
       failing_since = CASE WHEN $7 THEN r.failing_since END, failure_code = CASE WHEN $7 THEN r.failure_code END,
       failure = CASE WHEN $7 THEN r.failure END`,
    [name, kind, JSON.stringify(settings), secrets, secretsMark, managedBy, isSameAddress],
  );
  await appendAuditEvents(client, actor, [
    {
      type: "alert_recipient_changed",
      payload: { name, kind, change: current === null ? "added" : "changed", fields },
    },
  ]);
}

/** Names of settings; `secrets` stands for all of them. */
function differing(current: KeptRecipient | null, wanted: StoredRecipient): readonly string[] {
  const before = current?.settings ?? {};
  const names = new Set([...Object.keys(before), ...Object.keys(wanted.settings)]);
  const open = [...names].filter(
    (name) => JSON.stringify(before[name]) !== JSON.stringify(wanted.settings[name]),
  );
  const isOther = (current?.secretsMark ?? "") !== wanted.secretsMark;
  return [
    ...(current !== null && current.kind !== wanted.kind ? ["kind"] : []),
    ...open.toSorted(),
    ...(isOther ? ["secrets"] : []),
  ];
}

async function remove(client: Queryable, actor: Actor, name: string): Promise<void> {
  const { rows } = await client.query<{ kind: string }>(
    "DELETE FROM internal.alert_recipients WHERE name = $1 RETURNING kind",
    [name],
  );
  await client.query(
    `UPDATE internal.notifications SET state = 'withdrawn', ended_at = clock_timestamp()
     WHERE recipient = $1 AND state = 'waiting'`,
    [name],
  );
  const [gone] = rows;
  if (gone === undefined) return;
  await appendAuditEvents(client, actor, [
    { type: "alert_recipient_changed", payload: { name, kind: gone.kind, change: "removed", fields: [] } },
  ]);
}

/** `wanted` null: the file says nothing about them; what was the file's is changed elsewhere from then on. */
export async function applyRecipients(
  database: Database,
  actor: Actor,
  wanted: readonly StoredRecipient[] | null,
  isSameAddress: (before: StoredRecipient, after: StoredRecipient) => boolean,
): Promise<void> {
  await transaction(database, actor, async (client) => {
    await lock(client);
    if (wanted === null) {
      await client.query("UPDATE internal.alert_recipients SET managed_by = 'api' WHERE managed_by = 'file'");
      return;
    }
    const all = await listRecipients(client);
    for (const { name, managedBy } of all)
      if (managedBy === "file" && !wanted.some((each) => each.name === name))
        await remove(client, actor, name);
    for (const recipient of wanted) {
      const current = all.find(({ name }) => name === recipient.name) ?? null;
      await write(client, actor, {
        current,
        recipient,
        isSameAddress: current !== null && isSameAddress(current, recipient),
        managedBy: "file",
      });
    }
  });
}

/** Guesses at one code; then another one has to be asked for. */
const wrongCodesMax = 10;

export type Confirmed = "confirmed" | "wrong" | "exhausted" | "unknown";

/** `isRight`: whether the code is the one that belongs to this nonce. */
export function confirmRecipient(
  database: Database,
  actor: Actor,
  name: string,
  isRight: (nonce: string) => boolean,
): Promise<Confirmed> {
  return transaction(database, actor, async (client): Promise<Confirmed> => {
    const { rows } = await client.query<{ nonce: string; wrong_codes: number; confirmed_at: Date | null }>(
      "SELECT nonce, wrong_codes, confirmed_at FROM internal.alert_recipients WHERE name = $1 FOR UPDATE",
      [name],
    );
    const [row] = rows;
    if (row === undefined) return "unknown";
    if (row.wrong_codes >= wrongCodesMax) return "exhausted";
    if (!isRight(row.nonce)) {
      await client.query(
        "UPDATE internal.alert_recipients SET wrong_codes = wrong_codes + 1 WHERE name = $1",
        [name],
      );
      return "wrong";
    }
    if (row.confirmed_at !== null) return "confirmed";
    await client.query(
      `UPDATE internal.alert_recipients SET confirmed_at = clock_timestamp(), confirmed_by = 'code' WHERE name = $1`,
      [name],
    );
    await appendAuditEvents(client, actor, [
      { type: "alert_recipient_confirmed", payload: { name, by: "code" } },
    ]);
    return "confirmed";
  });
}

/** A new code, which is sent; null: it is not there, or confirmed. */
export async function askAnew(database: Queryable, name: string): Promise<boolean> {
  const { rowCount } = await database.query(
    `UPDATE internal.alert_recipients SET nonce = gen_random_uuid()::text, wrong_codes = 0
     WHERE name = $1 AND confirmed_at IS NULL`,
    [name],
  );
  return rowCount === 1;
}
