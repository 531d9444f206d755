// POST /destinations/:name/map-preview: what a destination would get of one lead, before anything is changed.
import { Type } from "typebox";
import { checkDestination } from "../../../config/check-part.ts";
import type { CheckedPart } from "../../../config/check-part.ts";
import { destinationParts } from "../../../config/destination-part.ts";
import { destinationOf, fromStored } from "../../../config/stored-configuration.ts";
import type { SecretBox } from "../../../config/stored-configuration.ts";
import { destinationsOfSource } from "../../../domain/clients/client.ts";
import { mayDo } from "../../../domain/accounts/roles.ts";
import { unmetPlace } from "../../../domain/destinations/condition.ts";
import type { Wanted } from "../../../domain/destinations/delivery-content.ts";
import { deliveryBody, deliveryOf } from "../../../domain/destinations/delivery-body.ts";
import type { ReceivedLead } from "../../../domain/destinations/delivery-body.ts";
import type { Destination } from "../../../domain/destinations/destination.ts";
import type { RejectExpression } from "../../../domain/destinations/expression.ts";
import { isRequired, targetValues } from "../../../domain/destinations/map-lead.ts";
import { maskedLead } from "../../../domain/persons/masked-lead.ts";
import { maskBody } from "../../../domain/persons/masking.ts";
import type { MaskedPointers } from "../../../domain/persons/masking.ts";
import { parseExactly, writeExactly } from "../../../domain/values/exact-json.ts";
import type { PreviewRequest } from "../../../kinds/destinations/preview.ts";
import type { Kinds } from "../../../kinds/kinds.ts";
import { createLeadReadings } from "../../../kinds/sources/lead-readings.ts";
import { readConfiguration } from "../../../ledger/configuration/configuration.ts";
import { findManagedPart } from "../../../ledger/configuration/managed-parts.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import { readPersonPointers } from "../../../ledger/leads/person-pointers.ts";
import { readSourceReadings } from "../../../ledger/leads/source-readings.ts";
import { requestShape } from "../attention/dry-run-routes.ts";
import { ok, refuse, route } from "../frame/route.ts";
import { closed, nullable, oneOf, runId } from "../frame/schemas.ts";
import { refusalOfReveal } from "../leads/run-routes.ts";
import { anything, reveal } from "../leads/run-schemas.ts";
import { leadToTry } from "./lead-to-try.ts";
import { refusalOf } from "./part-answers.ts";
import { orderedBody } from "./part-requests.ts";
import { partParams } from "./part-schemas.ts";

export interface DestinationPreviewDeps {
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly kinds: Kinds;
  readonly preview: PreviewRequest;
  readonly rejectExpression: RejectExpression;
}

function proposed(description: string) {
  // What is wrong with it is said by the rules of leadledger.yaml.
  return Type.Optional(Type.Unsafe<unknown>({ description: `${description} Absent: the destination's.` }));
}

const order = Type.Object(
  {
    map: proposed("As in the destination's entry; null: none."),
    when: proposed("As in the destination's entry; null: none."),
    expression: proposed("As in the destination's entry; null: none. Another one only an admin may try."),
    content: proposed("As in the destination's entry."),
    run_id: Type.Optional(runId),
    source: Type.Optional(
      Type.String({
        description:
          "Of `body`: by whose rules it is read. Otherwise: the newest lead is one of this source's.",
        maxLength: 255,
      }),
    ),
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
    Type.String({
      format: "uuid",
      description: "The lead that was tried; null: `body` was given, or there is none.",
    }),
  ),
  source: nullable(Type.String({ description: "Where it came from." })),
  delivery: anything,
  condition: nullable(
    Type.Object(
      {
        met: Type.Boolean(),
        place: nullable(Type.String({ description: "The part that is not met: `when.all[1]`." })),
      },
      { description: "null: there is none, or no lead to judge." },
    ),
  ),
  targets: Type.Array(
    Type.Object({
      target: Type.String({ description: "As the map names it." }),
      value: anything,
      is_missing: Type.Boolean({
        description: "It must not be empty, and is: the lead would wait for a person.",
      }),
    }),
    { description: "What each target of the map gets; `value` null: nothing, so that it is left out." },
  ),
  fault: nullable(
    Type.Object(
      {
        code: oneOf(["destination_expression", "expression_refuses_lead"]),
        detail: Type.String(),
        is_masking: Type.Boolean({
          description: "It fails only because person data is masked here: the lead itself would be sent.",
        }),
      },
      {
        description:
          "Why the expression gives nothing to send of this lead; null: it gives something, or there is none.",
      },
    ),
  ),
  request: nullable(requestShape),
});

export function destinationPreviewRoutes(deps: DestinationPreviewDeps) {
  const { database, kinds, secretBox } = deps;
  return [
    route(
      {
        method: "POST",
        path: "/destinations/:name/map-preview",
        tag: "destinations",
        access: "configuration.write",
        summary: "What a destination would get of one lead",
        description:
          "Nothing is stored or sent. `delivery` is what `map` and `when` point into; `request` what would be sent, to the byte, as if the condition were met and nothing missing; null where nothing is sent to this kind, or there is no lead. Without `run_id` and `body` the newest readable lead is tried that came from a source which sends there. Person data of stored leads is masked unless it is asked for, in the request, too; what came in `body` is shown as it is.",
        params: partParams,
        query: Type.Object({ reveal }, closed),
        body: order,
        answers: { 200: answer },
        problems: [
          ...(["destination_not_found", "part_removed", "run_unknown", "configuration_invalid"] as const),
          "expression_needs_admin",
        ],
      },
      async ({ params: { name }, query, body: said, rawBody, principal, language }) => {
        const part = await findManagedPart(database, "destinations", name);
        if (part === null) return refuse("destination_not_found");
        if (!part.enabled) return refuse("part_removed");
        const stored: Destination & Wanted = destinationOf(part.stored, secretBox, kinds);
        const checked = await proposedDestination(deps, stored, said);
        if (!checked.ok)
          return refusalOf(
            { kind: "invalid", problems: checked.problems },
            "destination_not_found",
            language,
          );
        const { expression }: Wanted = checked.part;
        if (
          expression !== undefined &&
          expression !== stored.expression &&
          !mayDo(principal.role, "expressions.write")
        )
          return refuse("expression_needs_admin");
        const isRevealed = query.reveal === true;
        const forbidden = isRevealed ? refusalOfReveal(principal) : null;
        if (forbidden !== null) return forbidden;
        const given = orderedBody(rawBody);
        const found =
          given === null
            ? await leadToTry(database, {
                sources: await lookedAt(deps, name, said),
                runId: said.run_id,
                shownTo: isRevealed ? principal.actor : null,
              })
            : pastedLead(given, said.source);
        if (found === null && said.run_id !== undefined) return refuse("run_unknown");
        const pointers = given === null && !isRevealed ? await readPersonPointers(database) : null;
        const shown = await shownOf(deps, checked.part, found, pointers);
        return ok({ ...shown, run_id: given === null ? shown.run_id : null }, { exactNumbers: true });
      },
    ),
  ];
}

type Tried = NonNullable<Awaited<ReturnType<typeof leadToTry>>>;

/** Where nobody says from which source it came. */
const unnamedSource = "preview";
const noRun = "00000000-0000-7000-8000-000000000000";

function pastedLead(json: string, source = unnamedSource): Tried {
  return { runId: noRun, source, receivedAt: new Date(), body: parseExactly(json), json };
}

type Proposal = Readonly<Partial<Record<"map" | "when" | "expression" | "content", unknown>>>;

/** The destination as it would be with what is said. */
async function proposedDestination(
  { kinds, rejectExpression }: DestinationPreviewDeps,
  destination: Destination,
  { map, when, expression, content }: Proposal,
): Promise<CheckedPart<Destination & Wanted>> {
  const patch = Object.fromEntries(
    Object.entries({ map, when, expression, content }).filter(([, value]) => value !== undefined),
  );
  if (Object.keys(patch).length === 0) return { ok: true, part: destination, warnings: [] };
  const entry = destinationParts(kinds).patch(destination, patch);
  const checked = checkDestination(destination.name, entry, nothingAround, kinds);
  if (!checked.ok || typeof expression !== "string") return checked;
  const reason = await rejectExpression(expression);
  if (reason === null) return checked;
  const said = { code: "expression_invalid", params: { reason } } as const;
  return { ok: false, problems: [{ place: "expression", said }] };
}

const nothingAround = { sources: [], destinations: [], timezone: "UTC", rejectBodySchema: () => null };

/** Any lead that is named; otherwise those of sources that send there. */
async function lookedAt(
  deps: DestinationPreviewDeps,
  destination: string,
  { run_id: id, source }: { readonly run_id?: string; readonly source?: string },
): Promise<readonly string[] | null> {
  if (source !== undefined) return [source];
  return id === undefined ? sendersTo(deps, destination) : null;
}

async function sendersTo(
  { database, secretBox, kinds }: DestinationPreviewDeps,
  destination: string,
): Promise<readonly string[]> {
  const { sources, destinations } = fromStored(await readConfiguration(database), secretBox, kinds);
  return sources
    .filter((source) => destinationsOfSource(source, destinations).some(({ name }) => name === destination))
    .map(({ name }) => name);
}

/** `pointers` null: in full. */
async function shownOf(
  deps: DestinationPreviewDeps,
  destination: Destination & Wanted,
  found: Tried | null,
  pointers: ((source: string) => MaskedPointers | null) | null,
) {
  if (found === null || found.json === null) {
    const { runId: id = null, source = null } = found ?? {};
    return { run_id: id, source, delivery: null, condition: null, targets: [], fault: null, request: null };
  }
  const { runId: id, source, receivedAt, json } = found;
  const reading = createLeadReadings(deps.kinds.sources, await readSourceReadings(deps.database)).of(source);
  const lead: ReceivedLead = { runId: id, source, receivedAt, leadJson: json, reading, revision: null };
  const real = deliveryBody(lead);
  const shown = pointers === null ? real : maskedDelivery(lead, found.body, pointers(source));
  const { when, map } = destination;
  const unmet = when === undefined ? null : unmetPlace(when, parseExactly(real));
  return {
    run_id: id,
    source,
    delivery: parseExactly(shown),
    condition: when === undefined ? null : { met: unmet === null, place: unmet },
    targets: map === undefined ? [] : targetsOf(map, real, shown),
    ...(await requestTo(deps, destination, id, { real, shown })),
  };
}

/** What a target gets is read from what may be shown; whether it gets anything, from what there is. */
function targetsOf(map: NonNullable<Wanted["map"]>, real: string, shown: string) {
  const values = new Map(targetValues(map, parseExactly(real)).map(({ target, value }) => [target, value]));
  return targetValues(map, parseExactly(shown)).map(({ target, value }) => {
    const isEmpty = values.get(target) === undefined;
    const rule = map[target];
    return {
      target,
      value: isEmpty ? null : (value ?? null),
      is_missing: isEmpty && rule !== undefined && isRequired(rule),
    };
  });
}

function maskedDelivery(lead: ReceivedLead, body: unknown, pointers: MaskedPointers | null): string {
  return deliveryOf(
    lead,
    writeExactly(maskedLead(body, lead.reading, pointers)),
    writeExactly(maskBody(body, pointers)),
  );
}

/** What is shown is made of what may be shown; whether it can be made at all, of what there is. */
async function requestTo(
  { preview }: DestinationPreviewDeps,
  { when: _when, map, ...rest }: Destination & Wanted,
  id: string,
  { real, shown }: { readonly real: string; readonly shown: string },
) {
  const destination = { ...rest, map: map === undefined ? undefined : withoutRequired(map) };
  const previewOf = (body: string) =>
    preview(destination, { runId: id, attempt: 1, revision: null, body }, Date.now());
  const previewed = await previewOf(shown);
  if (previewed?.kind === "request") return { fault: null, request: previewed.request };
  if (previewed?.kind !== "failed" || rest.expression === undefined) return { fault: null, request: null };
  const unmasked = shown === real ? previewed : await previewOf(real);
  const isMasking = unmasked?.kind !== "failed";
  const { code, message: detail } = isMasking ? previewed.outcome : unmasked.outcome;
  return {
    fault: {
      code: code === "expression_refuses_lead" ? code : ("destination_expression" as const),
      detail,
      is_masking: isMasking,
    },
    request: null,
  };
}

function withoutRequired(map: NonNullable<Wanted["map"]>): NonNullable<Wanted["map"]> {
  return Object.fromEntries(
    Object.entries(map).map(([target, rule]) => [
      target,
      isRequired(rule) ? { ...rule, required: false } : rule,
    ]),
  );
}
