// Tells one recipient one message over its channel: once, with an end that is known.
import type { DeclaredKinds } from "../config/declared-kind.ts";
import { channelOf } from "../config/stored-recipient.ts";
import type { Recipient } from "../config/stored-recipient.ts";
import type { DestinationKind } from "../kinds/destinations/destination-kind.ts";
import { withSender } from "../kinds/destinations/one-sender.ts";
import type { SendingEnd } from "../ledger/alerts/notifications.ts";
import type { AlertMessage } from "./message.ts";

export interface Channels {
  readonly kinds: DeclaredKinds & { readonly destinations: readonly DestinationKind[] };
  /** The installation's own mail account. */
  readonly mail: SendAlertMail;
}

export type SendAlertMail = (mail: {
  readonly to: readonly string[];
  readonly message: AlertMessage;
  /** UUID: of it the Message-ID is made. */
  readonly id: string;
}) => Promise<SendingEnd>;

export interface Telling {
  /** UUID: the same at every attempt. */
  readonly id: string;
  readonly attempt: number;
  /** Ends it when the process stops. */
  readonly signal: AbortSignal;
}

/** Never rejects for what the channel or the network does: that is the end. */
export async function tell(
  recipient: Recipient,
  message: AlertMessage,
  { id, attempt, signal }: Telling,
  { kinds, mail }: Channels,
): Promise<SendingEnd> {
  const { tells } = recipient.kind;
  if (tells.byMailAccount === true) {
    const to = recipient.settings[tells.fields[0] ?? ""];
    return mail({ to: Array.isArray(to) ? to.map(String) : [], message, id });
  }
  const { body, notice } = message;
  const result = await withSender(kinds.destinations, channelOf(recipient, kinds), (sender) =>
    sender.attempt({ runId: id, attempt, revision: null, body, notice }, signal),
  );
  if (result === null) throw new Error(`recipients of kind ${recipient.kind.kind} cannot be told anything`);
  const { outcome } = result;
  if (outcome.kind === "delivered") return { kind: "sent", isProof: tells.isProof === true };
  const { code, message: reason, retryAfterMs } = outcome;
  return { kind: "failed", code, message: reason, retryAfterMs };
}
