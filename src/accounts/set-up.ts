// Set-up links: how the first admin comes into being, and how somebody gets a password without anybody else knowing it.
import type { Language } from "../domain/errors/error-catalogue-entry.ts";
import type { Actor, Database } from "../ledger/connection/database.ts";
import { transaction } from "../ledger/connection/database.ts";
import {
  createFirstSetupLink,
  createSetupLink,
  findSetupLink,
  useSetupLink,
} from "../ledger/accounts/setup-links.ts";
import type { SetupLink } from "../ledger/accounts/setup-links.ts";
import { changeWithin, createFirstUser } from "../ledger/accounts/users.ts";
import type { Passwords, PasswordFault } from "./password.ts";
import { passwordFault } from "./password.ts";
import { normalisedLogin } from "./sign-in.ts";
import { isToken, newToken, tokenHash } from "./token.ts";

export const setupLinkLifetimeMs = 24 * 3_600_000;

export interface NewSetupLink {
  /** `/setup/<token>` */
  readonly path: string;
  readonly expiresAt: Date;
}

/** null: there is a user already. */
export async function firstSetupLink(database: Database): Promise<NewSetupLink | null> {
  const token = newToken();
  const expiresAt = await createFirstSetupLink(database, tokenHash(token), setupLinkLifetimeMs);
  return expiresAt === null ? null : { path: setupPath(token), expiresAt };
}

/** null: there is no such user. */
export async function newSetupLink(
  database: Database,
  actor: Actor,
  userId: number,
  lifetimeMs = setupLinkLifetimeMs,
): Promise<NewSetupLink | null> {
  const token = newToken();
  const expiresAt = await createSetupLink(database, actor, userId, {
    tokenHash: tokenHash(token),
    lifetimeMs,
  });
  return expiresAt === null ? null : { path: setupPath(token), expiresAt };
}

/** null: not good for anything (any more). */
export async function openSetupLink(database: Database, token: string): Promise<SetupLink | null> {
  return isToken(token) ? findSetupLink(database, tokenHash(token)) : null;
}

export interface SetupAnswers {
  /** Of the first admin alone. */
  readonly login: string;
  readonly displayName: string;
  readonly password: string;
  readonly language: Language;
}

export type SetUp =
  | { readonly kind: "done"; readonly login: string }
  | { readonly kind: "weak"; readonly fault: PasswordFault }
  | { readonly kind: "busy" | "link_used" };

/** Uses the link, and makes the account or its password, in one transaction. */
export async function setUp(
  { database, passwords }: { readonly database: Database; readonly passwords: Passwords },
  { userId, login }: SetupLink,
  token: string,
  answers: SetupAnswers,
): Promise<SetUp> {
  const name = login ?? normalisedLogin(answers.login);
  const fault = passwordFault(answers.password, name);
  if (fault !== null) return { kind: "weak", fault };
  const passwordHash = await passwords.hash(answers.password);
  if (passwordHash === null) return { kind: "busy" };
  return transaction(database, "system", async (client) => {
    if (!(await useSetupLink(client, tokenHash(token)))) return { kind: "link_used" };
    if (userId === null) {
      const { displayName, language } = answers;
      const made = await createFirstUser(client, {
        login: name,
        display_name: displayName,
        language,
        passwordHash,
      });
      return made === null ? { kind: "link_used" } : { kind: "done", login: name };
    }
    const changed = await changeWithin(
      client,
      `user:${userId}`,
      userId,
      { passwordHash },
      {
        fits: () => true,
        keepSession: null,
      },
    );
    return changed.kind === "changed" ? { kind: "done", login: name } : { kind: "link_used" };
  });
}

function setupPath(token: string): string {
  return `/setup/${token}`;
}
