// /sources/{name}/rhythm: how soon an outage of a source can be noticed by its silence.
import { Type } from "typebox";
import { noticedAfter, noticedUnits } from "../../../domain/silence/noticed-after.ts";
import { defaultSilenceRule } from "../../../domain/silence/silence-setting.ts";
import type { Queryable } from "../../../ledger/connection/database.ts";
import { listHeardSources } from "../../../ledger/figures/silences.ts";
import { ok, refuse, route } from "../frame/route.ts";
import { nullable, oneOf } from "../frame/schemas.ts";
import { partParams } from "./part-schemas.ts";

export function rhythmRoutes({ database }: { readonly database: Queryable }) {
  return [
    route(
      {
        method: "GET",
        path: "/sources/:name/rhythm",
        tag: "sources",
        access: "configuration.read",
        summary: "How soon an outage would be noticed",
        description:
          "By the rhythm that was learned of the source. An outage is noticed at the earliest when so much is missing that chance hardly explains it.",
        params: partParams,
        answers: {
          200: Type.Object({
            learned_from: Type.Integer({
              description: "Leads of the last eight weeks; 0: too few to know it.",
            }),
            noticed_after: nullable(
              Type.Object(
                {
                  count: Type.Number({ description: "In halves." }),
                  unit: oneOf(noticedUnits, "workday: next to nothing comes on weekends."),
                },
                { description: "null: too few leads came, or the source is not judged by its rhythm." },
              ),
            ),
          }),
        },
        problems: ["source_not_found"],
      },
      async ({ params: { name } }) => {
        const [heard] = await listHeardSources(database, name);
        if (heard === undefined) return refuse("source_not_found");
        const rule = heard.silence ?? defaultSilenceRule;
        const { rhythm } = heard;
        const isJudged = rule.kind === "learned" && rhythm !== null;
        return ok({
          learned_from: rhythm?.leads ?? 0,
          noticed_after: isJudged ? noticedAfter(rhythm, rule.falseAlarmsPerYear) : null,
        });
      },
    ),
  ];
}
