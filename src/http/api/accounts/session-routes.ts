// POST, GET, PATCH and DELETE /session and PUT /session/password: signing in and out, and what is one's own.
import type { FastifyRequest } from "fastify";
import { Type } from "typebox";
import type { Accounts } from "../../../accounts/accounts.ts";
import { passwordFault } from "../../../accounts/password.ts";
import { provePassword, sessionLifetimeMs, signIn } from "../../../accounts/sign-in.ts";
import { tokenHash } from "../../../accounts/token.ts";
import { permissionsOf } from "../../../domain/accounts/roles.ts";
import { endSession } from "../../../ledger/accounts/sessions.ts";
import { changeUser, findUser } from "../../../ledger/accounts/users.ts";
import type { User } from "../../../ledger/accounts/users.ts";
import { busyWithPasswords, notProved, weakPassword } from "./account-refusals.ts";
import { displayName, language, password, sessionSchema, typedLogin } from "./account-schemas.ts";
import type { Principal } from "../frame/principal.ts";
import { askedFrom } from "../../reach.ts";
import type { Reach } from "../../reach.ts";
import { refuseFromElsewhere } from "../frame/same-site.ts";
import type { CookieScope, SessionCookie } from "./session-cookie.ts";
import { created, noContent, ok, refuse, route } from "../frame/route.ts";
import { closed } from "../frame/schemas.ts";

const tag = "session";

export function sessionRoutes(accounts: Accounts, cookie: SessionCookie) {
  const { database, passwords } = accounts;
  return [
    route(
      {
        method: "POST",
        path: "/session",
        tag,
        access: "anyone",
        summary: "Sign in",
        description:
          "Sets the cookie `leadledger_session_…`, whose name ends with what tells this installation from others on the same host. Programs use an API key instead. A wrong password, an unknown user and an account that is locked or disabled are answered alike.",
        body: Type.Object({ login: typedLogin, password }, closed),
        answers: { 201: sessionSchema },
        problems: ["sign_in_refused", "too_many_attempts", "passwords_busy", "cross_site_request"],
      },
      async ({ body, raw, reach, language: speaks }) => {
        const elsewhere = refuseFromElsewhere(raw, reach, speaks);
        if (elsewhere !== null) return elsewhere;
        const address = askedFrom(raw, reach).clientAddress;
        const outcome = await signIn(accounts, { ...body, address });
        if (outcome.kind !== "signed_in") return notProved(outcome, "sign_in_refused");
        const user = await findUser(database, outcome.userId);
        if (user === null) return refuse("sign_in_refused");
        return created(describeSession(principalOf(user), user), {
          headers: { "Set-Cookie": cookie.begin(scopeOf(raw, reach), outcome.token, sessionLifetimeMs) },
        });
      },
    ),
    route(
      {
        method: "GET",
        path: "/session",
        tag,
        access: "signed_in",
        summary: "Who am I, and what may I do",
        answers: { 200: sessionSchema },
      },
      async ({ principal }) => ok(describeSession(principal, await ownUser(accounts, principal))),
    ),
    route(
      {
        method: "PATCH",
        path: "/session",
        tag,
        access: "signed_in",
        summary: "Change one's own name or language",
        body: Type.Object(
          { display_name: Type.Optional(displayName), language: Type.Optional(language) },
          closed,
        ),
        answers: { 200: sessionSchema },
        problems: ["no_own_account"],
      },
      async ({ principal, body }) => {
        if (principal.userId === null) return refuse("no_own_account");
        const changed = await changeUser(database, principal.actor, principal.userId, body);
        if (changed.kind !== "changed") return refuse("no_own_account");
        return ok(describeSession(principal, changed.user));
      },
    ),
    route(
      {
        method: "DELETE",
        path: "/session",
        tag,
        access: "signed_in",
        summary: "Sign out",
        answers: { 204: null },
      },
      async ({ principal, raw, reach }) => {
        const token = cookie.tokenOf(raw);
        if (principal.by === "session" && principal.userId !== null && token !== null) {
          await endSession(database, principal.userId, tokenHash(token));
        }
        return noContent({ "Set-Cookie": cookie.end(scopeOf(raw, reach), raw) });
      },
    ),
    route(
      {
        method: "PUT",
        path: "/session/password",
        tag,
        access: "signed_in",
        summary: "Change one's own password",
        description: "Whatever else is signed in as this user is signed out.",
        body: Type.Object({ current_password: password, new_password: password }, closed),
        answers: { 204: null },
        problems: [
          "no_own_account",
          "password_wrong",
          "password_unsuitable",
          "too_many_attempts",
          "passwords_busy",
        ],
      },
      async ({ principal, body, raw, reach, language: speaks }) => {
        const user = await ownUser(accounts, principal);
        if (user === null) return refuse("no_own_account");
        const fault = passwordFault(body.new_password, user.login);
        if (fault !== null) return weakPassword(fault, speaks);
        const address = askedFrom(raw, reach).clientAddress;
        const proof = { userId: user.user_id, password: body.current_password, address };
        const proved = await provePassword(accounts, proof);
        if (proved.kind !== "proved") return notProved(proved, "password_wrong");
        const passwordHash = await passwords.hash(body.new_password);
        if (passwordHash === null) return busyWithPasswords();
        const token = cookie.tokenOf(raw);
        const keepSession = token === null ? null : tokenHash(token);
        await changeUser(database, principal.actor, user.user_id, { passwordHash }, { keepSession });
        return noContent();
      },
    ),
  ];
}

function scopeOf(request: FastifyRequest, reach: Reach): CookieScope {
  const { protocol, basePath } = askedFrom(request, reach);
  return { protocol, path: basePath === "" ? "/" : basePath };
}

function principalOf({ user_id, role, clients }: User): Principal {
  return { actor: `user:${user_id}`, role, clients, by: "session", userId: user_id };
}

async function ownUser({ database }: Accounts, { userId }: Principal): Promise<User | null> {
  return userId === null ? null : findUser(database, userId);
}

function describeSession({ actor, role, clients, by }: Principal, user: User | null) {
  return {
    actor,
    by: by === "nobody" ? ("local" as const) : by,
    role,
    clients,
    permissions: [...permissionsOf(role)],
    user:
      user === null
        ? null
        : {
            user_id: user.user_id,
            login: user.login,
            display_name: user.display_name,
            language: user.language,
          },
  };
}
