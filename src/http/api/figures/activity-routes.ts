// GET /activity: what has come from each source lately, and what waits for each destination.
import { Type } from "typebox";
import type { Static } from "typebox";
import type { Language } from "../../../domain/errors/error-catalogue.ts";
import { maskedText } from "../../../domain/persons/masking.ts";
import { noticeText } from "../../../domain/sources/sender-notice.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import { listDeniedLately } from "../../../ledger/intake/denied-requests.ts";
import type { DeniedLately } from "../../../ledger/intake/denied-requests.ts";
import { listBacklogs } from "../../../ledger/delivery/destination-backlog.ts";
import type { DestinationBacklog } from "../../../ledger/delivery/destination-backlog.ts";
import { listSenderNotices } from "../../../ledger/intake/sender-notices.ts";
import type { NoticeLately } from "../../../ledger/intake/sender-notices.ts";
import { listSourceActivity } from "../../../ledger/figures/source-activity.ts";
import { clientFilterMembers } from "../frame/client-filter.ts";
import { ok, route } from "../frame/route.ts";
import { closed, nullable, timestamp } from "../frame/schemas.ts";

export interface ActivityDeps {
  readonly database: Database;
}

/** Of either; names of sources may be whatever senders write. */
const listedMax = 1_000;

const count = (description: string) => Type.Integer({ description });

const sourceActivity = Type.Object({
  source: Type.String({
    description: "Its name; where there is no such source, as senders wrote it, masked.",
  }),
  label: nullable(Type.String({ description: "What people call it; null: by its name." })),
  is_configured: Type.Boolean({
    description: "false: there is no source of this name, but leads came or were denied lately.",
  }),
  is_paused: Type.Boolean(),
  last_received_at: nullable(timestamp("When its last lead came; null: never.")),
  received_today: count("Leads received today, in the reporting time zone."),
  failed_today: count("Of these: failed as they stand now."),
  refused_last_24h: Type.Array(
    Type.Object({
      error_code: Type.String({ description: "Why, as a stable code." }),
      detail: nullable(
        Type.String({
          description:
            "Of the newest: what was looked for and what was there, in the language of Accept-Language.",
        }),
      ),
      count: count("How many requests."),
      first_at: timestamp("The first of them."),
      last_at: timestamp("The last of them."),
    }),
    { description: "Requests that were turned away, by reason: they became no leads. To the hour." },
  ),
  sender_notices: Type.Optional(
    Type.Array(
      Type.Object({
        code: Type.String({ description: "What should be corrected at the sender, as a stable code." }),
        detail: Type.String({ description: "In the language of Accept-Language." }),
        count: count("How many requests."),
        first_at: timestamp("The first of them."),
        last_at: timestamp("The last of them."),
      }),
      {
        description:
          "Requests of the last seven days that were taken although their sender should be corrected; absent: none.",
      },
    ),
  ),
});
const destinationActivity = Type.Object({
  destination: Type.String({ description: "Its name." }),
  kind: Type.String(),
  is_paused: Type.Boolean(),
  waiting: count("Deliveries that have not ended and are not in the DLQ; 10,000 are counted at most."),
  overdue: count("Of these: due for more than five minutes."),
  retrying: count("DLQ entries that are tried again by themselves."),
  need_decision: count("DLQ entries that wait for a person."),
  last_failure: nullable(
    Type.Object(
      {
        error_code: nullable(Type.String({ description: "As a stable code." })),
        at: timestamp("When it came into the DLQ."),
      },
      { description: "The newest DLQ entry about it, settled or not; null: there never was one." },
    ),
  ),
  skipped_today: count("Leads that it did not get because its condition (`when`) is not met."),
  skipped_30_days: count("The same, of the 30 days that end today."),
  distributed_today: count("Leads that it got because it was its turn among several (`one_of`)."),
  distributed_30_days: count("The same, of the 30 days that end today."),
  unproven_today: count(
    "Leads that arrived, but cannot be told to be in; they are among the delivered ones.",
  ),
  unproven_30_days: count("The same, of the 30 days that end today."),
  maybe_twice_today: count("Leads that may be there twice."),
  maybe_twice_30_days: count("The same, of the 30 days that end today."),
  known_person_today: count("Leads that it did not store, because it knew the person."),
  known_person_30_days: count("The same, of the 30 days that end today."),
  added_to_person_today: count("Leads that it added to the record of a person whom it knew."),
  added_to_person_30_days: count("The same, of the 30 days that end today."),
});
export type DestinationActivityItem = Static<typeof destinationActivity>;

const activity = Type.Object({
  sources: Type.Array(sourceActivity),
  destinations: Type.Array(destinationActivity),
});
export type Activity = Static<typeof activity>;

export function activityRoutes({ database }: ActivityDeps) {
  return [
    route(
      {
        method: "GET",
        path: "/activity",
        isByClient: true,
        summary: "What has come from each source lately, and what waits for each destination",
        description: "Both by name, those that are switched on. There is one page.",
        tag: "system",
        access: "configuration.read",
        query: Type.Object(clientFilterMembers, closed),
        answers: { 200: activity },
      },
      async ({ language }) => {
        const notices = await listSenderNotices(database);
        const denied = await listDeniedLately(database, listedMax);
        const names = [...new Set(denied.map(({ source }) => source))];
        const sources = await listSourceActivity(database, names, listedMax);
        const backlogs = await listBacklogs(database);
        return ok({
          sources: sources.map((each) => ({
            ...each,
            source: each.is_configured ? each.source : maskedText(each.source),
            refused_last_24h: denied
              .filter(({ source }) => source === each.source)
              .map((each) => refusalItem(each, language)),
            ...noticesOf(each.source, notices, language),
          })),
          destinations: backlogs.map(destinationItem),
        });
      },
    ),
  ];
}

function refusalItem(
  { error_code, reason, count: requests, first_at, last_at }: DeniedLately,
  language: Language,
) {
  return { error_code, detail: reason?.[language] ?? null, count: requests, first_at, last_at };
}

function noticesOf(source: string, notices: readonly NoticeLately[], language: Language) {
  const own = notices.filter((notice) => notice.source === source);
  return own.length === 0 ? {} : { sender_notices: own.map((notice) => noticeItem(notice, language)) };
}

function noticeItem({ code, sent, read_as, requests, first_at, last_at }: NoticeLately, language: Language) {
  const detail = noticeText({ code, sent, readAs: read_as }, language);
  return { code, detail, count: requests, first_at, last_at };
}

function destinationItem({
  overdue_since: _since,
  last_failure_code: code,
  last_failure_at: at,
  ...item
}: DestinationBacklog): DestinationActivityItem {
  return { ...item, last_failure: at === null ? null : { error_code: code, at } };
}
