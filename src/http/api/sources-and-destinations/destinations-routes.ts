// /destinations: where leads go. Made, changed, paused, tested and removed here, unless leadledger.yaml says them.
import { testPersonText } from "../../../domain/leads/test-person.ts";
import { Type } from "typebox";
import { createPartManager } from "../../../config/managed-part.ts";
import type { PartManagerDeps } from "../../../config/managed-part.ts";
import type { DeclaredKinds } from "../../../config/declared-kind.ts";
import { destinationParts, shownDestination } from "../../../config/destination-part.ts";
import { destinationOf, secretFingerprint } from "../../../config/stored-configuration.ts";
import type { Destination } from "../../../domain/destinations/destination.ts";
import { closeCircuit, listCircuits, probeIfMended } from "../../../ledger/delivery/circuits.ts";
import type { Circuit } from "../../../ledger/delivery/circuits.ts";
import { listLimitWaits } from "../../../ledger/delivery/sending-limits.ts";
import { findSourceOfClient } from "../../../ledger/configuration/clients.ts";
import { findManagedPart } from "../../../ledger/configuration/managed-parts.ts";
import type { ManagedPart } from "../../../ledger/configuration/managed-parts.ts";
import { managedMembers, placed, refusalOf, testAnswerOf, testProblems } from "./part-answers.ts";
import type { SendTestLead } from "../../../intake/test-lead.ts";
import { nameAndEntry, orderedBody } from "./part-requests.ts";
import { partRoutes } from "./part-routes.ts";
import {
  circuitShape,
  destinationSchemas,
  partParams,
  previewShape,
  testAnswer,
  testOrder,
} from "./part-schemas.ts";
import type { DestinationItem, ShownCircuit } from "./part-schemas.ts";
import { ok, refuse, route } from "../frame/route.ts";

export interface DestinationsDeps {
  readonly kinds: DeclaredKinds;
  /** Something is due now. */
  readonly onDue: () => void;
  readonly managing: PartManagerDeps;
  readonly sendTest: SendTestLead;
  /** null: nothing connects to that kind. */
  readonly probe: (destination: Destination) => Promise<Reached | null>;
}

type Reached =
  | { readonly reachable: true; readonly address: string; readonly durationMs: number }
  | { readonly reachable: false; readonly code: string; readonly message: string };

export function destinationsRoutes({ kinds, managing, sendTest, probe, onDue }: DestinationsDeps) {
  const { database, secretBox } = managing;
  const itemOf = (
    part: ManagedPart,
    circuit: ShownCircuit,
    waits: DestinationItem["waits"],
  ): DestinationItem => {
    const destination = destinationOf(part.stored, secretBox, kinds);
    const fingerprint = (secret: string): string =>
      secretFingerprint(secretBox, `destination:${destination.name}`, secret);
    return { ...managedMembers(part), circuit, waits, ...shownDestination(destination, fingerprint, kinds) };
  };
  const itemsOf = async (parts: readonly ManagedPart[]): Promise<DestinationItem[]> => {
    const names = parts.map(({ stored }) => stored.name);
    const circuits = new Map(
      (await listCircuits(database, names)).map((circuit) => [circuit.destination, circuit]),
    );
    const waits = new Map(
      (await listLimitWaits(database, names)).map((wait) => [
        wait.destination,
        { for: wait.waits_for, until: wait.waits_until.toISOString() },
      ]),
    );
    return parts.map((part) =>
      itemOf(part, shownCircuit(circuits.get(part.stored.name)), waits.get(part.stored.name) ?? null),
    );
  };
  const schemas = destinationSchemas(kinds);
  const kind = destinationParts(kinds);
  const manager = createPartManager(kind, managing);
  return [
    ...partRoutes({
      table: "destinations",
      kind,
      notFound: "destination_not_found",
      itemsOf,
      managing,
      schemas,
      words: {
        list: "Where leads go",
        one: "One destination",
        add: "Add a destination",
        change: "Change a destination",
        remove: "Switch a destination off",
        removed:
          "Leads that had not reached it go to the DLQ with the code `destination_removed`. A source that names it in `to` must be changed first.",
        pause: "Let deliveries wait until it is resumed",
        resume: "Deliver again",
        rotated:
          "For the overlap deliveries bear a signature by each secret, side by side in `webhook-signature` (Standard Webhooks 1.0). A destination without a secret gets one.",
      },
    }),
    route(
      {
        method: "POST",
        path: "/destinations/preview",
        tag: "destinations",
        access: "configuration.write",
        summary: "Which sources would send to a destination, before it is added",
        description:
          "The body is that of `POST /destinations`, checked as there; nothing is made. Sources send to all destinations of their client, those of the future too, unless they name some.",
        body: schemas.added,
        answers: { 200: previewShape },
        problems: ["configuration_invalid", "managed_by_file", "name_taken"],
      },
      async ({ body, language }) => {
        const { name, entry } = nameAndEntry(body);
        const previewed = await manager.preview(name, entry);
        return previewed.kind === "previewed"
          ? ok({ sources: previewed.sources, warnings: placed(previewed.warnings, language) })
          : refusalOf(previewed, "destination_not_found", language);
      },
    ),
    route(
      {
        method: "POST",
        path: "/destinations/:name/test",
        tag: "destinations",
        access: "configuration.write",
        summary: "Send a test lead to this destination alone",
        description: `It bears the mark \`test\`, is counted nowhere, waits for no opening hours and uses up no limit. ${testPersonText.en}`,
        params: partParams,
        body: testOrder,
        answers: { 202: testAnswer },
        problems: ["destination_not_found", ...testProblems],
      },
      async ({ params: { name }, rawBody, principal }) => {
        const part = await findManagedPart(database, "destinations", name);
        if (part === null) return refuse("destination_not_found");
        if (!part.enabled) return refuse("part_removed");
        const { client } = part.stored.settings;
        const sourceName =
          typeof client === "string" ? await findSourceOfClient(database, client) : undefined;
        if (sourceName === null)
          return refuse("test_lead_refused", {
            reason: "this client has no source that a lead could come from",
          });
        const order = {
          source: null,
          destinations: [name],
          body: orderedBody(rawBody),
          actor: principal.actor,
        };
        return testAnswerOf(await sendTest(sourceName === undefined ? order : { ...order, sourceName }));
      },
    ),
    route(
      {
        method: "POST",
        path: "/destinations/:name/try-now",
        tag: "destinations",
        access: "dlq.work",
        summary: "Send to it again at once, although it is left alone",
        description:
          "Closes its circuit: what waits for it is due, slowly at first. If it asks for a pause again it gets one. Does nothing where it is not left alone.",
        params: partParams,
        answers: { 200: circuitShape },
        problems: ["destination_not_found", "part_removed"],
      },
      async ({ params: { name }, principal }) => {
        const part = await findManagedPart(database, "destinations", name);
        if (part === null) return refuse("destination_not_found");
        if (!part.enabled) return refuse("part_removed");
        const circuit = await closeCircuit(database, principal.actor, name);
        onDue();
        return ok(shownCircuit(circuit ?? undefined));
      },
    ),
    route(
      {
        method: "POST",
        path: "/destinations/:name/probe",
        tag: "destinations",
        access: "configuration.write",
        summary: "Whether a connection can be made; nothing is sent",
        description:
          "Where credentials or settings were at fault and it can be reached, one of the leads that wait may try at once; when it arrives, all follow.",
        params: partParams,
        answers: {
          200: Type.Object({
            reachable: Type.Boolean(),
            address: Type.Optional(Type.String({ description: "That was connected to." })),
            duration_ms: Type.Optional(Type.Integer()),
            error_code: Type.Optional(Type.String()),
            message: Type.Optional(Type.String()),
          }),
        },
        problems: ["destination_not_found", "part_removed", "destination_external"],
      },
      async ({ params: { name }, principal }) => {
        const part = await findManagedPart(database, "destinations", name);
        if (part === null) return refuse("destination_not_found");
        if (!part.enabled) return refuse("part_removed");
        const reached = await probe(destinationOf(part.stored, secretBox, kinds));
        if (reached === null) return refuse("destination_external");
        if (!reached.reachable) {
          return ok({ reachable: false, error_code: reached.code, message: reached.message });
        }
        if (await probeIfMended(database, principal.actor, name)) onDue();
        return ok({ reachable: true, address: reached.address, duration_ms: reached.durationMs });
      },
    ),
  ];
}

/** undefined: it never was left alone. */
function shownCircuit(circuit: Circuit | undefined): ShownCircuit {
  if (circuit === undefined || circuit.state === "closed")
    return {
      state: "closed",
      reason: null,
      message: null,
      opened_at: null,
      failures: null,
      next_probe_at: null,
    };
  const { state, reason, message, opened_at, next_probe_at } = circuit;
  const { failed_attempts: failed, counted_attempts: of } = circuit;
  const failures = failed === null || of === null ? null : { failed, of };
  return { state, reason, message, opened_at, failures, next_probe_at };
}
