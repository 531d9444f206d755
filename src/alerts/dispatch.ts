// Sends what is due: claims a message, words it for its recipient, tells it, and notes how that ended.
import { recipientOf } from "../config/stored-recipient.ts";
import type { SecretBox } from "../config/stored-configuration.ts";
import { languageOf } from "../config/alert-recipients.ts";
import { readExampleRuns } from "../ledger/alerts/example-runs.ts";
import { claimMessage, settleMessage } from "../ledger/alerts/notifications.ts";
import type { Claimed, SendingEnd, ToldAlert } from "../ledger/alerts/notifications.ts";
import { findRecipient } from "../ledger/alerts/recipients.ts";
import type { Database } from "../ledger/connection/database.ts";
import type { LeaderGuard } from "../ledger/connection/leader.ts";
import { readTimezone } from "../ledger/settings/settings.ts";
import { confirmationCode } from "./confirmation.ts";
import { alertMessage, saidOfClaimed } from "./message.ts";
import { tell } from "./tell.ts";
import type { Channels } from "./tell.ts";

export interface DispatchDeps extends Channels {
  readonly database: Database;
  readonly secretBox: SecretBox;
  /** The subkey `alert-confirmation`. */
  readonly confirmationKey: Buffer;
  readonly node: string;
  /** null: it is not set. */
  readonly publicUrl: string | null;
  readonly stopping: AbortSignal;
}

/** Longer than any attempt: another node tries no sooner. */
const leaseMs = 120_000;
const messagesPerTurnMax = 20;

/** As a leader's task: until nothing is due. */
export function createDispatch(deps: DispatchDeps): (guard: LeaderGuard) => Promise<void> {
  const { database, node, stopping } = deps;
  return async (guard) => {
    for (let sent = 0; sent < messagesPerTurnMax && !stopping.aborted; sent += 1) {
      const claimed = await claimMessage(database, guard, { node, leaseMs });
      if (claimed === null) return;
      await settleMessage(database, guard, claimed, node, await send(claimed, deps));
    }
  };
}

async function send(claimed: Claimed, deps: DispatchDeps): Promise<SendingEnd> {
  const { database, secretBox, kinds, confirmationKey, publicUrl, stopping } = deps;
  const stored = await findRecipient(database, claimed.recipient);
  const recipient = stored === null ? null : recipientOf(stored, secretBox, kinds);
  if (stored === null || recipient === null)
    return {
      kind: "failed",
      code: "recipient_unknown",
      message: "this recipient is not known here",
      retryAfterMs: null,
    };
  const isRequest = claimed.kind === "confirmation";
  const code = isRequest ? confirmationCode(confirmationKey, stored.name, stored.nonce) : null;
  const runIds = await readRunIds(database, claimed.alerts);
  const message = alertMessage(saidOfClaimed(claimed, runIds, code), {
    language: languageOf(recipient.settings),
    publicUrl,
    timezone: await readTimezone(database),
  });
  return tell(recipient, message, { id: claimed.message, attempt: claimed.attempt, signal: stopping }, deps);
}

async function readRunIds(
  database: Database,
  alerts: readonly ToldAlert[],
): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  for (const { alert_id: id, subject_kind: kind, subject: name, cleared_at: clearedAt } of alerts)
    if ((kind === "source" || kind === "destination") && name !== null && clearedAt === null)
      found.set(id, await readExampleRuns(database, { kind, name }));
  return found;
}
