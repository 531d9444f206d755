// Shortcuts for tests that deliver to an http destination.
import { randomUUID } from "node:crypto";
import { createHttpDestination } from "../../src/delivery/destinations/http.ts";
import type { HttpDestinationDeps } from "../../src/delivery/destinations/http.ts";
import type { DeliveryMessage, Sender } from "../../src/delivery/destinations/sender.ts";
import { deliveryBody } from "../../src/domain/destinations/delivery-message.ts";
import { defaultConcurrency, defaultRetry } from "../../src/domain/destinations/destination.ts";
import type { HttpDestination } from "../../src/domain/destinations/destination.ts";

/** Reaches loopback, and waits for two seconds. */
export function httpDestination(url: string, own: Partial<HttpDestination> = {}): HttpDestination {
  return {
    name: "crm",
    kind: "http",
    url,
    secret: null,
    headers: {},
    timeoutMs: 2_000,
    concurrency: defaultConcurrency,
    paused: false,
    allowPrivate: true,
    retry: defaultRetry,
    ...own,
  };
}

export function httpSender(
  url: string,
  own: Partial<HttpDestination> = {},
  parts: Partial<HttpDestinationDeps> = {},
): Sender {
  return createHttpDestination(httpDestination(url, own), { nowMs: Date.now, ...parts });
}

export function message(runId: string = randomUUID(), leadJson = '{"name":"Erika"}'): DeliveryMessage {
  const receivedAt = new Date("2026-07-15T12:00:00Z");
  return { runId, body: deliveryBody({ runId, source: "website", receivedAt, leadJson }) };
}

export const neverAborted = new AbortController().signal;
