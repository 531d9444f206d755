// Delivers leads to a destination of kind `nats`: one message per attempt, which the stream must confirm.
import { jetstream } from "@nats-io/jetstream";
import type { PubAck } from "@nats-io/jetstream";
import { headers } from "@nats-io/transport-node";
import type { NatsConnection } from "@nats-io/transport-node";
import { withoutCredentials } from "../../../config/fields/connection-url.ts";
import { deliveryId } from "../../../domain/destinations/delivery-message.ts";
import type { Outcome } from "../../../domain/destinations/outcome.ts";
import { openConnector } from "../../../outgoing/connector.ts";
import type { SenderDeps } from "../destination-kind.ts";
import { keepConnection } from "../kept-connection.ts";
import { rememberRepeats } from "../repeats.ts";
import type { Attempt } from "../repeats.ts";
import type { DeliveryMessage, Sender, ShownRequest } from "../sender.ts";
import { timedSender } from "../timed-sender.ts";
import { understood, within } from "../verdict.ts";
import { isNobody, meaningOf, noStream, streamFor, whyNobody } from "./answers.ts";
import type { NatsDestination } from "./fields.ts";
import { openLink } from "./link.ts";

/** A stream recognises a repeat for at least that long unless its owner says otherwise (`duplicate_window`). */
const duplicateWindowMs = 2 * 60_000;

export function open(destination: NatsDestination, deps: SenderDeps): Sender {
  const connector = openConnector(destination, deps);
  const connection = keepConnection(() => openLink(destination, connector));
  const repeats = rememberRepeats(deps.nowMs);
  const use = <T>(over: AbortSignal, work: (link: NatsConnection) => Promise<T>): Promise<T> =>
    understood(
      () => connection.use(over, work),
      (error) => meaningOf(error, destination),
    );
  return timedSender(destination, {
    send: (message, over) => {
      const attempt = repeats.begin(idOf(destination, message), message.attempt);
      return use(over, (link) => publish(link, destination, message, attempt));
    },
    async connect() {
      const stream = await within(destination.timeoutMs, (over) =>
        use(over, (link) => streamFor(link, destination)),
      );
      if (stream === "missing") throw noStream(destination);
      return withoutCredentials(destination.url);
    },
    async close() {
      connector.close();
      await connection.close();
    },
  });
}

export function preview(destination: NatsDestination, message: DeliveryMessage): ShownRequest {
  return {
    method: "PUB",
    url: `${withoutCredentials(destination.url)} ${destination.subject}`,
    headers: { "Nats-Msg-Id": idOf(destination, message), "Content-Type": "application/json" },
    body: message.body,
  };
}

async function publish(
  link: NatsConnection,
  destination: NatsDestination,
  message: DeliveryMessage,
  attempt: Attempt,
): Promise<Outcome> {
  attempt.sending();
  const { stream, seq, duplicate } = await confirmed(link, destination, message);
  const sinceMs = attempt.delivered();
  const mayBeTwice = !duplicate && sinceMs !== null && sinceMs >= duplicateWindowMs;
  return {
    kind: "delivered",
    httpStatus: null,
    receipt: {
      remoteId: `${stream}:${seq}`,
      ...(duplicate ? { duplicate: "same_delivery" } : {}),
      ...(mayBeTwice ? { maybeTwice: true } : {}),
    },
  };
}

async function confirmed(
  link: NatsConnection,
  destination: NatsDestination,
  message: DeliveryMessage,
): Promise<PubAck> {
  const { subject, timeoutMs: timeout } = destination;
  const about = headers();
  about.set("Content-Type", "application/json");
  try {
    const msgID = idOf(destination, message);
    return await jetstream(link).publish(subject, message.body, { msgID, headers: about, timeout });
  } catch (error) {
    throw isNobody(error) ? await whyNobody(link, destination) : error;
  }
}

function idOf({ name }: NatsDestination, { runId, revision }: DeliveryMessage): string {
  return deliveryId(runId, name, revision);
}
