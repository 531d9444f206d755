// Runs, DLQ entries and audit events as the API's answers show them.
import { Type } from "typebox";
import type { Static } from "typebox";
import { heldReasons } from "../../../domain/destinations/held.ts";
import { leadSigns } from "../../../domain/destinations/receipt-words.ts";
import { viewingWays } from "../../../ledger/leads/lead-viewers.ts";
import { dlqKinds, dlqStatuses, runOutcomes, runStatuses } from "../../../domain/leads/run.ts";
import { dlqId, nullable, oneOf, runId, timestamp } from "../frame/schemas.ts";

const text = (description: string) => Type.String({ description });

export const runMembers = {
  run_id: runId,
  idempotency_key: text("What makes a repeated lead recognisable; masked where it holds an address."),
  source: text("Who sent it."),
  received_at: timestamp("When it arrived."),
  status: oneOf(
    runStatuses,
    "accepted: a delivery has not ended; processed: final; failed: see error_code, and next_retry_at for whether it heals itself.",
  ),
  error_code: nullable(text("Why it failed, as a stable code.")),
  error_message: nullable(text("Why it failed, in words.")),
  processed_at: nullable(timestamp("When it became processed.")),
  outcome: nullable(
    oneOf(
      runOutcomes,
      "How it was processed; withdrawn: a delivery that waited was ended; no_destination: nobody got this lead.",
    ),
  ),
  refused: Type.Boolean({ description: "Its payload could not be read, and no corrected one has come." }),
  test: Type.Boolean({ description: "A marked test lead: delivered, never counted." }),
  next_retry_at: nullable(
    timestamp("Of a failed lead: the earliest automatic attempt; null: none is planned."),
  ),
  open_entries: Type.Integer({ description: "Of a failed lead: DLQ entries that are open or retrying." }),
  needs_decision: Type.Boolean({ description: "Of a failed lead: an entry waits for a person." }),
  given_up: Type.Boolean({ description: "Of a failed lead: an entry was given up and not tried again." }),
  other_open_entries: Type.Integer({
    description:
      "DLQ entries that are open or retrying and do not decide the lead's state: other data under its key, a later replay, one made by hand. A delivered lead can have some.",
  }),
  is_held: Type.Boolean({
    description:
      "Of an accepted lead: a delivery is held, because its source is paused or its data must be fetched first.",
  }),
  signs: Type.Array(oneOf(leadSigns), {
    description:
      "What is to know of its deliveries that arrived. unproven: the destination would say the same if it threw the lead away; maybe_twice: an earlier attempt may have made a record as well; known_person: the destination had the person and stored nothing of the new enquiry; warning: not all of it arrived as it was sent. `deliveries[]` says of which.",
  }),
};

export const runItem = Type.Object(runMembers);
export type RunItem = Static<typeof runItem>;

export const entryMembers = {
  dlq_id: dlqId,
  run_id: nullable(runId),
  reason: text("What went wrong, in words."),
  retry_count: Type.Integer({ description: "Attempts made from the DLQ." }),
  next_retry_at: nullable(timestamp("null: it waits for a person, or is closed.")),
  status: oneOf(dlqStatuses, "open: waits; retrying: is being attempted; resolved and dead are final."),
  kind: oneOf(
    dlqKinds,
    "delivery: could not be delivered; refused: unreadable payload; conflict: key reused with another body; replay: a later extra delivery; manual: made by hand.",
  ),
  destination: nullable(text("Where it could not be delivered.")),
  source: nullable(text("Where the payload came from.")),
  error_code: nullable(text("What went wrong, as a stable code.")),
  resolution: nullable(text("How it was resolved.")),
  note: nullable(text("What a person noted.")),
  reopened_from: nullable(Type.Integer({ description: "The closed entry that this one tries again." })),
  created_at: timestamp("Since when."),
  closed_at: nullable(timestamp("When it was resolved or given up.")),
};

export const entryItem = Type.Object(entryMembers);
export type EntryItem = Static<typeof entryItem>;

/** Bodies are whatever senders send. */
export const anything = Type.Unknown({
  description: "Person data is masked unless it is asked for and allowed.",
});

export const entryWithPayload = Type.Object({ ...entryMembers, payload: anything });
export type EntryWithPayload = Static<typeof entryWithPayload>;

const obstacle = (action: string) =>
  nullable(text(`Why it cannot be ${action}, as a code of an error; null: it can.`));

/** An entry by itself. */
export const shownEntry = Type.Object({
  ...entryMembers,
  payload: anything,
  obstacles: Type.Object(
    {
      retry: obstacle("delivered again"),
      edit: obstacle("edited"),
      close: obstacle("settled or given up"),
      take_in: obstacle("taken in as a lead of its own"),
      deliver_change: obstacle("delivered as a change of its lead"),
    },
    { description: "What can be done to it now, whatever the caller's role." },
  ),
});
export type ShownEntry = Static<typeof shownEntry>;

export const auditEvent = Type.Object({
  event_id: Type.Integer({
    description: "Unique; by it lists are ordered. A run's own order is that of event_time.",
  }),
  run_id: nullable(runId),
  event_time: timestamp("With microseconds."),
  event_type: text("`lead_received`, `delivery_failed`, `dlq_created`, …"),
  actor: text("`webhook`, `system`, `delivery`, `cli:<os user>`, `user:<id>`, `key:<id>`, `db:<role>`."),
  actor_name: nullable(text("Of a user or an API key: what they are called.")),
  payload: anything,
});
const vocabularyText = nullable(Type.String());
const texts = Type.Record(Type.String(), Type.String());

/** A lead in the vocabulary, as destinations get it beside the original. */
export const vocabularyLead = Type.Object({
  salutation: vocabularyText,
  title: nullable(text("Dr., Prof.")),
  first_name: vocabularyText,
  last_name: vocabularyText,
  name: nullable(text("The full name, without salutation and title.")),
  email: nullable(text("Lower case, its domain in ASCII.")),
  phones: Type.Unsafe<readonly string[]>({
    type: "array",
    items: { type: "string" },
    description: "E.164; what is no valid number stands as it was written.",
  }),
  company: vocabularyText,
  street: nullable(text("With the house number.")),
  postal_code: vocabularyText,
  town: vocabularyText,
  country: vocabularyText,
  message: vocabularyText,
  product: vocabularyText,
  consent: nullable(
    Type.Object({
      given: nullable(Type.Boolean({ description: "null: the lead does not say." })),
      text: vocabularyText,
      at: nullable(text("ISO 8601 where it could be read as a time.")),
    }),
  ),
  utm: texts,
  click_ids: texts,
  page: vocabularyText,
  form: vocabularyText,
  campaign: vocabularyText,
  language: vocabularyText,
});

/** In a list. */
export const listedRun = Type.Object({
  ...runMembers,
  lead: nullable(
    Type.Object(
      {
        name: vocabularyText,
        company: vocabularyText,
        email: vocabularyText,
        phones: Type.Unsafe<readonly string[]>({ type: "array", items: { type: "string" } }),
        postal_code: vocabularyText,
        town: vocabularyText,
        product: vocabularyText,
        message: nullable(text("Its beginning.")),
      },
      {
        description:
          "Who it is about, person data masked, but for name and place where `names_in_lists` is on; null: there is no body.",
      },
    ),
  ),
  names_withheld: Type.Boolean({
    description: "Name and place are masked because it could not be recorded that they were shown.",
  }),
});

export const viewersMax = 500;

export const viewers = Type.Object({
  items: Type.Array(
    Type.Object({
      viewer: text("The actor: `user:<id>`, `key:<id>`, `cli:<os user>`."),
      viewer_name: nullable(text("Of a user or an API key: what they are called.")),
      shown: oneOf(viewingWays, "list: name and place in a list of leads; whole: all of its data."),
      seen_at: timestamp("When; of a list: the beginning of the hour in which it was."),
    }),
    { description: "The newest first." },
  ),
  has_more: Type.Boolean({ description: "There were older ones." }),
});

export const contact = nullable(
  Type.Object(
    {
      contacted_at: timestamp("When the person was contacted."),
      marked_at: timestamp("When somebody said so."),
      by: Type.String({ description: "Who said so, as in the audit log." }),
      via: oneOf(["api", "mail"], "mail: by the link in a notification."),
    },
    { description: "null: nobody has said that the person was contacted." },
  ),
);

export const runDetail = Type.Object({
  ...runMembers,
  lead: nullable(vocabularyLead),
  related_runs: Type.Array(Type.Object({ run_id: runId, by: oneOf(["email", "phone"], "What both have.") }), {
    description:
      "Leads of the same person, received at most `related_within_days` before or after: they have an e-mail address or a telephone number in common. The nearest in time first, at most 50; test leads aside.",
  }),
  related_within_days: Type.Integer({
    description: "30, or as many as some source looks back (`same_person.within`).",
  }),
  body: anything,
  deliveries: Type.Array(
    Type.Object({
      destination: Type.String(),
      attempt: nullable(
        Type.Integer({
          description:
            "Attempts begun; of one that arrived, which attempt did, counted anew for each DLQ entry; null: that is not known.",
        }),
      ),
      due_at: nullable(
        timestamp("The next attempt, or the end of the one that is under way; null: it is held, or arrived."),
      ),
      held_reason: nullable(
        oneOf(
          heldReasons,
          "source_paused: until its source goes on; incomplete: until its data were fetched; same_person: until a person releases or withdraws it. null: it is not held.",
        ),
      ),
      delivered_at: nullable(timestamp("When it arrived, the last time; null: it has not.")),
      http_status: nullable(
        Type.Integer({
          description:
            "Of the answer when it arrived; null: it has not, it was not HTTP, or that is not known.",
        }),
      ),
      remote_id: nullable(text("The number of its record at the destination.")),
      remote_url: nullable(text("Where people see that record; http or https.")),
      proven: nullable(
        Type.Boolean({
          description:
            "false: the destination took it, and would say the same if it threw it away; null: it has not arrived.",
        }),
      ),
      maybe_twice: Type.Boolean({
        description: "An earlier attempt may have made a record as well, and that cannot be found out.",
      }),
      duplicate: nullable(
        oneOf(
          ["same_delivery", "known_person", "added_to_person"],
          "same_delivery: an earlier attempt had arrived; known_person: the destination had this person and stored nothing of the new enquiry; added_to_person: it had this person, and the new enquiry was added to their record.",
        ),
      ),
      warning: nullable(text("Arrived, but not all of it as it was sent: a sentence for people.")),
    }),
    {
      description:
        "What has not been delivered yet and is not in the DLQ (`delivered_at` null); and what arrived, with what the destination said about its record.",
    },
  ),
  last_attempts: Type.Array(
    Type.Object({
      destination: Type.String(),
      at: timestamp("When it had ended."),
      delivered: Type.Boolean({ description: "Whether it arrived." }),
      attempt: nullable(Type.Integer({ description: "Which one, counted anew for each DLQ entry." })),
      error_code: nullable(text("Of one that failed: why, as a stable code.")),
      message: nullable(text("Of one that failed: why, in words.")),
      http_status: nullable(Type.Integer()),
      duration_ms: nullable(Type.Integer()),
      answer: nullable(
        Type.Object(
          {
            status: nullable(Type.Integer()),
            headers: Type.Record(Type.String(), Type.String(), {
              description: "Those that help a person; names in lower case.",
            }),
            body_excerpt: text("Its beginning, at most 2 kB."),
          },
          { description: "null: no answer came, or the destination does not speak HTTP." },
        ),
      ),
    }),
    {
      description:
        "The last attempt at each destination, delivered or not, with the answer as far as it is kept; the destination's own secrets are masked in it.",
    },
  ),
  contacted: contact,
  completion: nullable(
    Type.Object(
      {
        attempts: Type.Integer({ description: "Begun." }),
        since: timestamp("Since when it waits for its data."),
        next_attempt_at: timestamp("The next attempt, or the end of the one that is under way."),
        is_stuck: Type.Boolean({
          description:
            "A person has to do something; it is tried again every six hours, and at once when the configuration changes.",
        }),
        error_code: nullable(text("How the last attempt ended, as a stable code; null: none has ended.")),
        error_message: nullable(text("What the sender's system said.")),
      },
      {
        description:
          "The lead came as an id, and what it says must still be fetched from its sender's system (Meta, LinkedIn); null: nothing is missing.",
      },
    ),
  ),
  dlq: Type.Array(entryWithPayload, { description: "Its DLQ entries, the oldest first." }),
  repeats: Type.Array(
    Type.Object({
      event_id: Type.Integer({ description: "The event `duplicate_received` that keeps it." }),
      received_at: timestamp("When it came."),
      delivered_as: nullable(
        Type.String({
          format: "uuid",
          description: "The lead that somebody made of it; null: it was not delivered.",
        }),
      ),
    }),
    {
      description:
        "Requests that were taken for repeats because their content was the same; POST /runs/{run_id}/repeats/{event_id}/deliver delivers one anyway.",
    },
  ),
  timeline: Type.Array(auditEvent, {
    description: "Its audit events in the order in which it happened; the first 2,000.",
  }),
});
export type RunDetail = Static<typeof runDetail>;

export const names = Type.Optional(
  Type.Boolean({ description: "false: names stay masked, also where the setting `names_in_lists` is on." }),
);

export const reveal = Type.Optional(
  Type.Boolean({
    default: false,
    description:
      "Person data in full, for roles that may see it. That it was shown is recorded as an audit event `person_data_shown`.",
  }),
);
