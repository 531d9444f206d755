// POST /sources/:name/map-preview: one lead as a source's map would read it, before anything is changed.
import { Type } from "typebox";
import { checkReading } from "../../../config/check-part.ts";
import { sourceOf } from "../../../config/stored-configuration.ts";
import type { SecretBox } from "../../../config/stored-configuration.ts";
import type { LeadMap } from "../../../domain/leads/map-rules.ts";
import type { LeadReading } from "../../../domain/leads/lead-reading.ts";
import { readLead } from "../../../domain/leads/read-lead.ts";
import { maskedLead } from "../../../domain/persons/masked-lead.ts";
import { maskBody } from "../../../domain/persons/masking.ts";
import type { MaskedPointers } from "../../../domain/persons/masking.ts";
import { parseExactly } from "../../../domain/values/exact-json.ts";
import { readingOf } from "../../../kinds/sources/lead-readings.ts";
import type { Kinds } from "../../../kinds/kinds.ts";
import { findManagedPart } from "../../../ledger/configuration/managed-parts.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import { readPersonPointers } from "../../../ledger/leads/person-pointers.ts";
import { ok, refuse, route } from "../frame/route.ts";
import { closed, nullable, runId } from "../frame/schemas.ts";
import { refusalOfReveal } from "../leads/run-routes.ts";
import { anything, reveal, vocabularyLead } from "../leads/run-schemas.ts";
import { leadToTry } from "./lead-to-try.ts";
import { refusalOf } from "./part-answers.ts";
import { orderedBody } from "./part-requests.ts";
import { partParams } from "./part-schemas.ts";

export interface MapPreviewDeps {
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly kinds: Kinds;
}

const order = Type.Object(
  {
    // What is wrong with these two is said by the rules of leadledger.yaml.
    map: Type.Optional(
      Type.Unsafe<unknown>({ description: "As in the source's entry; null: none. Absent: the source's." }),
    ),
    country: Type.Optional(
      Type.Unsafe<unknown>({ description: "As in the source's entry. Absent: the source's." }),
    ),
    run_id: Type.Optional(runId),
    body: Type.Optional(
      Type.Unsafe<Readonly<Record<string, unknown>>>({
        type: "object",
        description: "Instead of a lead that there is: one to try. It is not stored.",
      }),
    ),
  },
  closed,
);

const answer = Type.Object({
  run_id: nullable(
    Type.String({ format: "uuid", description: "The lead that was read; null: `body` was given." }),
  ),
  body: anything,
  lead: nullable(vocabularyLead),
  recognised: nullable(vocabularyLead),
  kind_map: nullable(
    Type.Unsafe<LeadMap>({
      type: "object",
      description: "What the source's kind knows by itself, written as a map; null: nothing.",
    }),
  ),
});

export function mapPreviewRoutes({ database, secretBox, kinds }: MapPreviewDeps) {
  return [
    route(
      {
        method: "POST",
        path: "/sources/:name/map-preview",
        tag: "sources",
        access: "configuration.write",
        summary: "One lead as a map would read it",
        description:
          "Nothing is stored. `lead` is what destinations would get, `recognised` the same without a map; both null where there is no lead. Without `run_id` and `body` the source's newest readable lead is read. Person data of stored leads is masked unless it is asked for; what came in `body` is shown as it is.",
        params: partParams,
        query: Type.Object({ reveal }, closed),
        body: order,
        answers: { 200: answer },
        problems: ["source_not_found", "part_removed", "run_unknown", "configuration_invalid"],
      },
      async ({ params: { name }, query, body: said, rawBody, principal, language }) => {
        const part = await findManagedPart(database, "sources", name);
        if (part === null) return refuse("source_not_found");
        if (!part.enabled) return refuse("part_removed");
        const source = sourceOf(part.stored, secretBox, kinds);
        const { map = source.map, country = source.country } = said;
        const checked = checkReading({ map, country }, kinds);
        if (!checked.ok)
          return refusalOf({ kind: "invalid", problems: checked.problems }, "source_not_found", language);
        const given = orderedBody(rawBody);
        const isRevealed = query.reveal === true;
        const forbidden = isRevealed ? refusalOfReveal(principal) : null;
        if (forbidden !== null) return forbidden;
        const found =
          given === null
            ? await leadToTry(database, {
                sources: [name],
                runId: said.run_id,
                shownTo: isRevealed ? principal.actor : null,
              })
            : { runId: null, body: parseExactly(given) };
        if (found === null && said.run_id !== undefined) return refuse("run_unknown");
        const { runId = null, body = null } = found ?? {};
        const reading = readingOf({ ...source, ...checked.part }, kinds.sources);
        const masking =
          given === null && !isRevealed ? { pointers: (await readPersonPointers(database))(name) } : null;
        const shown = { run_id: runId, ...viewsOf(body, reading, masking), kind_map: reading.kindMap };
        return ok(shown, { exactNumbers: true });
      },
    ),
  ];
}

/** With the map and without it. `masking` null: in full. */
function viewsOf(
  body: unknown,
  reading: LeadReading,
  masking: { readonly pointers: MaskedPointers | null } | null,
) {
  if (body === null) return { body, lead: null, recognised: null };
  const withoutMap = { ...reading, map: null };
  if (masking === null)
    return { body, lead: readLead(body, reading), recognised: readLead(body, withoutMap) };
  const { pointers } = masking;
  return {
    body: maskBody(body, pointers),
    lead: maskedLead(body, reading, pointers),
    recognised: maskedLead(body, withoutMap, pointers),
  };
}
