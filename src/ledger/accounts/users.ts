// The table users: people who may sign in, and what is changed about them.
import type { Language } from "../../domain/errors/error-catalogue-entry.ts";
import type { Role } from "../../domain/accounts/roles.ts";
import { appendAuditEvents } from "../log/audit-events.ts";
import type { Actor, Database, Queryable } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";
import { takeLock } from "../connection/held-lock.ts";
import { sqlState } from "../connection/postgres-error.ts";

export interface User {
  readonly user_id: number;
  readonly login: string;
  readonly display_name: string;
  readonly role: Role;
  /** The clients of an agency whose things they may see and change; null: all. */
  readonly clients: readonly string[] | null;
  readonly language: Language;
  readonly has_password: boolean;
  readonly created_at: Date;
  readonly created_by: string;
  readonly disabled_at: Date | null;
  readonly locked_until: Date | null;
  readonly signed_in_at: Date | null;
  readonly version: number;
}

export interface NewUser {
  readonly login: string;
  readonly display_name: string;
  readonly role: Role;
  /** null: all. */
  readonly clients: readonly string[] | null;
  readonly language: Language;
  /** null: a set-up link will make one. */
  readonly passwordHash: string | null;
}

/** Absent: stays as it is. */
export interface UserChanges {
  readonly login?: string;
  readonly display_name?: string;
  readonly role?: Role;
  /** null: all. */
  readonly clients?: readonly string[] | null;
  readonly language?: Language;
  readonly disabled?: boolean;
  readonly passwordHash?: string;
}

export type UserChanged =
  | { readonly kind: "changed"; readonly user: User; readonly fields: readonly string[] }
  | { readonly kind: "unknown" | "changed_meanwhile" | "last_admin" | "login_taken" };

/** Whoever changes how many admins there are does so alone. */
const adminsLockWaitMs = 5_000;
const uniqueViolation = "23505";

const columns = `user_id, login, display_name, role, clients, language, password_hash IS NOT NULL AS has_password, created_at,
  created_by, disabled_at, CASE WHEN locked_until > clock_timestamp() THEN locked_until END AS locked_until, signed_in_at,
  version`;

export async function listUsers(
  database: Queryable,
  {
    login,
    before,
    limit,
  }: { readonly login?: string; readonly before: number | null; readonly limit: number },
): Promise<User[]> {
  const { rows } = await database.query<User>(
    `SELECT ${columns} FROM internal.users
     WHERE ($1::bigint IS NULL OR user_id < $1) AND ($2::text IS NULL OR login = $2)
     ORDER BY user_id DESC LIMIT $3`,
    [before, login ?? null, limit],
  );
  return rows;
}

export async function findUser(database: Queryable, userId: number): Promise<User | null> {
  const { rows } = await database.query<User>(`SELECT ${columns} FROM internal.users WHERE user_id = $1`, [
    userId,
  ]);
  return rows[0] ?? null;
}

export async function isAnyUser(database: Queryable): Promise<boolean> {
  const { rows } = await database.query<{ is_any: boolean }>(
    "SELECT EXISTS (SELECT FROM internal.users) AS is_any",
  );
  return rows[0]?.is_any === true;
}

/** null: the login is taken. */
export function createUser(database: Database, actor: Actor, user: NewUser): Promise<User | null> {
  return transaction(database, actor, async (client) => {
    const created = await insertUser(client, actor, user);
    if (created !== null) await tellCreated(client, actor, created);
    return created;
  });
}

/** The first of all, who is an admin and speaks for themselves; null: there is somebody already. */
export async function createFirstUser(
  client: Queryable,
  user: Omit<NewUser, "role" | "clients">,
): Promise<User | null> {
  await takeLock(client, "admins", adminsLockWaitMs);
  if (await isAnyUser(client)) return null;
  const created = await insertUser(client, "system", { ...user, role: "admin", clients: null });
  if (created !== null) await tellCreated(client, `user:${created.user_id}`, created);
  return created;
}

async function insertUser(client: Queryable, createdBy: Actor, user: NewUser): Promise<User | null> {
  const { rows } = await client.query<User>(
    `INSERT INTO internal.users (login, display_name, role, language, password_hash, created_by, clients)
     VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (login) DO NOTHING RETURNING ${columns}`,
    [user.login, user.display_name, user.role, user.language, user.passwordHash, createdBy, user.clients],
  );
  return rows[0] ?? null;
}

async function tellCreated(client: Queryable, actor: Actor, { user_id, role, clients }: User): Promise<void> {
  await appendAuditEvents(client, actor, [{ type: "user_created", payload: { user_id, role, clients } }]);
}

/**
 * `fits`: whether the version that is there is the one that the caller has seen. `keepSession`: the hash of the session
 * that goes on after its own password was changed; all others end.
 */
export async function changeUser(
  database: Database,
  actor: Actor,
  userId: number,
  changes: UserChanges,
  { fits = () => true, keepSession = null }: ChangeConditions = {},
): Promise<UserChanged> {
  try {
    return await transaction(database, actor, (client) =>
      changeWithin(client, actor, userId, changes, { fits, keepSession }),
    );
  } catch (error) {
    if (sqlState(error) === uniqueViolation) return { kind: "login_taken" };
    throw error;
  }
}

export interface ChangeConditions {
  readonly fits?: (version: number) => boolean;
  readonly keepSession?: Buffer | null;
}

export async function changeWithin(
  client: Queryable,
  actor: Actor,
  userId: number,
  changes: UserChanges,
  { fits, keepSession }: Required<ChangeConditions>,
): Promise<UserChanged> {
  await takeLock(client, "admins", adminsLockWaitMs);
  const { rows } = await client.query<User>(
    `SELECT ${columns} FROM internal.users WHERE user_id = $1 FOR UPDATE`,
    [userId],
  );
  const user = rows[0];
  if (user === undefined) return { kind: "unknown" };
  if (!fits(user.version)) return { kind: "changed_meanwhile" };
  const fields = changedFields(user, changes);
  if (fields.length === 0) return { kind: "changed", user, fields };
  if (isWorkingAdmin(user) && !staysAdmin(user, changes) && !(await hasOtherAdmin(client, userId))) {
    return { kind: "last_admin" };
  }
  const after = await writeChanges(client, userId, changes);
  if (after.disabled_at !== null || changes.passwordHash !== undefined) {
    await client.query(
      "DELETE FROM internal.sessions WHERE user_id = $1 AND token_hash IS DISTINCT FROM $2::bytea",
      [userId, keepSession],
    );
    await client.query("DELETE FROM internal.setup_links WHERE user_id = $1", [userId]);
  }
  const role = after.role === user.role ? {} : { role: { from: user.role, to: after.role } };
  const clients = fields.includes("clients") ? { clients: { from: user.clients, to: after.clients } } : {};
  await appendAuditEvents(client, actor, [
    { type: "user_changed", payload: { user_id: userId, fields, ...role, ...clients } },
  ]);
  return { kind: "changed", user: after, fields };
}

function changedFields(user: User, { passwordHash, disabled, clients, ...plain }: UserChanges): string[] {
  const fields = (Object.keys(plain) as (keyof typeof plain)[]).filter(
    (field) => plain[field] !== undefined && plain[field] !== user[field],
  ) as string[];
  if (disabled !== undefined && disabled !== (user.disabled_at !== null)) fields.push("disabled");
  if (clients !== undefined && JSON.stringify(clients) !== JSON.stringify(user.clients))
    fields.push("clients");
  if (passwordHash !== undefined) fields.push("password");
  return fields;
}

/** Of the whole installation. */
function isWorkingAdmin({ role, clients, disabled_at, has_password }: User): boolean {
  return role === "admin" && clients === null && disabled_at === null && has_password;
}

function staysAdmin(
  user: User,
  { role = user.role, clients = user.clients, disabled = false }: UserChanges,
): boolean {
  return role === "admin" && clients === null && !disabled;
}

/** Somebody who could sign in and mend things. */
async function hasOtherAdmin(client: Queryable, userId: number): Promise<boolean> {
  const { rowCount } = await client.query(
    `SELECT FROM internal.users WHERE user_id <> $1 AND role = 'admin' AND clients IS NULL AND disabled_at IS NULL
       AND password_hash IS NOT NULL LIMIT 1`,
    [userId],
  );
  return rowCount === 1;
}

/** A new password, and being let in again, end a lock. */
async function writeChanges(client: Queryable, userId: number, changes: UserChanges): Promise<User> {
  const { rows } = await client.query<User>(
    `UPDATE internal.users SET
       login = coalesce($2, login), display_name = coalesce($3, display_name), role = coalesce($4, role),
       language = coalesce($5, language), password_hash = coalesce($6, password_hash),
       disabled_at = CASE $7::boolean WHEN true THEN coalesce(disabled_at, clock_timestamp()) WHEN false THEN NULL
         ELSE disabled_at END,
       clients = CASE WHEN $8::boolean THEN $9::text[] ELSE clients END,
       failed_sign_ins = CASE WHEN $6::text IS NULL AND $7::boolean IS NOT false THEN failed_sign_ins ELSE 0 END,
       locked_until = CASE WHEN $6::text IS NULL AND $7::boolean IS NOT false THEN locked_until END,
       version = version + 1
     WHERE user_id = $1 RETURNING ${columns}`,
    [
      userId,
      ...[changes.login, changes.display_name, changes.role, changes.language].map((value) => value ?? null),
      changes.passwordHash ?? null,
      changes.disabled ?? null,
      changes.clients !== undefined,
      changes.clients ?? null,
    ],
  );
  const [after] = rows;
  if (after === undefined) throw new Error("a row that is locked is gone");
  return after;
}
