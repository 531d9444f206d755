// How GET /overview looks: figures of today, the stock of entries, and alarms as codes with their parameters.
import { Type } from "typebox";
import type { Static } from "typebox";
import { silenceReasons } from "../../../domain/figures/dead-mans-switch.ts";
import type { SilenceReason } from "../../../domain/figures/dead-mans-switch.ts";
import { dlqKinds } from "../../../domain/leads/run.ts";
import { slaRisks } from "../../../domain/figures/sla-kinds.ts";
import { slaMeasures } from "../../../domain/figures/sla-kinds.ts";
import { day } from "./kpi-filter.ts";
import { nullable, oneOf, timestamp } from "../frame/schemas.ts";

const count = (description: string) => Type.Integer({ description });
const source = Type.String({
  description: "Name of the source; where there is none of this name, as the sender wrote it, masked.",
});
const destination = Type.String({ description: "Name of the destination." });
const node = Type.String({ description: "Host and port of the node." });
const errorCode = Type.String({ description: "As a stable code of the error catalogue." });
const anyErrorCode = nullable(Type.String({ description: "As a stable code; null: it has none." }));
const error = Type.Literal("error");
const warning = Type.Literal("warning");

const alarms = [
  Type.Object(
    { code: Type.Literal("no_node_runs"), severity: error },
    { description: "No node does the leader's tasks: figures stand still, operations too." },
  ),
  Type.Object(
    {
      code: Type.Literal("database_went_back"),
      severity: error,
      setback_id: Type.Integer({ description: "For whoever acknowledges it." }),
      node: Type.String({ description: "The node that noticed it." }),
      noticed_at: timestamp("When it was noticed."),
      since: nullable(timestamp("What came after this is missing; null: nothing of before is left.")),
      until: timestamp("Until then the database was written to."),
      events_max: nullable(count("Events that are missing at most; null: single leads only.")),
      leads_missing: nullable(
        count("Of the leads that this node confirmed in the seconds before; null: it remembers none."),
      ),
    },
    {
      description:
        "The database no longer has what it had before: a backup was restored, or a standby took over that did not have everything. Open until somebody acknowledges it.",
    },
  ),
  Type.Object(
    {
      code: Type.Literal("requests_denied"),
      severity: oneOf(["error", "warning"]),
      source,
      is_configured: Type.Boolean({ description: "Whether there is a source of this name." }),
      error_code: errorCode,
      count: count("Requests of the last 24 hours, to the hour."),
      first_at: timestamp("The first of them."),
      last_at: timestamp("The last of them."),
    },
    {
      description:
        "Requests were turned away, for whatever reason: `error_code` says which. They became no leads; whoever sent them still has them, if anybody. error: of a source that there is, within the last hour, and not by a limit that passes by itself.",
    },
  ),
  Type.Object(
    {
      code: Type.Literal("source_secrets_expired"),
      severity: error,
      source,
      since: timestamp("When the last of them ended."),
      managed_by: oneOf(["file", "api"], "Where a new one is entered: leadledger.yaml, or here."),
    },
    { description: "All secrets of a source have expired: its leads are turned away with 401." },
  ),
  Type.Object(
    {
      code: Type.Literal("delivered_to_nobody"),
      severity: error,
      source,
      count: count("Leads received on that day or since."),
      since_day: Type.String({
        format: "date",
        description: "The first day with such leads: yesterday or today, in the reporting time zone.",
      }),
    },
    { description: "Leads were received for which no destination was set, so nobody got them." },
  ),
  Type.Object(
    {
      code: Type.Literal("deliveries_overdue"),
      severity: error,
      destination,
      count: count("Deliveries that are due for more than five minutes; 10,000 are counted at most."),
      since: timestamp("When the first of them was due."),
    },
    { description: "Leads that should have been sent to a destination are not." },
  ),
  Type.Object(
    {
      code: Type.Literal("entries_need_decision"),
      severity: error,
      count: count("DLQ entries that wait for a person, all together."),
      largest: Type.Object(
        {
          kind: oneOf(dlqKinds),
          destination: nullable(destination),
          source: nullable(Type.String({ description: "Only where there is no destination." })),
          error_code: anyErrorCode,
          count: count("Entries of this cause that wait for a person."),
        },
        { description: "The cause that most of them have; GET /dlq/groups lists all." },
      ),
    },
    { description: "DLQ entries are not tried again until a person decides." },
  ),
  Type.Object(
    {
      code: Type.Literal("destination_failing"),
      severity: warning,
      destination,
      error_code: anyErrorCode,
      count: count("Entries of this cause that are tried again by themselves."),
      since: timestamp("When the first of them was created."),
      next_retry_at: nullable(timestamp("The earliest automatic attempt.")),
    },
    {
      description:
        "Leads did not get to a destination and are tried again; the cause that most of them have.",
    },
  ),
  Type.Object(
    {
      code: Type.Literal("deliveries_stopped"),
      severity: error,
      by: Type.String({ description: "Who stopped them, as an actor of the audit log." }),
      reason: nullable(Type.String({ description: "Why, in that person's words." })),
      since: timestamp("Since when."),
    },
    { description: "Somebody stopped all deliveries: leads are taken and wait." },
  ),
  Type.Object(
    {
      code: Type.Literal("destination_left_alone"),
      severity: oneOf(["error", "warning"]),
      destination,
      error_code: errorCode,
      since: timestamp("Since when nothing is sent to it."),
      next_probe_at: timestamp("From when on one lead may try; in the past: with the next lead."),
      waiting: count("Deliveries that wait; 10,000 are counted at most."),
    },
    {
      description:
        "A destination asked to wait, refuses the credentials (`destination_auth`) or is set up wrongly (`destination_configuration`, `destination_expression`, all severity error), and is left alone as a whole.",
    },
  ),
  Type.Object(
    {
      code: Type.Literal("destination_paused"),
      severity: warning,
      destination,
      waiting: count("Deliveries that wait; 10,000 are counted at most."),
    },
    { description: "A destination is paused and leads wait for it." },
  ),
  Type.Object(
    {
      code: Type.Literal("leads_incomplete"),
      severity: oneOf(["error", "warning"]),
      source,
      error_code: nullable(Type.String({ description: "How the last attempt ended; null: none has ended." })),
      count: count("Leads."),
      since: timestamp("When the first of them came."),
    },
    {
      description:
        "Leads that came as ids, whose data have not been fetched. error: a person has to do something; warning: for more than 15 minutes.",
    },
  ),
  Type.Object(
    {
      code: Type.Literal("source_silent"),
      severity: Type.Literal("error"),
      source,
      since: timestamp("Its last lead."),
      missed: nullable(
        Type.Number({
          description:
            "Leads that it should have brought until it was noticed; null: it is judged by a fixed time.",
        }),
      ),
    },
    { description: "Nothing comes of a source, although its rhythm says that something should have." },
  ),
  Type.Object(
    {
      code: Type.Literal("all_sources_silent"),
      severity: Type.Literal("error"),
      since: timestamp("The last lead of any of them."),
    },
    { description: "All sources are silent at once: perhaps the installation cannot be reached." },
  ),
  Type.Object(
    {
      code: Type.Literal("heartbeat_missing"),
      severity: Type.Literal("error"),
      source,
      due_at: timestamp("When a test lead was due."),
      last_at: nullable(timestamp("The last that came and was processed; null: none was.")),
      trouble: nullable(
        Type.String({ description: "What kept ours from being accepted; null: nothing did." }),
      ),
    },
    { description: "A source's regular test lead did not come, or was not processed." },
  ),
  Type.Object(
    {
      code: Type.Literal("leads_held_for_decision"),
      severity: oneOf(["error", "warning"]),
      source,
      count: count("Leads; 10,000 deliveries are counted at most."),
      since: timestamp("When the first of them came."),
    },
    {
      description:
        "Leads are held because an earlier one is of the same person, until somebody releases or withdraws them. error: the first for more than a day.",
    },
  ),
  Type.Object(
    { code: Type.Literal("source_paused"), severity: warning, source },
    {
      description:
        "A source is paused with `refuse`: its senders get 503; what they do not send again is lost.",
    },
  ),
  Type.Object(
    {
      code: Type.Literal("sla_at_risk"),
      severity: oneOf(["error", "warning"]),
      sla: Type.String({ description: "The service level's name." }),
      label: Type.String({ description: "What people call it." }),
      measure: oneOf(slaMeasures),
      source: nullable(source),
      destination: nullable(destination),
      risk: oneOf(
        slaRisks,
        "burning: the month's budget is spent too fast | misses: more misses in a day than chance explains | age: an entry is too old, or soon will be | month: the month has missed it",
      ),
      since: timestamp("Since when."),
      target_share: Type.Number({ description: "What was agreed: 0.99 is 99 %." }),
      within_ms: nullable(count("The time that was agreed; null: none.")),
      decided: count("Leads decided within the last day of the target's time."),
      missed: count("Of these: missed."),
      burn_rate: nullable(Type.Number({ description: "How many times too fast the budget is spent." })),
      oldest_ms: nullable(count("Of age: how old the oldest open entry is.")),
    },
    { description: "What was agreed about leads is not kept, or soon will not be." },
  ),
  Type.Object(
    {
      code: Type.Literal("source_held"),
      severity: oneOf(["error", "warning"]),
      source,
      held: count("Deliveries that wait for it to go on; 10,000 are counted at most."),
      held_since: nullable(timestamp("When the first of them was made; null: none waits.")),
    },
    {
      description:
        "A source is paused: its leads are taken and held until it goes on. error: the first has been held for more than a day.",
    },
  ),
  Type.Object(
    {
      code: Type.Literal("node_gone"),
      severity: oneOf(["error", "warning"]),
      node,
      since: timestamp("When it was last heard of."),
      spooled: count("Requests that waited on its disk then."),
    },
    {
      description:
        "A node ran and is gone without having said that it stops; until it is back, or for a week. error: leads wait on its disk.",
    },
  ),
  Type.Object(
    {
      code: Type.Literal("spool_in_use"),
      severity: oneOf(["error", "warning"]),
      node,
      records: count("Requests that wait."),
      since: timestamp("Since when the first of them waits."),
    },
    {
      description:
        "Leads wait on the disk of a node although the database is there. error: for a quarter of an hour.",
    },
  ),
  Type.Object(
    {
      code: Type.Literal("disk_nearly_full"),
      severity: oneOf(["error", "warning"]),
      node,
      place: oneOf(
        ["data", "spool"],
        "data: the data folder, with the embedded database; spool: where leads wait while the database is away, if that is another disk.",
      ),
      free_bytes: count("What is free."),
      total_bytes: count("Of so much."),
    },
    { description: "The disk of a node is nearly full. error: very nearly." },
  ),
  Type.Object(
    {
      code: Type.Literal("clock_off"),
      severity: oneOf(["error", "warning"]),
      node,
      offset_ms: count("The clock of the node's machine minus that of the database."),
    },
    {
      description:
        "The clock of a node and that of the database differ by five seconds or more. error: by a minute.",
    },
  ),
  Type.Object(
    {
      code: Type.Literal("configuration_broken"),
      severity: error,
      node,
      since: timestamp("When it was noticed."),
      reason: oneOf(
        ["unreadable", "refused"],
        "unreadable: the file was changed and does not load, so the next start will fail; refused: at the start it would have switched off what it must not, or mixed up clients.",
      ),
      file: Type.String({ description: "Its name, without the folder." }),
      line: nullable(
        Type.Integer({ description: "Of the first problem; null: it is about the whole file." }),
      ),
      problem_code: nullable(Type.String({ description: "Of the first problem; null with `refused`." })),
    },
    { description: "A node goes by an older configuration than leadledger.yaml says." },
  ),
  Type.Object(
    {
      code: Type.Literal("database_was_away"),
      severity: warning,
      since: timestamp("When the first node lost it."),
      until: timestamp("When the last node had it back."),
      nodes: Type.Unsafe<readonly string[]>({
        type: "array",
        items: { type: "string" },
        description: "The nodes that were without it.",
      }),
    },
    {
      description: "Within the last hour the database was away; leads that came meanwhile were kept on disk.",
    },
  ),
  Type.Object(
    {
      code: Type.Literal("credentials_expire"),
      severity: oneOf(["error", "warning"]),
      of: oneOf(["source", "destination", "api_key", "certificate"], "Whose; a certificate is a node's."),
      name: Type.String({ description: "Of the source, destination or key; of a certificate the node." }),
      expires_at: timestamp("When they end."),
      is_over: Type.Boolean({ description: "Whether they have ended; told for a week." }),
      managed_by: nullable(
        oneOf(["file", "api"], "Where a source or destination is changed; null: it is neither."),
      ),
    },
    {
      description:
        "Credentials end within 14 days, or have ended. Of a source: the last of its secrets. error: within three days.",
    },
  ),
  Type.Object(
    {
      code: Type.Literal("dead_mans_switch_silent"),
      severity: error,
      since: timestamp("Since when it has not been called."),
      reasons: Type.Unsafe<readonly SilenceReason[]>({
        type: "array",
        items: oneOf(silenceReasons),
        description:
          "What does not work: taking leads, a commit, sending; or somebody stopped all deliveries; `address`: all works, but the address did not take the call.",
      }),
    },
    { description: "The address that is called while all works is not called." },
  ),
  Type.Object(
    {
      code: Type.Literal("postgresql_unsafe"),
      severity: warning,
      version: Type.String({ description: "Of the server: 18.4." }),
      fixed_in: Type.String({ description: "The release in which all known faults are mended." }),
      known_since: Type.String({ format: "date", description: "When the first of them became known." }),
      is_embedded: Type.Boolean({
        description: "Whether it is the server that comes with LeadLedger, and is updated with it.",
      }),
    },
    { description: "The PostgreSQL server is of a release with known security faults." },
  ),
] as const;

export const alarm = Type.Union([...alarms], {
  description: "What somebody should look at now, told apart by `code`.",
});
const failedPart = (description: string) =>
  nullable(count(`${description} null: too many have failed today to look at each.`));

const today = Type.Object(
  {
    received: count("Leads received today. All other figures are about these, as they stand now."),
    delivered: count("Delivered to all their destinations."),
    being_delivered: count("A delivery has not ended yet."),
    failed: count("Failed: the sum of the next three."),
    retrying: failedPart("Tried again by themselves."),
    need_decision: failedPart("Wait for a person."),
    given_up: failedPart("Given up or discarded by a person."),
    resolved_by_hand: count("A person resolved what had failed."),
    withdrawn: count("A delivery that waited was withdrawn."),
    no_destination: count("Delivered to nobody: no destination was set."),
    unfinished: failedPart(
      "Neither arrived nor given up: being delivered, retrying, or waiting for a person.",
    ),
    success_rate: nullable(
      Type.Number({
        description:
          "From 0 to 1: delivered or resolved by hand, of the finished ones that were not withdrawn; null: there is none, or too many have failed to look at each.",
      }),
    ),
    avg_processing_ms: nullable(
      Type.Integer({ description: "From receiving to the end of processing; null while none is processed." }),
    ),
  },
  { description: "Without test leads." },
);

export const overview = Type.Object({
  timezone: Type.String({ description: "The reporting time zone." }),
  day,
  today,
  dlq: Type.Object(
    {
      open: count("Entries that are open or being tried."),
      retrying: count("Of these: tried again by themselves."),
      need_decision: count("Of these: wait for a person."),
    },
    { description: "All entries at this moment, whenever they were created." },
  ),
  alarms: Type.Array(alarm, { description: "The worst first; of one code 20 at most." }),
});
export type Overview = Static<typeof overview>;
