// /users: who may sign in.
import { Type } from "typebox";
import type { Accounts } from "../../../accounts/accounts.ts";
import { passwordFault } from "../../../accounts/password.ts";
import { newSetupLink } from "../../../accounts/set-up.ts";
import { mayGiveClients } from "../../../domain/accounts/client-limits.ts";
import { normalisedLogin } from "../../../accounts/sign-in.ts";
import { changeUser, createUser, findUser, listUsers } from "../../../ledger/accounts/users.ts";
import type { User } from "../../../ledger/accounts/users.ts";
import { busyWithPasswords, weakPassword } from "./account-refusals.ts";
import {
  clients,
  displayName,
  language,
  login,
  password,
  role,
  userId,
  userSchema,
} from "./account-schemas.ts";
import { userFilterMembers } from "./user-filter.ts";
import { encodeCursor, readNumberCursor } from "../frame/cursor.ts";
import { fitsIfMatch } from "../frame/if-match.ts";
import type { AnswerExtras } from "../frame/route.ts";
import { created, ok, refuse, route } from "../frame/route.ts";
import { closed, nullable, page, pageLimitDefault, pageQuery, timestamp } from "../frame/schemas.ts";

const tag = "users";
const access = "accounts.write";
const params = Type.Object({ user_id: userId });

export function userRoutes({ database, passwords }: Accounts) {
  return [
    route(
      {
        method: "GET",
        path: "/users",
        tag,
        access,
        summary: "Who may sign in, the newest first",
        query: Type.Object({ ...pageQuery, ...userFilterMembers }, closed),
        answers: { 200: page(userSchema) },
        problems: ["cursor_invalid"],
      },
      async ({ query: { limit = pageLimitDefault, cursor, login: wanted } }) => {
        const before = readNumberCursor(cursor);
        if (before === undefined) return refuse("cursor_invalid");
        const named = wanted === undefined ? {} : { login: normalisedLogin(wanted) };
        const users = await listUsers(database, { ...named, before, limit: limit + 1 });
        const last = users.length > limit ? users[limit - 1] : undefined;
        return ok({
          items: users.slice(0, limit).map(describeUser),
          next_cursor: last === undefined ? null : encodeCursor([last.user_id]),
        });
      },
    ),
    route(
      {
        method: "POST",
        path: "/users",
        tag,
        access,
        summary: "Make an account",
        description: "Without a password, `POST /users/{user_id}/setup-links` makes a link that sets one.",
        body: Type.Object(
          {
            login,
            display_name: displayName,
            role,
            clients: Type.Optional(clients),
            language: Type.Optional(language),
            password: Type.Optional(password),
          },
          closed,
        ),
        answers: { 201: userSchema },
        problems: ["login_taken", "password_unsuitable", "passwords_busy", "clients_exceed_own"],
      },
      async ({ body, principal, language: speaks }) => {
        const given = body.clients ?? null;
        if (!mayGiveClients(principal.clients, given)) return refuse("clients_exceed_own");
        const name = normalisedLogin(body.login);
        const fault = body.password === undefined ? null : passwordFault(body.password, name);
        if (fault !== null) return weakPassword(fault, speaks);
        const passwordHash = body.password === undefined ? null : await passwords.hash(body.password);
        if (passwordHash === null && body.password !== undefined) return busyWithPasswords();
        const user = await createUser(database, principal.actor, {
          login: name,
          display_name: body.display_name,
          role: body.role,
          clients: given,
          passwordHash,
          language: body.language ?? speaks,
        });
        return user === null ? refuse("login_taken") : created(describeUser(user), versionOf(user));
      },
    ),
    route(
      {
        method: "GET",
        path: "/users/:user_id",
        tag,
        access,
        summary: "One user",
        params,
        answers: { 200: userSchema },
        problems: ["user_unknown"],
      },
      async ({ params: { user_id: id } }) => {
        const user = await findUser(database, id);
        return user === null ? refuse("user_unknown") : ok(describeUser(user), versionOf(user));
      },
    ),
    route(
      {
        method: "PATCH",
        path: "/users/:user_id",
        tag,
        access,
        summary: "Change a user: role, name, password, whether they may sign in",
        description:
          "Takes effect at once on every node. Who is disabled, or gets another password, is signed out. With `If-Match` only what has that ETag is changed.",
        params,
        body: Type.Object(
          {
            login: Type.Optional(login),
            display_name: Type.Optional(displayName),
            role: Type.Optional(role),
            clients: Type.Optional(clients),
            language: Type.Optional(language),
            disabled: Type.Optional(Type.Boolean()),
            password: Type.Optional(password),
          },
          closed,
        ),
        answers: { 200: userSchema },
        problems: [
          ...(["user_unknown", "changed_meanwhile", "last_admin", "login_taken"] as const),
          ...(["password_unsuitable", "passwords_busy", "own_password", "clients_exceed_own"] as const),
        ],
      },
      async ({ params: { user_id: id }, body, principal, ifMatch, language: speaks }) => {
        const { password: wanted, login: renamed, ...plain } = body;
        if (wanted !== undefined && principal.by === "session" && principal.userId === id) {
          return refuse("own_password");
        }
        const user = await findUser(database, id);
        if (user === null) return refuse("user_unknown");
        if (body.clients !== undefined && !mayGiveClients(principal.clients, body.clients))
          return refuse("clients_exceed_own");
        const name = renamed === undefined ? user.login : normalisedLogin(renamed);
        const fault = wanted === undefined ? null : passwordFault(wanted, name);
        if (fault !== null) return weakPassword(fault, speaks);
        const passwordHash = wanted === undefined ? undefined : await passwords.hash(wanted);
        if (passwordHash === null) return busyWithPasswords();
        const changes = { ...plain, login: name, ...(passwordHash === undefined ? {} : { passwordHash }) };
        const changed = await changeUser(database, principal.actor, id, changes, {
          fits: (version) => fitsIfMatch(ifMatch, String(version)),
        });
        switch (changed.kind) {
          case "changed":
            return ok(describeUser(changed.user), versionOf(changed.user));
          case "unknown":
            return refuse("user_unknown");
          default:
            return refuse(changed.kind);
        }
      },
    ),
    route(
      {
        method: "POST",
        path: "/users/:user_id/setup-links",
        tag,
        access,
        summary: "Make a link with which somebody sets their password, once",
        description: "Valid for 24 hours. Links that this user had before end.",
        params,
        answers: {
          201: Type.Object({
            path: Type.String({ description: "Below the address of this installation. Shown once." }),
            url: nullable(Type.String({ description: "The whole link; null: `public_url` is not set." })),
            expires_at: timestamp("Until then it can be used."),
          }),
        },
        problems: ["user_unknown"],
      },
      async ({ params: { user_id: id }, principal, reach: { publicUrl } }) => {
        const link = await newSetupLink(database, principal.actor, id);
        if (link === null) return refuse("user_unknown");
        const url = publicUrl === null ? null : `${publicUrl.href}${link.path}`;
        return created({ path: link.path, url, expires_at: link.expiresAt });
      },
    ),
  ];
}

function describeUser({ version: _version, ...shown }: User): Omit<User, "version"> {
  return shown;
}

function versionOf({ version }: User): AnswerExtras {
  return { etag: String(version) };
}
