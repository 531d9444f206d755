// GET /overview: how today goes, and what somebody should look at.
import { Type } from "typebox";
import { worstFirst } from "../../../domain/figures/alarm.ts";
import type { Alarm } from "../../../domain/figures/alarm.ts";
import { maskedText } from "../../../domain/persons/masking.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import { readCurrentAlarms } from "../../../config/current-alarms.ts";
import type { DeclaredKinds } from "../../../config/declared-kind.ts";
import type { SecretBox } from "../../../config/stored-configuration.ts";
import { readFiguresOfToday } from "../../../ledger/figures/day-figures.ts";
import type { DayFigures } from "../../../ledger/figures/day-figures.ts";
import { readStock } from "../../../ledger/attention/dlq-causes.ts";
import { overview } from "./overview-schemas.ts";
import type { Overview } from "./overview-schemas.ts";
import { clientFilterMembers } from "../frame/client-filter.ts";
import { ok, route } from "../frame/route.ts";
import { closed } from "../frame/schemas.ts";

export interface OverviewDeps {
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly kinds: DeclaredKinds;
}

export function overviewRoutes(deps: OverviewDeps) {
  const { database } = deps;
  return [
    route(
      {
        method: "GET",
        path: "/overview",
        isByClient: true,
        summary: "How today goes, and what somebody should look at",
        description:
          "Figures of the leads received today, the stock of DLQ entries, and alarms: facts as codes with their parameters, the worst first. No alarm: all is well.",
        tag: "kpi",
        access: "leads.read",
        query: Type.Object(clientFilterMembers, closed),
        answers: { 200: overview },
      },
      async () => {
        const figures = await readFiguresOfToday(database);
        const stock = await readStock(database);
        const alarms = await readCurrentAlarms(deps);
        return ok({
          timezone: figures.timezone,
          day: figures.day,
          today: todayOf(figures),
          dlq: {
            open: stock.at_work,
            retrying: stock.at_work - stock.need_decision,
            need_decision: stock.need_decision,
          },
          alarms: worstFirst(alarms).map(shown),
        });
      },
    ),
  ];
}

function todayOf({
  received,
  processed,
  failed,
  by_hand,
  withdrawn,
  no_destination,
  ...rest
}: DayFigures): Overview["today"] {
  const delivered = processed - by_hand - withdrawn - no_destination;
  const givenUp = rest.failed_by_stage?.given_up ?? null;
  const finished = givenUp === null ? null : processed + givenUp;
  const wanted = finished === null ? null : finished - withdrawn;
  return {
    received,
    delivered,
    being_delivered: received - processed - failed,
    failed,
    retrying: rest.failed_by_stage?.retrying ?? null,
    need_decision: rest.failed_by_stage?.need_decision ?? null,
    given_up: givenUp,
    resolved_by_hand: by_hand,
    withdrawn,
    no_destination,
    unfinished: finished === null ? null : received - finished,
    success_rate: wanted === null || wanted === 0 ? null : (delivered + by_hand) / wanted,
    avg_processing_ms: rest.avg_processing_ms,
  };
}

/** The name of a source that is not there is what a sender wrote. */
function shown(alarm: Alarm): Alarm {
  return alarm.code === "requests_denied" && !alarm.is_configured
    ? { ...alarm, source: maskedText(alarm.source) }
    : alarm;
}
