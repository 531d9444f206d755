// What service levels look like to callers of the API: as in leadledger.yaml, with how they stand.
import { Type } from "typebox";
import type { Static } from "typebox";
import { slaEntry } from "../../../config/sla-entry.ts";
import { slaStates } from "../../../domain/sla/judge-share.ts";
import { slaRisks } from "../../../domain/figures/sla-kinds.ts";
import { slaMeasures } from "../../../domain/figures/sla-kinds.ts";
import { checkedByConfiguration } from "../frame/request-shape.ts";
import { closed, nullable, oneOf, partName, timestamp } from "../frame/schemas.ts";
import { day } from "../figures/kpi-filter.ts";

const count = (description: string) => Type.Integer({ description });
const optionalMs = (description: string) => nullable(Type.Integer({ description }));

const counts = {
  state: oneOf(
    slaStates,
    "met | missed | too_few: less than was agreed, but of so few leads that chance explains it | no_leads: nothing is decided.",
  ),
  decided_count: count("met_count + missed_count."),
  met_count: count("Leads that kept it; of oldest_entry: entries open that day that were not too old."),
  missed_count: count("Leads that did not."),
  pending_count: count("Leads that are not decided yet."),
  share: nullable(Type.Number({ description: "met_count / decided_count; null: nothing is decided." })),
};

export const slaDay = Type.Object({
  day,
  sla: Type.String({ description: "The service level's name." }),
  ...counts,
  by_hand_count: count("Of those that kept it: a person resolved what had failed."),
  target_share: Type.Number({ description: "The share that was agreed that day: 0.99 is 99 %." }),
  within_ms: optionalMs("The time that was agreed that day; null: none."),
  value_ms: optionalMs(
    "How long it took at the share that was agreed, of those that are done; of oldest_entry the greatest age.",
  ),
  median_ms: optionalMs("How long it took half of those that are done."),
  judged_at: nullable(timestamp("When the day was over and everything decided; null: not yet.")),
  changed_at: nullable(timestamp("When it changed after that; null: never.")),
  change_reason: nullable(
    Type.String({ description: "What happened to leads of that day since, as types of audit events." }),
  ),
});

const budget = Type.Object(
  {
    expected_count: count("Leads that the month will have had, at the pace of the last 28 days."),
    allowed_count: Type.Number({ description: "How many of them may miss it; not rounded." }),
    missed_count: count("How many have."),
    left: nullable(Type.Number({ description: "1: untouched; 0: spent; below: overdrawn." })),
  },
  { description: "The error budget." },
);

export const slaMonth = Type.Object({
  month: Type.String({ description: "2026-11" }),
  ...counts,
  days_met: count("Days that kept it."),
  days_missed: count("Days that did not."),
  budget,
});

const live = Type.Object({
  evaluated_at: timestamp("When it was looked at last."),
  risk: nullable(
    oneOf(
      slaRisks,
      "burning: the month's budget is spent too fast | misses: more misses in a day than chance explains | age: an entry is too old, or soon will be | month: the month has missed it",
    ),
  ),
  severity: nullable(oneOf(["error", "warning"])),
  since: nullable(timestamp("Since when there is that risk.")),
  burn_rate: nullable(Type.Number({ description: "How many times too fast the budget is spent." })),
  decided: count("Leads decided within the last day of the target's time."),
  missed: count("Of these: missed."),
  oldest_ms: optionalMs("Of oldest_entry: the greatest age at this moment."),
});

export const slaItem = Type.Object({
  name: partName,
  managed_by: oneOf(["file", "api"], "file: leadledger.yaml says it; read-only here."),
  label: nullable(Type.String()),
  measure: oneOf(slaMeasures),
  source: nullable(Type.String()),
  destination: nullable(Type.String()),
  client: nullable(Type.String()),
  within: nullable(Type.String({ description: "5m" })),
  share: nullable(Type.String({ description: "99%; null: of oldest_entry, which has none." })),
  opening_hours: nullable(Type.Array(Type.String())),
  holidays: nullable(Type.String()),
  live: nullable(live),
  today: nullable(slaDay),
  month: nullable(slaMonth),
});
export type SlaItem = Static<typeof slaItem>;

const entry = JSON.parse(JSON.stringify(slaEntry)) as { readonly properties: Record<string, object> };

/** What is wrong with the members is said by the rules of leadledger.yaml. */
export const addedSla = Type.Unsafe<Readonly<Record<string, unknown>>>({
  ...checkedByConfiguration,
  ...closed,
  type: "object",
  description: "As an entry of `sla:` in leadledger.yaml, with its name.",
  properties: {
    name: {
      type: "string",
      format: "name",
      description: "Letters, digits, `.`, `_`, `-`; at most 63.",
    },
    ...entry.properties,
  },
  required: ["name", "measure"],
});

export const changedSla = Type.Unsafe<Readonly<Record<string, unknown>>>({
  ...checkedByConfiguration,
  ...closed,
  type: "object",
  description: "Members that are to change; null takes one away.",
  properties: entry.properties,
});
