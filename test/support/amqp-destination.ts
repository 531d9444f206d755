// A destination of kind `amqp` for tests: unencrypted, on loopback, to the queue `leads`.
import { defaultConcurrency, defaultRetry } from "../../src/domain/destinations/destination.ts";
import type { AmqpDestination } from "../../src/kinds/destinations/amqp/fields.ts";

export function amqpDestination(url: string, own: Partial<AmqpDestination> = {}): AmqpDestination {
  return {
    name: "crm",
    kind: "amqp",
    url,
    password: null,
    routingKey: "leads",
    timeoutMs: 5_000,
    concurrency: defaultConcurrency,
    paused: false,
    limits: [],
    openingHours: [],
    allowPrivate: true,
    retry: defaultRetry,
    ...own,
  };
}
