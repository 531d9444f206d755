// GET /kpi/hourly, /kpi/hourly/destinations and /kpi/distribution: figures finer than days, and how long leads took.
import { Type } from "typebox";
import type { Database } from "../../../ledger/connection/database.ts";
import { readDistribution } from "../../../ledger/figures/distribution.ts";
import { pageOfDestinationHours, pageOfSourceHours } from "../../../ledger/figures/figures-hourly.ts";
import type { HourPosition } from "../../../ledger/figures/figures-hourly.ts";
import { rollUpWaitingKpis } from "../../../ledger/figures/kpi-daily.ts";
import { clientFilterMembers } from "../frame/client-filter.ts";
import { decodeCursor, encodeCursor } from "../frame/cursor.ts";
import { ok, refuse, route } from "../frame/route.ts";
import { closed, nullable, page, pageLimitDefault, pageQuery, timestamp } from "../frame/schemas.ts";
import { day, isTooLong, rangeDaysMax, tooLong } from "./kpi-filter.ts";

export interface HourlyDeps {
  readonly database: Database;
}

const count = (description: string) => Type.Integer({ description });
const ms = (share: string) =>
  nullable(
    Type.Integer({
      description: `${share} of them took no longer, in milliseconds; estimated to within a quarter. null: there were none.`,
    }),
  );
const summary = (description: string) =>
  Type.Object(
    { count: count("Of so many leads."), p50_ms: ms("Half"), p95_ms: ms("95 %"), p99_ms: ms("99 %") },
    { description },
  );

const leadDurations = {
  processed: summary("From the receipt of a lead until it was processed, of those received then."),
  first_delivery: summary(
    "From the receipt of a lead until it arrived at a destination for the first time, of those received then.",
  ),
};
const delivery = summary(
  "From the receipt of a lead until it arrived here for the first time, of those received then.",
);
const client = nullable(Type.String({ description: "Of an agency: whose it is; null: no client's." }));
const hour = timestamp("Begin of the hour, as the reporting zone's clock shows it.");
const source = Type.String({
  description: "Who sent it; `(others)`: requests that named a source that nobody has set up.",
});
const destination = Type.String({ description: "Its name." });
const received = count("Leads received, without test leads.");
const turnedAway = {
  duplicate_count: count("Requests that brought what was there already."),
  conflict_count: count("Payloads under the key of another lead, which were kept."),
  refused_count: count("Payloads that could not be read or broke the source's rules, which were kept."),
  quarantined_count: count("Requests that were kept in the quarantine."),
  denied_count: count("Requests that were denied."),
};
const destinationCounts = {
  delivered_count: count("Deliveries that arrived, repeated ones and changes of a lead too."),
  failed_attempt_count: count("Attempts that failed."),
  entry_count: count("DLQ entries made."),
};

const sourceHour = Type.Object({
  hour,
  source,
  client,
  received_count: received,
  processed_count: count("Of these: processed by now."),
  failed_count: count("Of these: failed as they stand now."),
  no_destination_count: count("Of the processed ones: nobody got them."),
  resolved_by_hand_count: count("Of the processed ones: a person resolved what had failed."),
  withdrawn_count: count("Of the processed ones: a delivery that waited was withdrawn."),
  ...turnedAway,
  ...leadDurations,
});
const destinationHour = Type.Object({ hour, destination, client, ...destinationCounts, delivery });
const distribution = Type.Object({
  ...leadDurations,
  days: Type.Array(Type.Object({ day, ...leadDurations }), {
    description: "Days on which leads were received that are processed.",
  }),
  hours: Type.Array(
    Type.Object({ hour_of_day: count("0 to 23."), received_count: received, ...leadDurations }),
    { description: "The 24 hours of a day, all days together." },
  ),
  sources: Type.Array(
    Type.Object({ source, client, received_count: received, ...turnedAway, ...leadDurations }),
  ),
  destinations: Type.Array(Type.Object({ destination, client, ...destinationCounts, delivery })),
});

const range = { from: day, to: day, ...clientFilterMembers };
const lastDay = { ...closed, description: "`to` is the last day." };

export function hourlyRoutes(deps: HourlyDeps) {
  return [sourceHoursRoute(deps), destinationHoursRoute(deps), distributionRoute(deps)];
}

function sourceHoursRoute({ database }: HourlyDeps) {
  return route(
    {
      method: "GET",
      path: "/kpi/hourly",
      isByClient: true,
      summary: "The figures of each source in each hour, newest hour first",
      description: `Those of leads are of the leads received in that hour, as they stand now: the sums over a day are those of GET /kpi/sources. The others are of what came in that hour. At most ${rangeDaysMax} days at once.`,
      tag: "kpi",
      access: "leads.read",
      query: Type.Object({ ...pageQuery, ...range, source: Type.Optional(source) }, lastDay),
      answers: { 200: page(sourceHour) },
      problems: ["cursor_invalid"],
    },
    async ({ query: { limit = pageLimitDefault, cursor, from, to, source: name }, principal }) => {
      const after = cursor === undefined ? null : positionOf(cursor);
      if (after === undefined) return refuse("cursor_invalid");
      if (isTooLong(from, to)) return refuse("request_invalid", { reason: tooLong });
      if (principal.by === "local") await rollUpWaitingKpis(database);
      const { rows, next } = await pageOfSourceHours(database, { from, to, name, after }, limit);
      return ok({ items: [...rows], next_cursor: cursorOf(next) });
    },
  );
}

function destinationHoursRoute({ database }: HourlyDeps) {
  return route(
    {
      method: "GET",
      path: "/kpi/hourly/destinations",
      isByClient: true,
      summary: "The figures of each destination in each hour, newest hour first",
      description: `Of what happened there in that hour, whenever the leads had come; \`delivery\` is of the leads received in it. At most ${rangeDaysMax} days at once.`,
      tag: "kpi",
      access: "leads.read",
      query: Type.Object({ ...pageQuery, ...range, destination: Type.Optional(destination) }, lastDay),
      answers: { 200: page(destinationHour) },
      problems: ["cursor_invalid"],
    },
    async ({ query: { limit = pageLimitDefault, cursor, from, to, destination: name }, principal }) => {
      const after = cursor === undefined ? null : positionOf(cursor);
      if (after === undefined) return refuse("cursor_invalid");
      if (isTooLong(from, to)) return refuse("request_invalid", { reason: tooLong });
      if (principal.by === "local") await rollUpWaitingKpis(database);
      const { rows, next } = await pageOfDestinationHours(database, { from, to, name, after }, limit);
      return ok({ items: [...rows], next_cursor: cursorOf(next) });
    },
  );
}

function distributionRoute({ database }: HourlyDeps) {
  return route(
    {
      method: "GET",
      path: "/kpi/distribution",
      isByClient: true,
      summary: "How long leads took over some days, and at which hours they came",
      description: `Altogether, by day, by hour of the day, by source and by destination. Percentiles come from a histogram, so that those of many hours can be told: each is estimated within a bucket that is a quarter wide. At most ${rangeDaysMax} days at once.`,
      tag: "kpi",
      access: "leads.read",
      query: Type.Object(range, lastDay),
      answers: { 200: distribution },
      problems: [],
    },
    async ({ query: { from, to }, principal }) => {
      if (isTooLong(from, to)) return refuse("request_invalid", { reason: tooLong });
      if (principal.by === "local") await rollUpWaitingKpis(database);
      return ok(await readDistribution(database, { from, to }));
    },
  );
}

/** undefined: not a cursor of these lists. */
function positionOf(cursor: string): HourPosition | undefined {
  const [hourUs, name] = decodeCursor(cursor, 2) ?? [];
  return typeof hourUs === "number" && typeof name === "string" ? { hourUs, name } : undefined;
}

function cursorOf(next: HourPosition | null): string | null {
  return next === null ? null : encodeCursor([next.hourUs, next.name]);
}
