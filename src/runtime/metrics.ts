// Figures for Prometheus, counted from the same events that the log gets.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { LogFields } from "../domain/log.ts";

export interface Metrics {
  /** Counts an event of the log. */
  observe(event: string, fields: LogFields): void;
  /** A figure that is read when somebody asks. */
  gauge(name: string, help: string, read: () => number): void;
  text(): Promise<{ contentType: string; text: string }>;
}

const intakeEvents = new Set([
  "lead_received",
  "duplicate_received",
  "lead_rejected",
  "idempotency_key_reused",
]);

/** Every sample wakes the process; at prom-client's 10 ms that alone is more than everything else an idle node does. */
const eventLoopSampleMs = 500;

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: eventLoopSampleMs });
  const requests = new Counter({
    name: "leadledger_intake_total",
    help: "Webhook requests recorded, by source and what came of them",
    labelNames: ["source", "result"],
    registers: [registry],
  });
  const denied = new Counter({
    name: "leadledger_intake_denied_total",
    help: "Webhook requests refused without being recorded, by code",
    labelNames: ["code"],
    registers: [registry],
  });
  const attempts = new Counter({
    name: "leadledger_delivery_attempts_total",
    help: "Delivery attempts, by destination and outcome",
    labelNames: ["destination", "outcome"],
    registers: [registry],
  });
  const durations = new Histogram({
    name: "leadledger_delivery_attempt_seconds",
    help: "How long delivery attempts took, by destination",
    labelNames: ["destination"],
    buckets: [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30],
    registers: [registry],
  });

  // Finding a counter by its labels costs more than counting.
  const requestCounters = new Map<string, Counter.Internal>();
  function countRequest(source: string, result: string): void {
    const name = `${result} ${source}`;
    let counter = requestCounters.get(name);
    if (counter === undefined) {
      counter = requests.labels(source, result);
      requestCounters.set(name, counter);
    }
    counter.inc();
  }

  return {
    observe(event, fields) {
      if (intakeEvents.has(event)) countRequest(label(fields["source"]), event);
      else if (event === "request_denied") denied.inc({ code: label(fields["code"]) });
      else if (event === "lead_delivered" || event === "delivery_failed") {
        const destination = label(fields["destination"]);
        attempts.inc({ destination, outcome: label(fields["outcome"]) });
        durations.observe({ destination }, Number(fields["duration_ms"] ?? 0) / 1_000);
      }
    },
    gauge(name, help, read) {
      new Gauge({
        name,
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    },
    text: async () => ({ contentType: registry.contentType, text: await registry.metrics() }),
  };
}

function label(value: LogFields[string]): string {
  return String(value ?? "");
}
