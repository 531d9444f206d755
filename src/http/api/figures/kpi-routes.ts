// GET /kpi/daily, /kpi/sources and /kpi/clients: the figures of each day, of each source on it, and of each client.
import { Type } from "typebox";
import { pageOfKpiDays, rollUpWaitingKpis } from "../../../ledger/figures/kpi-daily.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import { pageOfKpiSources, readKpiClients } from "../../../ledger/figures/kpi-daily-sources.ts";
import { decodeCursor, encodeCursor, isCalendarTime, nextCursor, readTextCursor } from "../frame/cursor.ts";
import { ok, refuse, route } from "../frame/route.ts";
import { closed, nullable, page, pageLimitDefault, pageQuery } from "../frame/schemas.ts";
import { clientFilterMembers } from "../frame/client-filter.ts";
import { day, isTooLong, kpiFilterMembers, rangeDaysMax, tooLong } from "./kpi-filter.ts";

export interface KpiDeps {
  readonly database: Database;
}

const count = (description: string) => Type.Integer({ description });
const dayPattern = /^\d{4}-\d\d-\d\d$/;

const leadCounts = {
  received_count: count("Leads received that day."),
  processed_count: count("Of these: processed by now."),
  failed_count: count("Of these: failed as they stand now."),
};
const averageMs = nullable(Type.Integer({ description: "null while none is processed." }));

const endings = {
  no_destination_count: count("Of the processed ones: nobody got them."),
  resolved_by_hand_count: count("Of the processed ones: a person resolved what had failed."),
  withdrawn_count: count("Of the processed ones: a delivery that waited was withdrawn."),
};

const kpiDay = Type.Object({
  day,
  ...leadCounts,
  dlq_open_count: count("DLQ entries open or retrying at the end of that day; today: now."),
  avg_processing_ms: averageMs,
  by_hand: Type.Boolean({ description: "Filled in by a person for a day that is not counted." }),
});
const kpiSourceDay = Type.Object({
  day,
  source: Type.String({ description: "Who sent the leads." }),
  client: nullable(Type.String({ description: "Of an agency: whose source it is; null: no client's." })),
  ...leadCounts,
  ...endings,
  avg_processing_ms: averageMs,
  failed_unfinished_count: nullable(
    count(
      "Of the failed ones: a DLQ entry is open or retrying, so they may still arrive; null: too many to count.",
    ),
  ),
});
const kpiClient = Type.Object({
  client: nullable(
    Type.String({ description: "Of an agency; null: what came through sources that name no client." }),
  ),
  ...leadCounts,
  ...endings,
  avg_processing_ms: averageMs,
});
export function kpiRoutes(deps: KpiDeps) {
  return [daysRoute(deps), sourcesRoute(deps), clientsRoute(deps)];
}

function daysRoute({ database }: KpiDeps) {
  return route(
    {
      method: "GET",
      path: "/kpi/daily",
      isByClient: true,
      summary: "The figures of each day, newest first",
      description:
        "received = processed + failed + still accepted: they speak of the leads received that day, as they stand now. Test leads are not counted.",
      tag: "kpi",
      access: "leads.read",
      query: Type.Object(
        { ...pageQuery, ...kpiFilterMembers },
        { ...closed, description: "`to` is the last day." },
      ),
      answers: { 200: page(kpiDay) },
      problems: ["cursor_invalid"],
    },
    async ({ query: { limit = pageLimitDefault, cursor, from, to }, principal }) => {
      const read = readTextCursor(cursor, dayPattern);
      if (!read.ok) return refuse("cursor_invalid");
      // A node does it all the time; a command may work where none runs.
      if (principal.by === "local") await rollUpWaitingKpis(database);
      const range = { from: from ?? null, to: to ?? null, before: read.after };
      const { rows, next } = await pageOfKpiDays(database, range, limit);
      return ok({ items: [...rows], next_cursor: nextCursor(next) });
    },
  );
}

function sourcesRoute({ database }: KpiDeps) {
  return route(
    {
      method: "GET",
      path: "/kpi/sources",
      summary: "The figures of each source on each day, newest day first",
      description: `As GET /kpi/daily, whose figures are the sums of these; a day has an item for every source that leads came from. At most ${rangeDaysMax} days at once.`,
      tag: "kpi",
      access: "leads.read",
      query: Type.Object(
        { ...pageQuery, from: day, to: day, ...clientFilterMembers },
        { ...closed, description: "`to` is the last day." },
      ),
      answers: { 200: page(kpiSourceDay) },
      problems: ["cursor_invalid"],
    },
    async ({ query: { limit = pageLimitDefault, cursor, from, to, client }, principal }) => {
      const after = cursor === undefined ? null : positionOf(cursor);
      if (after === undefined) return refuse("cursor_invalid");
      if (isTooLong(from, to)) return refuse("request_invalid", { reason: tooLong });
      if (principal.by === "local") await rollUpWaitingKpis(database);
      const { rows, next } = await pageOfKpiSources(database, { from, to, client, after }, limit);
      return ok({
        items: [...rows],
        next_cursor: next === null ? null : encodeCursor([next.day, next.source]),
      });
    },
  );
}

function clientsRoute({ database }: KpiDeps) {
  return route(
    {
      method: "GET",
      path: "/kpi/clients",
      summary: "The figures of each client of an agency, over some days",
      description: `The sums of GET /kpi/sources by client, for all the days together: over all clients they are those of GET /kpi/daily. At most ${rangeDaysMax} days at once.`,
      tag: "kpi",
      access: "leads.read",
      query: Type.Object(
        { from: day, to: day, ...clientFilterMembers },
        { ...closed, description: "`to` is the last day." },
      ),
      answers: { 200: Type.Object({ items: Type.Array(kpiClient) }) },
      problems: [],
    },
    async ({ query: { from, to, client }, principal }) => {
      if (isTooLong(from, to)) return refuse("request_invalid", { reason: tooLong });
      if (principal.by === "local") await rollUpWaitingKpis(database);
      return ok({ items: await readKpiClients(database, { from, to, client }) });
    },
  );
}

/** undefined: not a cursor of this list. */
function positionOf(cursor: string): { readonly day: string; readonly source: string } | undefined {
  const [read, source] = decodeCursor(cursor, 2) ?? [];
  return typeof read === "string" &&
    dayPattern.test(read) &&
    isCalendarTime(read) &&
    typeof source === "string"
    ? { day: read, source }
    : undefined;
}
