// /database/setbacks: times at which a node found that the database no longer has what it had before.
import { Type } from "typebox";
import { acknowledgeSetback, listSetbacks } from "../../../ledger/log/history.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import { ok, refuse, route } from "../frame/route.ts";
import { nullable, pageLimitMax, timestamp } from "../frame/schemas.ts";

const setback = Type.Object({
  setback_id: Type.Integer(),
  node: Type.String({ description: "The node that noticed it." }),
  noticed_at: timestamp("When it was noticed."),
  since: nullable(timestamp("What came after this is missing; null: nothing of before is left.")),
  until: timestamp("Until then the database was written to."),
  events_max: nullable(
    Type.Integer({
      description:
        "Events that are missing at most, and so leads: each has at least one. null: single leads only.",
    }),
  ),
  leads_missing: nullable(
    Type.Integer({
      description: "Of the leads that this node confirmed in the seconds before; null: it remembers none.",
    }),
  ),
  timeline_before: nullable(Type.Integer({ description: "PostgreSQL's timeline before." })),
  timeline_after: nullable(Type.Integer({ description: "The timeline when it was noticed." })),
  other_server: Type.Boolean({ description: "Whether it is a different database server than before." }),
  acknowledged_at: nullable(timestamp("When a person took note of it; null: nobody has.")),
  acknowledged_by: nullable(Type.String()),
});
export function setbackRoutes({ database }: { readonly database: Database }) {
  return [
    route(
      {
        method: "GET",
        path: "/database/setbacks",
        isOfWhole: true,
        tag: "system",
        access: "system.read",
        summary: "Times at which the database had gone back",
        description:
          "The newest first. A backup was restored, or a standby took over that did not have everything: what came in between is missing.",
        answers: { 200: Type.Object({ items: Type.Array(setback) }) },
      },
      async () => ok({ items: [...(await listSetbacks(database, "all", pageLimitMax))] }),
    ),
    route(
      {
        method: "POST",
        path: "/database/setbacks/:setback_id/acknowledge",
        isOfWhole: true,
        tag: "system",
        access: "system.read",
        summary: "Take note of a setback",
        description:
          "Ends the alarm and the `degraded` of `/health` once none is left open. Brings nothing back. The second time it changes nothing.",
        params: Type.Object({ setback_id: Type.Integer({ minimum: 1 }) }),
        answers: { 200: setback },
        problems: ["setback_unknown"],
      },
      async ({ params: { setback_id: id }, principal }) => {
        const found = await acknowledgeSetback(database, principal.actor, id);
        return found === null ? refuse("setback_unknown") : ok(found);
      },
    ),
  ];
}
