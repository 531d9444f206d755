// Senders and messages of kinds that write records, for tests: what the destination's map makes is there, as in production.
import { randomUUID } from "node:crypto";
import { plainReading } from "../../src/domain/leads/lead-reading.ts";
import { deliveryBody } from "../../src/domain/destinations/delivery-body.ts";
import { defaultRetry } from "../../src/domain/destinations/destination.ts";
import { mapLead } from "../../src/domain/destinations/map-lead.ts";
import type { TargetMap } from "../../src/domain/destinations/target-map.ts";
import { parseWithExactNumbers, writeExactly } from "../../src/domain/values/exact-json.ts";
import type { DeliveryMessage, Sender } from "../../src/kinds/destinations/sender.ts";

/** What all destinations have; reaches loopback. */
export const sendingDefaults = {
  name: "crm",
  timeoutMs: 2_000,
  concurrency: 2,
  limits: [],
  openingHours: [],
  paused: false,
  allowPrivate: true,
  retry: defaultRetry,
} as const;

interface Mapped {
  readonly name: string;
  readonly map: TargetMap;
}

/** Of a message that was made without the map. */
export function mappedMessage(destination: Mapped, message: DeliveryMessage): DeliveryMessage {
  const made = mapLead(destination.map, parseWithExactNumbers(message.body));
  if (made.kind !== "mapped") throw new Error(JSON.stringify(made));
  return { ...message, body: writeExactly(made.value), mapped: made.value, delivery: message.body };
}

/** For the suites, whose messages are not mapped. */
export function mappedSender(destination: Mapped, sender: Sender): Sender {
  return {
    ...sender,
    attempt: (message, signal) => sender.attempt(mappedMessage(destination, message), signal),
  };
}

export interface SentLead {
  readonly attempt?: number;
  readonly revision?: number | null;
  readonly runId?: string;
}

/** The message of a lead for this destination. */
export function leadFor(destination: Mapped, lead: object, sent: SentLead = {}): DeliveryMessage {
  const { attempt = 1, revision = null, runId = randomUUID() } = sent;
  const receivedAt = new Date("2026-07-15T12:00:00Z");
  const leadJson = JSON.stringify(lead);
  const body = deliveryBody({
    runId,
    source: "website",
    receivedAt,
    revision,
    leadJson,
    reading: plainReading,
  });
  return mappedMessage(destination, { runId, attempt, revision, body });
}
