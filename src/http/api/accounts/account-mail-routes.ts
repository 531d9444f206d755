// Mails about somebody's account: invitations that an admin sends, and links for a new password that anyone may ask for.
import { Type } from "typebox";
import type { Accounts } from "../../../accounts/accounts.ts";
import { takeResetAttempt } from "../../../accounts/attempts.ts";
import { newSetupLink } from "../../../accounts/set-up.ts";
import { normalisedLogin } from "../../../accounts/sign-in.ts";
import { errorText } from "../../../domain/node/log.ts";
import type { Log } from "../../../domain/node/log.ts";
import { parseMailbox } from "../../../domain/values/mailbox.ts";
import type { Actor, Database } from "../../../ledger/connection/database.ts";
import { findUser, listUsers } from "../../../ledger/accounts/users.ts";
import type { User } from "../../../ledger/accounts/users.ts";
import { readTimezone } from "../../../ledger/settings/settings.ts";
import { invitationMessage, newPasswordMessage } from "../../../mail/account-messages.ts";
import type { AccountLink } from "../../../mail/account-messages.ts";
import type { OwnMessage } from "../../../mail/own-message.ts";
import type { MailOutcome } from "../../../mail/send-mail.ts";
import { askedFrom } from "../../reach.ts";
import { accepted, ok, refuse, route } from "../frame/route.ts";
import { refuseFromElsewhere } from "../frame/same-site.ts";
import { closed, nullable, timestamp } from "../frame/schemas.ts";
import { typedLogin, userId } from "./account-schemas.ts";
import { notProved } from "./account-refusals.ts";

export interface AccountMailDeps {
  /** Of the whole installation: who asks for a new password is nobody yet. */
  readonly whole: Database;
  /** `public_url`; null: it is not set, and no link can be made whole. */
  readonly publicUrl: string | null;
  readonly hasMailAccount: () => Promise<boolean>;
  readonly send: (message: OwnMessage) => Promise<MailOutcome>;
  readonly log: Log;
  readonly now: () => Date;
}

/** An hour: whoever asks for one reads their mail now. */
const resetLinkLifetimeMs = 3_600_000;

export function accountMailRoutes(accounts: Accounts, deps: AccountMailDeps) {
  const { publicUrl, whole, send, now } = deps;

  async function linkFor(
    database: Database,
    actor: Actor,
    user: User,
    base: string,
    lifetimeMs?: number,
  ): Promise<AccountLink | null> {
    const link = await newSetupLink(database, actor, user.user_id, lifetimeMs);
    if (link === null) return null;
    return {
      to: user.login,
      name: user.display_name,
      language: user.language,
      url: `${base.replace(/\/$/, "")}${link.path}`,
      expiresAt: link.expiresAt,
      timezone: await readTimezone(whole),
    };
  }

  /** Nobody waits for it, so that what it takes says nothing. */
  async function sendNewPassword(login: string, base: string): Promise<void> {
    const [user] = await listUsers(whole, { login, before: null, limit: 1 });
    // Who has no password yet has an invitation, which must not end because somebody knows their address.
    if (user === undefined || !user.has_password || user.disabled_at !== null) return;
    if (parseMailbox(user.login) === null) return;
    const link = await linkFor(whole, "system", user, base, resetLinkLifetimeMs);
    const outcome = link === null ? null : await send(newPasswordMessage(link, now()));
    // What the mail server says may hold the address.
    if (outcome?.kind === "failed") deps.log("warn", "password_mail_failed", { code: outcome.code });
  }

  return [
    route(
      {
        method: "POST",
        path: "/users/:user_id/invitations",
        tag: "users",
        access: "accounts.write",
        summary: "Send somebody the link with which they set their password",
        description:
          "To the address that they sign in with, in their language. Valid once, for 24 hours; links that this user had before end. Where nothing can be sent, `POST /users/{user_id}/setup-links` shows a link.",
        params: Type.Object({ user_id: userId }),
        answers: {
          200: Type.Object({
            sent: Type.Boolean({ description: "The mail server took it." }),
            expires_at: timestamp("Until then the link can be used."),
            code: nullable(Type.String({ description: "The stable code of what went wrong." })),
            message: nullable(Type.String({ description: "The same as a sentence." })),
          }),
        },
        problems: ["user_unknown", "mail_missing", "public_url_missing", "recipient_invalid"],
      },
      async ({ params: { user_id: id }, principal }) => {
        const user = await findUser(accounts.database, id);
        if (user === null) return refuse("user_unknown");
        if (parseMailbox(user.login) === null) return refuse("recipient_invalid");
        if (publicUrl === null) return refuse("public_url_missing");
        if (!(await deps.hasMailAccount())) return refuse("mail_missing");
        const link = await linkFor(accounts.database, principal.actor, user, publicUrl);
        if (link === null) return refuse("user_unknown");
        const outcome = await send(invitationMessage(link, now()));
        if (outcome.kind === "no_account") return refuse("mail_missing");
        const failed = outcome.kind === "failed" ? outcome : null;
        return ok({
          sent: failed === null,
          expires_at: link.expiresAt,
          code: failed?.code ?? null,
          message: failed?.message ?? null,
        });
      },
    ),
    route(
      {
        method: "POST",
        path: "/session/password-reset",
        tag: "session",
        access: "anyone",
        summary: "Ask for a link by mail with which one sets a new password",
        description:
          "Answered alike and as fast, whether there is such an account or not. The link is valid once, for an hour; when it is used, whatever is signed in as this user is signed out.",
        body: Type.Object({ login: typedLogin }, closed),
        answers: { 202: Type.Object({}) },
        problems: ["too_many_attempts", "mail_missing", "public_url_missing", "cross_site_request"],
      },
      async ({ body, raw, reach, language }) => {
        const elsewhere = refuseFromElsewhere(raw, reach, language);
        if (elsewhere !== null) return elsewhere;
        if (publicUrl === null) return refuse("public_url_missing");
        if (!(await deps.hasMailAccount())) return refuse("mail_missing");
        const login = normalisedLogin(body.login);
        const retryAfterMs = takeResetAttempt(accounts.limiter, login, askedFrom(raw, reach).clientAddress);
        if (retryAfterMs > 0) return notProved({ kind: "too_many", retryAfterMs }, "sign_in_refused");
        void sendNewPassword(login, publicUrl).catch((error: unknown) =>
          deps.log("warn", "password_mail_failed", { code: "internal_error", error: errorText(error) }),
        );
        return accepted({});
      },
    ),
  ];
}
