// GET /system: how this installation is doing, in few figures.
import { Type } from "typebox";
import type { Static } from "typebox";
import { readCondition } from "../../../ledger/figures/database-condition.ts";
import type { Queryable } from "../../../ledger/connection/database.ts";
import { readTimezone } from "../../../ledger/settings/settings.ts";
import { ok, route } from "../frame/route.ts";
import { timestamp } from "../frame/schemas.ts";

export interface SystemDeps {
  readonly database: Queryable;
  readonly version: string;
}

const system = Type.Object({
  version: Type.String(),
  postgresql_version: Type.String(),
  database_bytes: Type.Integer(),
  timezone: Type.String({ description: "The reporting time zone." }),
  now: timestamp("The database's time."),
  node_runs: Type.Boolean({ description: "Whether some node does the leader's tasks." }),
  delivered_to_nobody: Type.Integer({
    description: "Leads of the last 24 hours that had no destination.",
  }),
  need_decision: Type.Integer({ description: "DLQ entries that wait for a person." }),
  overdue: Type.Integer({ description: "Deliveries due for more than five minutes." }),
});
export type System = Static<typeof system>;

export function systemRoutes({ database, version }: SystemDeps) {
  return [
    route(
      {
        method: "GET",
        path: "/system",
        isOfWhole: true,
        summary: "How this installation is doing",
        tag: "system",
        access: "system.read",
        answers: { 200: system },
      },
      async () => {
        const condition = await readCondition(database);
        return ok({
          version,
          postgresql_version: condition.version,
          database_bytes: condition.sizeBytes,
          timezone: await readTimezone(database),
          now: new Date(condition.nowMs),
          node_runs: condition.nodeRuns,
          delivered_to_nobody: condition.deliveredToNobody,
          need_decision: condition.needDecision,
          overdue: condition.overdue,
        });
      },
    ),
  ];
}
