// GET /audit-events: everything that happened, and who did it.
import { Type } from "typebox";
import type { Database } from "../../../ledger/connection/database.ts";
import { pageOfEvents } from "../../../ledger/log/audit-list.ts";
import { readPersonPointers } from "../../../ledger/leads/person-pointers.ts";
import { nextCursor, readIdCursor } from "../frame/cursor.ts";
import { maskEvent } from "../frame/masked-views.ts";
import { ok, refuse, route } from "../frame/route.ts";
import { auditFilterMembers } from "./audit-filter.ts";
import { auditEvent } from "../leads/run-schemas.ts";
import { closed, page, pageLimitDefault, pageQuery } from "../frame/schemas.ts";

export interface AuditDeps {
  readonly database: Database;
}

export function auditRoutes({ database }: AuditDeps) {
  return [
    route(
      {
        method: "GET",
        path: "/audit-events",
        summary: "Audit events, newest first",
        description:
          "Ordered by `event_id`: the order of time, but for events that waited for a lock. A lead's own order is that of `event_time` and stands in GET /runs/{run_id}. Person data is masked. A page may hold fewer events than `limit`, even none, and still have a `next_cursor`: then it ended where a search through many events takes too long, and the next page goes on there.",
        tag: "audit",
        access: "audit.read",
        query: Type.Object(
          {
            ...pageQuery,
            ...auditFilterMembers,
          },
          closed,
        ),
        answers: { 200: page(auditEvent) },
        problems: ["cursor_invalid"],
      },
      async ({ query: { limit = pageLimitDefault, cursor, health_checks: asked, ...filter } }) => {
        const read = readIdCursor(cursor);
        if (!read.ok) return refuse("cursor_invalid");
        const withChecks = asked === true || filter.event_type?.includes("health_check") === true;
        const found = await pageOfEvents(
          database,
          { ...filter, health_checks: withChecks },
          read.after,
          limit,
        );
        const pointersOf = await readPersonPointers(database);
        return ok(
          {
            items: found.rows.map((event) => maskEvent(event, pointersOf)),
            next_cursor: nextCursor(found.next),
          },
          { exactNumbers: true },
        );
      },
    ),
  ];
}
