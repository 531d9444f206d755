// Shortcuts for tests that deliver to an http destination.
import { plainReading } from "../../src/domain/leads/lead-reading.ts";
import { randomUUID } from "node:crypto";
import { open as createHttpDestination } from "../../src/kinds/destinations/http/transport.ts";
import type { SenderDeps } from "../../src/kinds/destinations/destination-kind.ts";
import type { DeliveryMessage, Sender } from "../../src/kinds/destinations/sender.ts";
import { deliveryBody } from "../../src/domain/destinations/delivery-body.ts";
import { defaultConcurrency, defaultRetry } from "../../src/domain/destinations/destination.ts";
import type { HttpDestination } from "../../src/kinds/destinations/http/fields.ts";

/** Reaches loopback, and waits for two seconds. */
export function httpDestination(url: string, own: Partial<HttpDestination> = {}): HttpDestination {
  return {
    name: "crm",
    kind: "http",
    url,
    method: "POST",
    secret: null,
    headers: {},
    query: {},
    auth: { kind: "none" },
    content: "json",
    timeoutMs: 2_000,
    concurrency: defaultConcurrency,
    paused: false,
    allowPrivate: true,
    limits: [],
    openingHours: [],
    retry: defaultRetry,
    ...own,
  };
}

export function httpSender(
  url: string,
  own: Partial<HttpDestination> = {},
  parts: Partial<SenderDeps> = {},
): Sender {
  return createHttpDestination(httpDestination(url, own), { nowMs: Date.now, ...parts });
}

export function message(runId: string = randomUUID(), leadJson = '{"name":"Erika"}'): DeliveryMessage {
  const receivedAt = new Date("2026-07-15T12:00:00Z");
  const lead = { runId, source: "website", receivedAt, revision: null, leadJson, reading: plainReading };
  return { runId, attempt: 1, revision: null, body: deliveryBody(lead) };
}

export const neverAborted = new AbortController().signal;
