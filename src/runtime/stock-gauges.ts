// Gauges for Prometheus of what stands in the ledger. All nodes of an installation show the same.
import { Gauge } from "prom-client";
import type { Registry } from "prom-client";
import { urgency } from "../domain/figures/alarm.ts";
import type { StockAndAlarms } from "../ledger/figures/stock-figures.ts";

const gauges = {
  open: ["leadledger_dlq_open_entries", "DLQ entries that are open or retrying"],
  needDecision: ["leadledger_dlq_need_decision_entries", "Of the open entries, those that wait for a person"],
  dead: ["leadledger_dlq_dead_entries", "Entries that were given up; counted to 10,000"],
  oldest: [
    "leadledger_dlq_oldest_open_entry_seconds",
    "Age of the entry that has been open for the longest time",
  ],
  readable: [
    "leadledger_stock_readable",
    "Whether the gauges of entries, destinations and sources could be read in time: 1 or 0; then they are missing",
  ],
} as const;

const perDestination = {
  waiting: [
    "leadledger_destination_waiting_deliveries",
    "Deliveries that wait, by destination; counted to 10,000",
  ],
  overdue: [
    "leadledger_destination_overdue_deliveries",
    "Of these, those that should have been sent more than five minutes ago",
  ],
  retrying: [
    "leadledger_destination_retrying_entries",
    "DLQ entries that are tried again by themselves, by destination",
  ],
  need_decision: [
    "leadledger_destination_need_decision_entries",
    "DLQ entries that wait for a person, by destination",
  ],
} as const;

const alarmCount = [
  "leadledger_alarms",
  "What somebody should look at now, as the overview tells it, by code and severity; 0: nothing",
] as const;
const severities = ["error", "warning"] as const;

const lastLead = [
  "leadledger_source_last_lead_timestamp_seconds",
  "When the last lead came, by source, in seconds since 1970; missing: none has ever come",
] as const;

/** A source or a destination, with the client that it names; absent: it names none. */
export type LabelsOf<Label extends string> = Readonly<Record<Label, string>> & { readonly client?: string };

/** Shows the figures from now on; null: there are none, and nothing is shown that is not known. */
export function createStockGauges(
  registry: Registry,
  ofSource: (name: string) => LabelsOf<"source">,
  ofDestination: (name: string) => LabelsOf<"destination">,
): (figures: StockAndAlarms | null) => void {
  const registers = [registry];
  const plain = (named: readonly [string, string]): Gauge =>
    new Gauge({ name: named[0], help: named[1], registers });
  const labelled = <Label extends string>(
    named: readonly [string, string],
    label: Label,
  ): Gauge<Label | "client"> =>
    new Gauge({ name: named[0], help: named[1], labelNames: [label, "client"], registers });
  // With a label that is never used a gauge can be empty, which a plain one cannot.
  const figure = (named: readonly [string, string]): Gauge => {
    const gauge = plain(named);
    gauge.remove();
    return gauge;
  };
  const [open, needDecision, dead, oldest] = [
    gauges.open,
    gauges.needDecision,
    gauges.dead,
    gauges.oldest,
  ].map(figure);
  const readable = plain(gauges.readable);
  const destinationGauges = (["waiting", "overdue", "retrying", "need_decision"] as const).map(
    (member) => [member, labelled(perDestination[member], "destination")] as const,
  );
  const last = labelled(lastLead, "source");
  const [alarmName, alarmHelp] = alarmCount;
  const alarms = new Gauge({ name: alarmName, help: alarmHelp, labelNames: ["code", "severity"], registers });

  return (figures) => {
    readable.set(figures === null ? 0 : 1);
    for (const [, gauge] of destinationGauges) gauge.reset();
    last.reset();
    alarms.reset();
    if (figures === null) {
      for (const gauge of [open, needDecision, dead, oldest]) gauge?.remove();
      return;
    }
    open?.set(figures.open);
    needDecision?.set(figures.needDecision);
    dead?.set(figures.dead);
    oldest?.set(figures.oldestOpenSeconds);
    for (const stock of figures.destinations) {
      for (const [member, gauge] of destinationGauges)
        gauge.set(ofDestination(stock.destination), stock[member]);
    }
    // Each that there can be begins at zero: an alert on a series that appears sees no change.
    for (const code of urgency) for (const severity of severities) alarms.set({ code, severity }, 0);
    for (const { code, severity } of figures.alarms) alarms.inc({ code, severity });
    for (const { source, lastReceivedAt } of figures.sources) {
      if (lastReceivedAt !== null) last.set(ofSource(source), lastReceivedAt.getTime() / 1_000);
    }
  };
}
