// A service level as leadledger.yaml and the API say it (`sla:`): its shape, what no schema can check, and what it becomes.
import { Type } from "typebox";
import type { Static } from "typebox";
import { openingHours, ruleProblem } from "../domain/calendar/opening-hours.ts";
import type { GermanState } from "../domain/calendar/public-holidays.ts";
import { slaMeasures } from "../domain/figures/sla-kinds.ts";
import { defaultShareMillionths, parseShare } from "../domain/sla/sla-target.ts";
import type { SlaMeasure } from "../domain/figures/sla-kinds.ts";
import type { SlaDefinition, SlaTarget } from "../domain/sla/sla-target.ts";
import { parseDuration } from "../domain/values/duration.ts";
import { isMapping } from "./fields/settings.ts";
import type { Said } from "./problem.ts";
import type { Format } from "./value-rules.ts";

function text(format: Format, description: string) {
  return Type.Optional(Type.String({ format, description }));
}

const openingRulesMax = 50;

/** Of the file and of the API. */
export const slaEntry = Type.Object(
  {
    label: text("label", "What people call it; absent: its name."),
    measure: Type.Unsafe<SlaMeasure>({
      type: "string",
      format: "sla-measure" satisfies Format,
      description:
        "delivered: share of leads delivered within the time | success: share delivered at all | delivery_time: time to delivery of those that arrived, at a percentile | contacted: share whose person was contacted within the time (speed to lead) | oldest_entry: no DLQ entry is open for longer than the time.",
    }),
    source: text("name", "Leads of this source alone."),
    destination: text("name", "Deliveries to this destination; absent: leads as a whole."),
    client: text("client", "Of an agency: leads of this client alone."),
    within: text("duration-window", "The time that is agreed; not with success."),
    share: text(
      "share",
      "The share that is agreed: 99%, 99.5%. Absent: 99%, of contacted 90%, of delivery_time (the percentile) 95%.",
    ),
    opening_hours: Type.Optional(
      Type.Array(Type.String({ format: "opening-rule" satisfies Format }), {
        maxItems: openingRulesMax,
        description: "Time counts only while it is open: mon-fri 08:00-18:00.",
      }),
    ),
    holidays: Type.Optional(
      Type.Unsafe<GermanState>({
        type: "string",
        format: "german-state" satisfies Format,
        description: "With opening_hours: whose public holidays are kept (NW).",
      }),
    ),
  },
  { additionalProperties: false },
);
export type SlaFileEntry = Static<typeof slaEntry>;

/** What does not go together; passes over what has not the right shape. */
export function checkSlaEntry(
  entry: Readonly<Record<string, unknown>>,
  note: (place: readonly string[], said: Said) => void,
): void {
  const { measure } = entry;
  if (typeof measure !== "string" || !isMeasure(measure)) return;
  const has = (key: string): boolean => entry[key] !== undefined;
  const needless = (key: string): void => note([key], { code: "sla_needless", params: { key, measure } });
  if (measure === "success" && has("within")) needless("within");
  if (measure !== "success" && !has("within"))
    note([], { code: "key_missing", params: { key: "within", example: "within: 5m" } });
  if (measure === "oldest_entry" && has("share")) needless("share");
  if (measure === "success" && has("opening_hours")) needless("opening_hours");
  if (has("client") && (has("source") || has("destination")))
    note(["client"], { code: "sla_client_needless", params: {} });
  if (has("holidays") && !has("opening_hours"))
    note(["holidays"], { code: "sla_holidays_alone", params: {} });
  const { opening_hours: rules } = entry;
  const isReadable =
    Array.isArray(rules) && rules.every((rule) => typeof rule === "string" && ruleProblem(rule) === null);
  if (isReadable && openingHours(rules as string[]).days.every((spans) => spans.length === 0))
    note(["opening_hours"], { code: "opening_hours_never", params: {} });
}

function isMeasure(measure: string): measure is SlaMeasure {
  return (slaMeasures as readonly string[]).includes(measure);
}

/** Throws if the entry was not checked before. */
export function buildSlaTarget(name: string, entry: SlaFileEntry): SlaTarget {
  return { name, ...buildSlaDefinition(entry) };
}

export function buildSlaDefinition(entry: SlaFileEntry): SlaDefinition {
  const { measure, within, share } = entry;
  return {
    label: entry.label ?? null,
    measure,
    source: entry.source ?? null,
    destination: entry.destination ?? null,
    client: entry.client ?? null,
    withinMs: within === undefined ? null : checked(parseDuration(within)),
    shareMillionths: share === undefined ? defaultShareMillionths[measure] : checked(parseShare(share)),
    openingHours: entry.opening_hours ?? null,
    holidays: entry.holidays ?? null,
  };
}

function checked<Value>(value: Value | null): Value {
  if (value === null) throw new Error("a service level was built before it was checked");
  return value;
}

/** The section of a file, whatever is in it. */
export function slaEntriesIn(
  root: Readonly<Record<string, unknown>>,
): [string, Readonly<Record<string, unknown>>][] {
  const { sla } = root;
  if (!isMapping(sla)) return [];
  return Object.entries(sla).flatMap(([name, entry]): [string, Readonly<Record<string, unknown>>][] =>
    isMapping(entry) ? [[name, entry]] : [],
  );
}
