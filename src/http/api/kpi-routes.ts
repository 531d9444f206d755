// GET /kpi/daily: the figures of each day.
import { Type } from "typebox";
import { rollUpWaitingKpis } from "../../kpi/roll-up.ts";
import type { Database } from "../../ledger/database.ts";
import { pageOfKpiDays } from "../../ledger/kpi-daily.ts";
import { nextCursor, readTextCursor } from "./cursor.ts";
import type { Route } from "./route.ts";
import { ok, refuse, route } from "./route.ts";
import { closed, nullable, page, pageLimitDefault, pageQuery } from "./schemas.ts";

export interface KpiParts {
  readonly database: Database;
}

export const day = Type.String({ format: "date", description: "A day of the reporting time zone." });
const count = (description: string) => Type.Integer({ description });

export function kpiRoutes({ database }: KpiParts): readonly Route[] {
  return [
    route(
      {
        method: "GET",
        path: "/kpi/daily",
        summary: "The figures of each day, newest first",
        description:
          "received = processed + failed + still accepted: they speak of the leads received that day, as they stand now. Test leads are not counted.",
        tag: "kpi",
        access: "leads.read",
        query: Type.Object(
          { ...pageQuery, from: Type.Optional(day), to: Type.Optional(day) },
          { ...closed, description: "`to` is the last day." },
        ),
        answers: {
          200: page(
            Type.Object({
              day,
              received_count: count("Leads received that day."),
              processed_count: count("Of these: processed by now."),
              failed_count: count("Of these: failed as they stand now."),
              dlq_open_count: count("DLQ entries open or retrying at the end of that day; today: now."),
              avg_processing_ms: nullable(Type.Integer({ description: "null while none is processed." })),
              by_hand: Type.Boolean({ description: "Filled in by a person for a day that is not counted." }),
            }),
          ),
        },
        problems: ["cursor_invalid"],
      },
      async ({ query: { limit = pageLimitDefault, cursor, from, to }, principal }) => {
        const read = readTextCursor(cursor, /^\d{4}-\d\d-\d\d$/);
        if (!read.ok) return refuse("cursor_invalid");
        // A node does it all the time; a command may work where none runs.
        if (principal.by === "local") await rollUpWaitingKpis(database);
        const range = { from: from ?? null, to: to ?? null, before: read.after };
        const { rows, next } = await pageOfKpiDays(database, range, limit);
        return ok({ items: [...rows], next_cursor: nextCursor(next) });
      },
    ),
  ];
}
