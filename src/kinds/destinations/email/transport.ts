// Delivers leads to a destination of kind `email`: one mail per attempt.
import { deliveryId } from "../../../domain/destinations/delivery-message.ts";
import type { Outcome } from "../../../domain/destinations/outcome.ts";
import type { Receipt } from "../../../domain/destinations/receipt.ts";
import type { SenderDeps } from "../destination-kind.ts";
import { rememberRepeats } from "../repeats.ts";
import type { DeliveryMessage, Sender, ShownRequest } from "../sender.ts";
import { noSurroundings } from "../surroundings.ts";
import type { Surroundings } from "../surroundings.ts";
import { timedSender } from "../timed-sender.ts";
import type { Accepted, Conversation, Refused } from "./conversation.ts";
import type { EmailDestination } from "./fields.ts";
import { mailAbout } from "./mail.ts";
import { heloName, openMailServer } from "./mail-server.ts";
import { queueIdOf } from "./reply.ts";

export function open(destination: EmailDestination, deps: SenderDeps): Sender {
  const server = openMailServer(destination, destination.concurrency, deps);
  const closing = new AbortController();
  const repeats = rememberRepeats(deps.nowMs);
  const surroundings = (): Surroundings => deps.surroundings?.() ?? noSurroundings;
  const signedIn = (over: AbortSignal): Promise<Conversation> =>
    server.signIn(heloName(surroundings().publicUrl), over);

  return timedSender(destination, {
    async send(message, over) {
      const mail = await mailAbout(destination, message, surroundings());
      const attempt = repeats.begin(
        deliveryId(message.runId, destination.name, message.revision),
        message.attempt,
      );
      const conversation = await signedIn(over);
      try {
        const accepted = await conversation.hand(mail, () => attempt.sending());
        conversation.end();
        return delivered(accepted, attempt.delivered() !== null);
      } catch (error) {
        if (!conversation.isUncertain) attempt.refused();
        conversation.drop();
        throw error;
      }
    },
    async connect() {
      const over = AbortSignal.any([closing.signal, AbortSignal.timeout(destination.timeoutMs)]);
      const conversation = await signedIn(over);
      conversation.end();
      return conversation.peer;
    },
    async close() {
      closing.abort();
      await server.close();
    },
  });
}

export async function preview(
  destination: EmailDestination,
  message: DeliveryMessage,
  _nowMs: number,
  surroundings: Surroundings = noSurroundings,
): Promise<ShownRequest> {
  const { from, to, raw } = await mailAbout(destination, message, surroundings);
  return {
    method: "MAIL",
    url: `smtp://${destination.server.replace(/^smtps:\/\//, "")}`,
    headers: { "mail from": from, "rcpt to": to.join(", ") },
    body: raw.toString("utf8"),
  };
}

function delivered({ reply, refused }: Accepted, maybeTwice: boolean): Outcome {
  const remoteId = queueIdOf(reply);
  const receipt: Receipt = {
    ...(remoteId === null ? {} : { remoteId }),
    ...(maybeTwice ? { maybeTwice } : {}),
    ...(refused.length === 0 ? {} : { warning: warningOf(refused) }),
  };
  return { kind: "delivered", httpStatus: null, ...(Object.keys(receipt).length === 0 ? {} : { receipt }) };
}

function warningOf(refused: readonly Refused[]): string {
  const each = refused.map(({ address, reply }) => `${address} (“${reply}”)`).join(", ");
  return `the mail server refused ${each}; the other recipients have the mail`;
}
