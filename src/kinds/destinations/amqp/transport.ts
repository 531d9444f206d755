// Delivers leads to a destination of kind `amqp`: one message per attempt, which the broker must confirm and route.
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
import { understood, verdict, within } from "../verdict.ts";
import { concernsAll, concernsAnother, meaningOf } from "./answers.ts";
import type { AmqpDestination } from "./fields.ts";
import { openLink } from "./link.ts";
import type { Link } from "./link.ts";

export function open(destination: AmqpDestination, deps: SenderDeps): Sender {
  const { name, timeoutMs } = destination;
  const connector = openConnector(destination, deps);
  const connection = keepConnection(() => openLink(destination, connector));
  const repeats = rememberRepeats(deps.nowMs);
  const use = <T>(over: AbortSignal, work: (link: Link) => Promise<T>): Promise<T> =>
    understood(
      () => connection.use(over, work),
      (error) => meaningOf(error, name),
    );
  return timedSender(destination, {
    send: (message, over) => {
      const attempt = repeats.begin(idOf(destination, message), message.attempt);
      return use(over, (link) => publish(link, destination, message, attempt));
    },
    async connect() {
      await within(timeoutMs, (over) => use(over, (link) => tryOut(link, destination)));
      return withoutCredentials(destination.url);
    },
    async close() {
      connector.close();
      await connection.close();
    },
  });
}

export function preview(destination: AmqpDestination, message: DeliveryMessage, nowMs: number): ShownRequest {
  const { messageId, contentType, type, appId, timestamp } = propertiesOf(destination, message, nowMs);
  return {
    method: "PUBLISH",
    url: withoutCredentials(destination.url),
    headers: {
      exchange: destination.exchange ?? "",
      "routing-key": destination.routingKey,
      "message-id": messageId,
      "content-type": contentType,
      "delivery-mode": "2",
      type,
      "app-id": appId,
      timestamp: String(timestamp),
    },
    body: message.body,
  };
}

async function publish(
  link: Link,
  destination: AmqpDestination,
  message: DeliveryMessage,
  attempt: Attempt,
): Promise<Outcome> {
  const { name, exchange = "", routingKey } = destination;
  // RabbitMQ reads nothing more from whoever it has blocked; what is sent now might wait for hours.
  if (link.blockedBy !== null) throw verdict("destination_error", name, `it is blocked (${link.blockedBy})`);
  const properties = propertiesOf(destination, message, Date.now());
  const { messageId } = properties;
  attempt.sending();
  await confirmed(link, destination, message, properties, attempt).catch((error: unknown) => {
    if (link.fault !== null && concernsAll(link.fault)) attempt.refused();
    if (link.fault === null || concernsAnother(link.fault, Buffer.byteLength(message.body))) throw error;
    throw link.fault;
  });
  const why = link.returned.get(messageId);
  if (link.returned.delete(messageId)) {
    attempt.refused();
    const where = exchange === "" ? "" : ` of the exchange ${exchange}`;
    throw verdict(
      "destination_configuration",
      name,
      `no queue${where} wants the routing key ${routingKey} (${why ?? ""})`,
    );
  }
  const mayBeTwice = attempt.delivered() !== null;
  return { kind: "delivered", httpStatus: null, ...(mayBeTwice ? { receipt: { maybeTwice: true } } : {}) };
}

/** AMQP 0-9-1 section 1.8.3.9: `mandatory`. Without it a message that no queue wants is confirmed and thrown away. */
function confirmed(
  { channel }: Link,
  { name, exchange = "", routingKey }: AmqpDestination,
  { body }: DeliveryMessage,
  properties: Properties,
  attempt: Attempt,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { ...properties, mandatory: true, persistent: true };
    channel.publish(exchange, routingKey, Buffer.from(body), options, (error: Error | null) => {
      if (error === null) {
        resolve();
      } else if (error.message === "message nacked") {
        attempt.refused();
        reject(
          verdict(
            "destination_error",
            name,
            "it refused the message (nack): a queue is full, or has no leader",
          ),
        );
      } else {
        reject(error);
      }
    });
  });
}

/** Whether what is published to is there; nothing is sent, and nothing made. */
async function tryOut({ channel }: Link, { exchange, routingKey }: AmqpDestination): Promise<void> {
  if (exchange === undefined) await channel.checkQueue(routingKey);
  else await channel.checkExchange(exchange);
}

interface Properties {
  readonly messageId: string;
  readonly contentType: string;
  readonly type: string;
  readonly appId: string;
  readonly timestamp: number;
}

function propertiesOf(destination: AmqpDestination, message: DeliveryMessage, nowMs: number): Properties {
  return {
    messageId: idOf(destination, message),
    contentType: "application/json",
    type: "lead.received",
    appId: "LeadLedger",
    timestamp: Math.floor(nowMs / 1_000),
  };
}

function idOf({ name }: AmqpDestination, { runId, revision }: DeliveryMessage): string {
  return deliveryId(runId, name, revision);
}
