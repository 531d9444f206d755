// Figures for Prometheus: counted from the same events that the log gets, and read from the ledger when somebody asks.
import { Counter, Gauge, Histogram, Registry, collectDefaultMetrics } from "prom-client";
import type { OfClient } from "../domain/clients/client.ts";
import type { LogFields } from "../domain/node/log.ts";
import { failureCodes } from "../domain/destinations/outcome.ts";
import { passingRefusals, refusalsToMend } from "../domain/sources/turned-away.ts";
import type { StockAndAlarms } from "../ledger/figures/stock-figures.ts";
import { createStockGauges } from "./stock-gauges.ts";
import type { LabelsOf } from "./stock-gauges.ts";
import { eventTypeNames, eventTypeOf } from "../domain/log/event-types.ts";

export interface Metrics {
  /** Counts an event of the log. */
  observe(event: string, fields: LogFields): void;
  /** A figure that is read when somebody asks. */
  gauge(name: string, help: string, read: () => number): void;
  /**
   * What labels are made of. Their counters begin at zero, because a rate sees no first event of a counter that appears
   * with it. `client` follows from the source or destination, so it adds no series; one that changes hands goes on under
   * its new client, beside what was counted for the former.
   */
  know(parts: { readonly sources: readonly OfClient[]; readonly destinations: readonly OfClient[] }): void;
  /** `stock`: null: it cannot be read now. */
  text(stock: StockAndAlarms | null): Promise<{ contentType: string; text: string }>;
}

/** A conflict is no event of the audit log's: there, it is an entry. */
const conflict = "idempotency_key_reused";
const intakeEvents: readonly string[] = [
  ...eventTypeNames.filter((type) => eventTypeOf(type)?.countedAs === "request"),
  conflict,
];
const refusals = [...refusalsToMend, ...passingRefusals];
const outcomes = ["delivered", ...failureCodes];

/** Sources that are not configured are the senders' words: together they are one. */
const otherSources = "(others)";
/** So many sources, and so many destinations, have labels of their own, in the order in which they were known. */
export const labelledPartsMax = 1_000;
/** Under open intake leads come from sources that are not configured; so many have a counter of their own. */
const openSourcesMax = 100;

/** Of prom-client: gauges that are called as only counters may be (promtool check metrics). Their sums are elsewhere. */
const misnamedGauges = [
  "nodejs_active_handles_total",
  "nodejs_active_requests_total",
  "nodejs_active_resources_total",
];

/** Every sample wakes the process; at prom-client's 10 ms that alone is more than everything else an idle node does. */
const eventLoopSampleMs = 500;

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: eventLoopSampleMs });
  for (const name of misnamedGauges) registry.removeSingleMetric(name);
  const requests = new Counter({
    name: "leadledger_intake_total",
    help: "Webhook requests recorded, by source and what came of them",
    labelNames: ["source", "client", "result"],
    registers: [registry],
  });
  const denied = new Counter({
    name: "leadledger_intake_denied_total",
    help: "Webhook requests refused without being recorded, by source and code",
    labelNames: ["source", "client", "code"],
    registers: [registry],
  });
  const attempts = new Counter({
    name: "leadledger_delivery_attempts_total",
    help: "Delivery attempts, by destination and outcome",
    labelNames: ["destination", "client", "outcome"],
    registers: [registry],
  });
  const skipped = new Counter({
    name: "leadledger_delivery_skipped_total",
    help: "Leads not sent because the destination's condition is not met, by destination",
    labelNames: ["destination", "client"],
    registers: [registry],
  });
  const signs = new Counter({
    name: "leadledger_delivery_signs_total",
    help: "Of the attempts that arrived: those that are unproven, may be there twice, or met a person who was known, by destination",
    labelNames: ["destination", "client", "sign"],
    registers: [registry],
  });
  const durations = new Histogram({
    name: "leadledger_delivery_attempt_seconds",
    help: "How long delivery attempts took, by destination",
    labelNames: ["destination", "client"],
    buckets: [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30],
    registers: [registry],
  });
  const known = new Map<string, LabelsOf<"source">>();
  const knownDestinations = new Map<string, LabelsOf<"destination">>();
  // Whoever stands behind the last that has labels of its own is among the others.
  const ofSource = (source: string) =>
    known.get(source) ?? { source: known.size < labelledPartsMax ? source : otherSources };
  const ofDestination = (destination: string) =>
    knownDestinations.get(destination) ?? {
      destination: knownDestinations.size < labelledPartsMax ? destination : otherSources,
    };
  const showStock = createStockGauges(registry, ofSource, ofDestination);
  for (const code of refusals) denied.inc({ source: otherSources, code }, 0);

  // Finding a counter by its labels costs more than counting.
  const requestCounters = new Map<string, Counter.Internal>();
  const openSources = new Set<string>();
  function countRequest(source: string, result: string): void {
    const name = `${result} ${source}`;
    let counter = requestCounters.get(name);
    if (counter === undefined) {
      counter = requests.labels({ ...ofSource(sourceLabel(source)), result });
      if (requestCounters.size < requestCountersMax) requestCounters.set(name, counter);
    }
    counter.inc();
  }

  function sourceLabel(source: string): string {
    if (known.has(source) || openSources.has(source)) return source;
    if (openSources.size >= openSourcesMax) return otherSources;
    openSources.add(source);
    return source;
  }

  return {
    observe(event, fields) {
      switch (event === conflict ? "request" : eventTypeOf(event)?.countedAs) {
        case "request":
          countRequest(label(fields["source"]), event);
          break;
        case "denied":
          denied.inc({ ...ofSource(label(fields["source"] ?? otherSources)), code: label(fields["code"]) });
          break;
        case "attempt": {
          const destination = ofDestination(label(fields["destination"]));
          attempts.inc({ ...destination, outcome: label(fields["outcome"]) });
          durations.observe(destination, Number(fields["duration_ms"] ?? 0) / 1_000);
          for (const sign of countedSigns)
            if (fields[sign] === true || fields["duplicate"] === sign) signs.inc({ ...destination, sign });
          break;
        }
        case "skipped":
          skipped.inc(ofDestination(label(fields["destination"])));
          break;
        case undefined:
      }
    },
    know({ sources, destinations }) {
      for (const { name: source, client } of sources) {
        const labels = client === null ? { source } : { source, client };
        if (isSame(known.get(source), labels)) continue;
        if (!known.has(source) && known.size >= labelledPartsMax) continue;
        known.set(source, labels);
        requestCounters.clear();
        for (const result of intakeEvents) requests.inc({ ...labels, result }, 0);
        for (const code of refusals) denied.inc({ ...labels, code }, 0);
      }
      for (const { name: destination, client } of destinations) {
        const labels = client === null ? { destination } : { destination, client };
        if (isSame(knownDestinations.get(destination), labels)) continue;
        if (!knownDestinations.has(destination) && knownDestinations.size >= labelledPartsMax) continue;
        knownDestinations.set(destination, labels);
        for (const outcome of outcomes) attempts.inc({ ...labels, outcome }, 0);
        durations.zero(labels);
        skipped.inc(labels, 0);
        for (const sign of countedSigns) signs.inc({ ...labels, sign }, 0);
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
    async text(stock) {
      showStock(stock);
      return { contentType: registry.contentType, text: await registry.metrics() };
    },
  };
}

const countedSigns = ["unproven", "maybe_twice", "known_person", "added_to_person"] as const;

/** A place to find counters quickly; what does not fit is found slowly. */
const requestCountersMax = 10_000;

function isSame<Label extends string>(before: LabelsOf<Label> | undefined, now: LabelsOf<Label>): boolean {
  return before !== undefined && before.client === now.client;
}

function label(value: LogFields[string]): string {
  return String(value ?? "");
}
