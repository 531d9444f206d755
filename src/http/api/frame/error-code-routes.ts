// /error-codes: every code explained for people, in their language.
import { Type } from "typebox";
import type { Static } from "typebox";
import type { Responsible, Verdict } from "../../../domain/errors/explained.ts";
import { responsibles } from "../../../domain/errors/explained.ts";
import { areas } from "../../../explanations/explanation.ts";
import { ok, refuse, route } from "./route.ts";
import { oneOf } from "./schemas.ts";

const verdicts = ["yes", "no", "uncertain"] as const satisfies readonly Verdict[];

export const errorExplanation = Type.Object({
  code: Type.String({ description: "Stable." }),
  area: oneOf(
    areas,
    "Where it is met: `http` answers, `delivery` that failed (`error_code`), `operation` that left something alone, `configuration`, `start` of a node or command, rules of the `database` (SQLSTATE), an `alarm` of the overview, `troubles` of `health`, `log`.",
  ),
  title: Type.String(),
  what_happened: Type.String(),
  safe: oneOf(verdicts),
  lead_safe: Type.String({ description: "Whether the lead is safe, in a sentence or two." }),
  what_to_do: Type.String(),
  responsible: oneOf(Object.keys(responsibles) as Responsible[]),
  who: Type.String({ description: "Who must do it, in words." }),
  http_status: Type.Optional(Type.Integer({ description: "Of the answer that bears the code." })),
});

export type ErrorExplanation = Static<typeof errorExplanation>;

export function errorCodeRoutes() {
  return [
    route(
      {
        method: "GET",
        path: "/error-codes",
        tag: "system",
        access: "signed_in",
        summary: "Every code, explained for people",
        description:
          "In the language of Accept-Language: what happened, whether the lead is safe, what to do, and who must do it.",
        answers: { 200: Type.Object({ items: Type.Array(errorExplanation) }) },
      },
      async ({ language }) => {
        const { explainAll } = await loadCatalogue();
        return ok({ items: [...explainAll(language)] });
      },
    ),
    route(
      {
        method: "GET",
        path: "/error-codes/:code",
        tag: "system",
        access: "signed_in",
        summary: "One code, explained for people",
        params: Type.Object({ code: Type.String({ minLength: 1, maxLength: 100 }) }),
        answers: { 200: errorExplanation },
        problems: ["error_code_unknown"],
      },
      async ({ params: { code }, language }) => {
        const { explain, similarCodes } = await loadCatalogue();
        const explanation = explain(code, language);
        if (explanation !== null) return ok(explanation);
        const similar = similarCodes(code);
        return refuse("error_code_unknown", similar.length === 0 ? {} : { reason: similar.join(", ") });
      },
    ),
  ];
}

/** At the first request: a start has no use for so many texts. */
function loadCatalogue() {
  return import("../../../explanations/catalogue.ts");
}
