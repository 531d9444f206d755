// Test leads: what the test button sends. They go the way of every lead (reading, key, schema, one transaction, delivery)
// but bear a mark, are counted nowhere, and are refused instead of kept where the source would not take them.
import { randomUUID } from "node:crypto";
import { withValueAtPointer } from "../domain/values/json-pointer.ts";
import { clientIn, destinationsOfSource } from "../domain/clients/client.ts";
import type { Log } from "../domain/node/log.ts";
import { refusal } from "../domain/leads/refusal.ts";
import { testPerson } from "../domain/leads/test-person.ts";
import type { LeadReading } from "../domain/leads/lead-reading.ts";
import { openSource } from "../domain/sources/source.ts";
import type { Source } from "../domain/sources/source.ts";
import { appendAuditEvents } from "../ledger/log/audit-events.ts";
import { readConfiguration } from "../ledger/configuration/configuration.ts";
import type { StoredConfiguration } from "../ledger/configuration/configuration.ts";
import { createDatabaseCircuit } from "../ledger/connection/database-circuit.ts";
import { readDatabaseTime } from "../ledger/connection/database-clock.ts";
import type { Actor, Database } from "../ledger/connection/database.ts";
import { createIntakeCommit } from "../ledger/intake/intake-commit.ts";
import { arrivalOf, faultOf, leadOf, refusedOf, testLeadOf, sha256Of } from "./arrival.ts";
import { compileStoredSchema } from "./body-schema.ts";
import { idempotencyKey } from "./idempotency-key.ts";
import { readJsonBody } from "../bodies/json-body.ts";
import type { PersonIndex } from "./person-index.ts";
import { createLeadRecorder } from "./record-lead.ts";
import type { LeadRecorder, NotRecorded } from "./record-lead.ts";

export interface TestLeadOrder {
  /** null: to see whether a destination takes leads, from no source in particular. */
  readonly source: Source | null;
  /** Then: whose name it bears, because a client's destination gets leads of its own sources alone; absent: `test`. */
  readonly sourceName?: string;
  /** null: all of the source's client. */
  readonly destinations: readonly string[] | null;
  /** JSON text; null: a lead of our own that fits the source's key and person. */
  readonly body: string | null;
  /** Who wants it. */
  readonly actor: Actor;
}

export interface SentTestLead {
  readonly answer: TestLeadAnswer;
  /** Those of the order that there are. */
  readonly destinations: readonly string[];
}

export type SendTestLead = (order: TestLeadOrder) => Promise<SentTestLead>;

export type TestLeadAnswer =
  | { readonly kind: "recorded"; readonly runId: string }
  /** Nothing was recorded; the message names place and rule, never a value. */
  | { readonly kind: "refused"; readonly message: string }
  | { readonly kind: "too_large"; readonly limitBytes: number }
  | NotRecorded;

/** The source of test leads for one destination alone. */
const testSourceName = "test";

export interface TestLeadDeps {
  readonly database: Database;
  readonly persons: PersonIndex;
  readonly readingOf: (source: Source) => LeadReading;
  /** Of a node; null: leads go into the ledger from here, and whichever node runs delivers them. */
  readonly recorder: LeadRecorder | null;
  readonly node: string;
  readonly log: Log;
}

/** What the test button does: by the configuration that stands in the database at this moment. */
export function createTestLeads(deps: TestLeadDeps): SendTestLead {
  const { database, persons } = deps;
  const recorder = deps.recorder ?? recorderOfOurOwn(deps);
  return async (order) => {
    const destinations = destinationsOf(order, await readConfiguration(database));
    const answer = await take(order, destinations, await readDatabaseTime(database));
    if (answer.kind === "recorded") {
      const { source, actor } = order;
      const payload = { run_id: answer.runId, source: source?.name ?? null, destinations };
      await appendAuditEvents(database, actor, [{ type: "test_lead_sent", payload }]);
    }
    return { answer, destinations };
  };

  async function take(
    order: TestLeadOrder,
    destinations: readonly string[],
    receivedAt: Date,
  ): Promise<TestLeadAnswer> {
    const source = order.source ?? openSource(order.sourceName ?? testSourceName);
    const ownKey = `test-${randomUUID()}`;
    const rawBody = Buffer.from(order.body ?? JSON.stringify(exampleLead(source, ownKey)));
    if (rawBody.length > source.bodyLimitBytes)
      return { kind: "too_large", limitBytes: source.bodyLimitBytes };
    const read = readJsonBody(rawBody);
    if (read.kind === "unreadable") return { kind: "refused", message: read.message };
    const key = idempotencyKey(source, { "idempotency-key": ownKey }, read, rawBody);
    const validate = source.schema === null ? null : compileStoredSchema(source.schema);
    const fault = faultOf({ source, validate }, key, read);
    if (fault !== null) return { kind: "refused", message: fault.message };
    // A key of its own, whatever the body holds: a test is never taken for a lead that was here before, nor a lead for it.
    const arrival = arrivalOf(source, { kind: "key", key: ownKey }, receivedAt.getTime());
    const lead = testLeadOf(
      leadOf(
        // Each member of a group, too: a test is to show that all of them can be reached, and takes nobody's turn.
        { source, destinations, groups: [], reading: deps.readingOf(source) },
        arrival,
        read,
        sha256Of(rawBody),
        persons,
      ),
      order.actor,
    );
    const recorded = await recorder.record(lead, (code, message) =>
      refusedOf(arrival, refusal(code, message), null, rawBody, "application/json"),
    );
    return recorded.kind === "recorded" ? { kind: "recorded", runId: lead.runId } : recorded;
  }
}

/** A source sends to nobody but its own client's. */
function destinationsOf(
  { source, destinations: wanted }: TestLeadOrder,
  { destinations }: StoredConfiguration,
): readonly string[] {
  const there = destinations.map(({ name, settings }) => {
    const client = clientIn(settings);
    return client === null ? { name } : { name, client };
  });
  const own = source === null ? there : destinationsOfSource({ client: source.client, to: wanted }, there);
  return own.map(({ name }) => name).filter((name) => wanted === null || wanted.includes(name));
}

/** Nothing is sent from here, so nothing is leased. */
function recorderOfOurOwn({ database, node, log }: TestLeadDeps): LeadRecorder {
  const lease = { node, leaseMs: 0 };
  return createLeadRecorder({
    database,
    lease,
    log,
    spool: null,
    databaseCircuit: createDatabaseCircuit({ database, isThere: true, log }),
    newLeads: createIntakeCommit(database, lease),
    reserve: () => null,
    onWaiting: () => undefined,
    monotonicMs: () => performance.now(),
  });
}

const example = {
  vorname: testPerson.firstName,
  nachname: testPerson.lastName,
  firma: "Musterbau GmbH",
  email: testPerson.email,
  telefon: testPerson.phone,
  strasse: "Musterstraße 12",
  plz: "10115",
  ort: "Berlin",
  nachricht: "Testlead von LeadLedger. Bitte nicht bearbeiten.",
};

function exampleLead({ key, person }: Source, ownKey: string): Readonly<Record<string, unknown>> {
  const members: readonly (readonly [string | null | undefined, string])[] = [
    [person?.email, example.email],
    [person?.phone, example.telefon],
    [key.kind === "pointer" ? key.pointer : null, ownKey],
  ];
  return members.reduce<Readonly<Record<string, unknown>>>(
    (lead, [pointer, value]) =>
      typeof pointer === "string" ? withValueAtPointer(lead, pointer, value) : lead,
    example,
  );
}
