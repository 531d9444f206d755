// Sends a message of LeadLedger's own from the installation's mail account (`mail:`), and says what became of it.
import { readSection } from "../config/sections/managed-section.ts";
import { readSettings } from "../config/fields/settings.ts";
import type { SecretBox } from "../config/stored-configuration.ts";
import { interrupted, timedOut } from "../domain/destinations/outcome.ts";
import type { FailureCode } from "../domain/destinations/outcome.ts";
import { mailAccountFields, mailSection } from "../kinds/destinations/email/mail-account.ts";
import type { MailAccount } from "../kinds/destinations/email/mail-account.ts";
import { heloName, openMailServer } from "../kinds/destinations/email/mail-server.ts";
import type { Queryable } from "../ledger/connection/database.ts";
import type { OutgoingDeps } from "../outgoing/outgoing.ts";
import { classifyTransportError } from "../outgoing/transport-error.ts";
import { mailOf } from "./own-message.ts";
import type { OwnMessage } from "./own-message.ts";

export interface MailDeps extends OutgoingDeps {
  readonly database: Queryable;
  readonly secretBox: SecretBox;
  /** `public_url`; null: it is not set. */
  readonly publicUrl: string | null;
  readonly nowMs: () => number;
}

export type MailOutcome =
  | {
      readonly kind: "sent";
      /** Recipients that the mail server refused while it took the message for the others. */
      readonly refused: readonly { readonly address: string; readonly reply: string }[];
    }
  /** The installation has no mail account: nothing can be sent until somebody says one. */
  | { readonly kind: "no_account" }
  | {
      readonly kind: "failed";
      readonly code: FailureCode;
      /** Of use to somebody who looks after the account; without its password. */
      readonly message: string;
      /** The mail server may have taken it nevertheless. */
      readonly isUncertain: boolean;
    };

/** null: there is none. Throws where its secrets cannot be decrypted. */
export async function readMailAccount({
  database,
  secretBox,
}: Pick<MailDeps, "database" | "secretBox">): Promise<MailAccount | null> {
  const section = await readSection(database, secretBox, mailSection);
  return section === null ? null : { name: "mail", ...readSettings(mailAccountFields, section.entry) };
}

/** One attempt, over a connection of its own; `signal`: aborted, it is cut off. It throws nothing that a server can cause. */
export async function sendMail(
  message: OwnMessage,
  deps: MailDeps,
  signal: AbortSignal = neverAborted,
): Promise<MailOutcome> {
  const account = await readMailAccount(deps);
  return account === null ? { kind: "no_account" } : sendFrom(account, message, deps, signal);
}

/** As `sendMail`, from an account that is not stored yet. */
export async function sendFrom(
  account: MailAccount,
  message: OwnMessage,
  deps: Omit<MailDeps, "database" | "secretBox">,
  signal: AbortSignal = neverAborted,
): Promise<MailOutcome> {
  const mail = await mailOf(message, account.from);
  const server = openMailServer(account, 1, deps);
  const deadline = AbortSignal.timeout(account.timeoutMs);
  const over = AbortSignal.any([signal, deadline]);
  let isUncertain = false;
  try {
    const conversation = await server.signIn(heloName(deps.publicUrl), over);
    try {
      const { refused } = await conversation.hand(mail, () => undefined);
      conversation.end();
      return { kind: "sent", refused };
    } catch (error) {
      isUncertain = conversation.isUncertain;
      conversation.drop();
      throw error;
    }
  } catch (error) {
    const { code, message: said } = signal.aborted
      ? interrupted(account.name)
      : deadline.aborted
        ? timedOut(account.name, account.timeoutMs)
        : classifyTransportError(error, account);
    return { kind: "failed", code, message: said, isUncertain };
  } finally {
    await server.close();
  }
}

const neverAborted = new AbortController().signal;
