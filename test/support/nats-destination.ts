// A destination of kind `nats` for tests: unencrypted, on loopback.
import { defaultConcurrency, defaultRetry } from "../../src/domain/destinations/destination.ts";
import type { NatsDestination } from "../../src/kinds/destinations/nats/fields.ts";

export function natsDestination(port: number, own: Partial<NatsDestination> = {}): NatsDestination {
  return {
    name: "crm",
    kind: "nats",
    url: `nats://127.0.0.1:${port}`,
    subject: "leads.new",
    password: null,
    credentials: null,
    tls: "off",
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
