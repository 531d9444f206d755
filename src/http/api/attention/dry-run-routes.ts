// What would be sent of a DLQ entry, as it is or with another body; nothing is sent.
import { Type } from "typebox";
import type { Static } from "typebox";
import { deliveryBody } from "../../../domain/destinations/delivery-body.ts";
import type { Destination } from "../../../domain/destinations/destination.ts";
import { decideEdit, obstacleToSending } from "../../../domain/attention/entry-actions.ts";
import { fromStored } from "../../../config/stored-configuration.ts";
import { readConfiguration } from "../../../ledger/configuration/configuration.ts";
import type { Previewed, PreviewRequest } from "../../../kinds/destinations/preview.ts";
import { asStored, readNextAttempt } from "../../../ledger/attention/next-attempt.ts";
import type { NextAttempt } from "../../../ledger/attention/next-attempt.ts";
import { createLeadReadings } from "../../../kinds/sources/lead-readings.ts";
import { readSourceReadings } from "../../../ledger/leads/source-readings.ts";
import { readAndRecordShown } from "../../../ledger/leads/person-data-shown.ts";
import { reopening, sending } from "./dlq-action-routes.ts";
import type { DlqActionDeps } from "./dlq-action-routes.ts";
import { readEditedLead } from "./edited-lead.ts";
import { ok, refuse, route } from "../frame/route.ts";
import { closed, dlqId, nullable, oneOf } from "../frame/schemas.ts";

const params = Type.Object({ dlq_id: dlqId });
const maskedText =
  "Values of configured headers, of the URL's query and what looks like a token in its path are masked; the signature is the one that would be sent at this second.";

export const requestShape = Type.Object({
  method: Type.String(),
  url: Type.String(),
  headers: Type.Record(Type.String(), Type.String()),
  body: Type.String({ description: "To the byte." }),
});

const notSent = Type.Object(
  {
    code: oneOf(["condition_not_met", "field_missing", "expression_failed"]),
    detail: Type.String({
      description: "The part of `when` that is not met, `when.all[1]`; or what lacks, as a sentence.",
    }),
  },
  { description: "Why nothing would be sent of this lead; absent: something would." },
);

const editDryRun = Type.Object({
  deliveries: Type.Array(
    Type.Object({
      destination: Type.String(),
      request: nullable(requestShape),
      not_sent: Type.Optional(notSent),
    }),
    {
      description:
        "One per destination; without a request where nothing would be sent, or where a worker of one's own takes leads up. Empty: the lead would go nowhere.",
    },
  ),
});
export type EditDryRun = Static<typeof editDryRun>;

export interface DryRunDeps extends DlqActionDeps {
  readonly preview: PreviewRequest;
}

export function dryRunRoutes(deps: DryRunDeps) {
  const { database } = deps;
  return [
    route(
      {
        method: "POST",
        path: "/dlq/:dlq_id/dry-run",
        summary: "The exact request that the destination would get",
        description: `Nothing is sent, and no attempt is recorded; that the lead was shown in full is (\`person_data_shown\`). ${maskedText}`,
        tag: "dlq",
        access: "dlq.work",
        params,
        answers: { 200: requestShape },
        problems: [
          "dlq_entry_unknown",
          ...sending,
          "entry_without_body",
          "condition_not_met",
          "field_missing",
          "expression_failed",
        ] as const,
      },
      async ({ params: { dlq_id: id }, principal }) => {
        const entry = await readNextAttempt(database, id);
        if (entry === null) return refuse("dlq_entry_unknown");
        const obstacle = obstacleToSending(entry);
        if (obstacle !== null) return refuse(obstacle, { dlq_id: id });
        const [destination] = await destinationsNamed(deps, [entry.destination ?? ""]);
        const previewed = await requestTo(deps, destination, entry, entry.body);
        if (previewed === null)
          return refuse(destination === undefined ? "destination_removed" : "entry_without_body", {
            dlq_id: id,
          });
        const why = whyNotSent(previewed);
        if (previewed.kind !== "request")
          return refuse(why?.code ?? "entry_without_body", { dlq_id: id, reason: why?.detail ?? "" });
        // The lead is shown in full.
        await readAndRecordShown(
          database,
          principal.actor,
          () => Promise.resolve(entry),
          () => ({ runId: entry.run_id, dlqId: id }),
        );
        return ok(previewed.request);
      },
    ),
    route(
      {
        method: "POST",
        path: "/dlq/:dlq_id/edit/dry-run",
        summary: "What editing an entry would send, and where",
        description: `The body is judged as an edit would judge it; nothing is changed or sent. ${maskedText}`,
        tag: "dlq",
        access: "dlq.work",
        params,
        body: Type.Object({ body: Type.Record(Type.String(), Type.Unknown()) }, closed),
        answers: {
          200: editDryRun,
        },
        problems: [
          ...["dlq_entry_unknown", "entry_closed", "entry_being_tried", "edit_invalid"],
          ...["source_removed", ...sending, ...reopening],
        ] as const,
      },
      async ({ params: { dlq_id: id }, rawBody, language }) => {
        const entry = await readNextAttempt(database, id);
        if (entry === null) return refuse("dlq_entry_unknown");
        const decision = decideEdit(entry);
        if (decision.kind === "obstacle")
          return refuse(decision.obstacle, { dlq_id: entry.reopened_by ?? id });
        const read = await readEditedLead(deps, entry.source ?? "", rawBody, language);
        if (!read.ok) return read.refused;
        const names = decision.kind === "correct" ? read.lead.destinations : [entry.destination ?? ""];
        const leadJson = await asStored(database, read.lead.bodyJson);
        const destinations = await destinationsNamed(deps, names);
        const deliveries = destinations.map(async (destination) => ({
          destination: destination.name,
          ...shownOf(await requestTo(deps, destination, entry, leadJson)),
        }));
        return ok({ deliveries: await Promise.all(deliveries) });
      },
    ),
  ];
}

/** null: nothing is sent there. */
async function requestTo(
  { preview, database, kinds }: DryRunDeps,
  destination: Destination | undefined,
  {
    run_id: runId,
    source,
    received_at: receivedAt,
    revision,
    same_person: samePerson,
    now_ms: nowMs,
  }: NextAttempt,
  leadJson: string | null,
): Promise<Previewed | null> {
  if (destination === undefined) return null;
  if (runId === null || source === null || receivedAt === null || leadJson === null) return null;
  const reading = createLeadReadings(kinds.sources, await readSourceReadings(database)).of(source);
  const body = deliveryBody({ runId, source, receivedAt, revision, leadJson, reading, samePerson });
  return preview(destination, { runId, attempt: 1, revision, body }, nowMs);
}

const expressionCodes: ReadonlySet<string> = new Set(["destination_expression", "expression_refuses_lead"]);

type NotSent = Static<typeof notSent>;

/** null: something would be sent. */
function whyNotSent(previewed: Previewed): NotSent | null {
  switch (previewed.kind) {
    case "request":
      return null;
    case "skip":
      return { code: "condition_not_met", detail: previewed.place };
    case "failed":
      return {
        code: expressionCodes.has(previewed.outcome.code) ? "expression_failed" : "field_missing",
        detail: previewed.outcome.message,
      };
  }
}

function shownOf(previewed: Previewed | null) {
  const why = previewed === null ? null : whyNotSent(previewed);
  return {
    request: previewed?.kind === "request" ? previewed.request : null,
    ...(why === null ? {} : { not_sent: why }),
  };
}

async function destinationsNamed(
  { database, secretBox, kinds }: DlqActionDeps,
  names: readonly string[],
): Promise<readonly Destination[]> {
  const { destinations } = await readConfiguration(database);
  const stored = { sources: [], destinations: destinations.filter((part) => names.includes(part.name)) };
  return fromStored(stored, secretBox, kinds).destinations;
}
