// What is done to one DLQ entry: deliver it again, settle it, give it up, or edit it.
import { Type } from "typebox";
import { jsonPatch } from "../../../domain/values/json-patch.ts";
import { mayDo, rolesWith } from "../../../domain/accounts/roles.ts";
import type { DeclaredKinds } from "../../../config/declared-kind.ts";
import type { SecretBox } from "../../../config/stored-configuration.ts";
import type { PersonIndex } from "../../../intake/person-index.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import { editEntry } from "../../../ledger/leads/edit-entry.ts";
import { readNextAttempt } from "../../../ledger/attention/next-attempt.ts";
import { closeEntry, retryEntry } from "../../../ledger/attention/work-entry.ts";
import type { IsCurrent, WorkResult } from "../../../ledger/attention/work-entry.ts";
import { readEditedLead } from "./edited-lead.ts";
import { fitsIfMatch } from "../frame/if-match.ts";
import type { ApiAnswer, Refused } from "../frame/route.ts";
import { refuse, route } from "../frame/route.ts";
import { closed, dlqId, reason, timestampText } from "../frame/schemas.ts";
import type { Notice } from "./worked-entry.ts";
import { workedEntry, workedEntryAnswer } from "./worked-entry.ts";

export interface DlqActionDeps {
  readonly database: Database;
  readonly secretBox: SecretBox;
  readonly kinds: DeclaredKinds;
  readonly persons: PersonIndex;
}

const params = Type.Object({ dlq_id: dlqId });
const answers = { 200: workedEntry };
const common = ["dlq_entry_unknown", "entry_changed", "not_allowed", "entry_closed"] as const;
/** Why nobody would ever send what an entry holds. */
export const sending = [
  ...["entry_refused", "entry_conflicting", "entry_without_destination"],
  ...["destination_removed", "destination_is_external"],
] as const;
export const reopening = ["entry_reopened_already", "another_entry_open", "delivery_under_way"] as const;
const ifMatchText =
  "With `If-Match` (the ETag of the entry) it is only done to the entry as its author has seen it.";

export function dlqActionRoutes(deps: DlqActionDeps) {
  const { database } = deps;
  return [
    route(
      {
        method: "POST",
        path: "/dlq/:dlq_id/retry",
        summary: "Deliver an entry again, now or at a time",
        description: `A closed entry is tried again by a new one, which is the answer then. At a time (\`at\`) it needs one of the roles ${rolesWith("dlq.work").join(", ")}. ${ifMatchText}`,
        tag: "dlq",
        access: "dlq.retry",
        params,
        body: Type.Object(
          { reason: Type.Optional(reason), at: Type.Optional(timestampText("When; absent: now.")) },
          closed,
        ),
        answers,
        problems: [...common, ...sending, ...reopening, "entry_being_tried"],
      },
      async ({ params: { dlq_id: id }, body, principal, ifMatch }) => {
        if (body.at !== undefined && !mayDo(principal.role, "dlq.work"))
          return refuse("forbidden", {
            reason: `at needs one of these roles: ${rolesWith("dlq.work").join(", ")}`,
          });
        const terms = { at: body.at === undefined ? null : new Date(body.at), note: body.reason ?? null };
        const result = await retryEntry(database, principal.actor, id, terms, current(ifMatch));
        if (result.kind === "obstacle" && result.obstacle === "entry_being_tried" && terms.at === null)
          return workedEntryAnswer(database, id, "being_tried");
        return answerTo(database, id, result);
      },
    ),
    closing(database, "resolve", "resolved", "Settle an entry by hand: nothing more is sent"),
    closing(database, "dead", "dead", "Give an entry up: its lead stays failed"),
    route(
      {
        method: "POST",
        path: "/dlq/:dlq_id/edit",
        summary: "Replace an entry's body, and deliver it",
        description: `The whole body, as the sender would have sent it; numbers stay as they are written. Of a delivery that failed it replaces the lead's body and is sent at once; of a refused payload it becomes the lead, which goes to its source's destinations. It must satisfy the source's schema; where it does not, \`problems\` names each place by its JSON pointer. The difference and the reason stay in the audit log. ${ifMatchText}`,
        tag: "dlq",
        access: "dlq.work",
        params,
        body: Type.Object({ body: Type.Record(Type.String(), Type.Unknown()), reason }, closed),
        answers,
        problems: [
          ...common,
          ...sending,
          ...reopening,
          "entry_being_tried",
          "edit_invalid",
          "source_removed",
        ],
      },
      async ({ params: { dlq_id: id }, body, rawBody, principal, ifMatch, language }) => {
        const entry = await readNextAttempt(database, id);
        if (entry === null) return refuse("dlq_entry_unknown");
        const read = await readEditedLead(deps, entry.source ?? "", rawBody, language);
        if (!read.ok) return read.refused;
        const { bodyJson } = read.lead;
        const result = await editEntry(database, principal.actor, {
          dlqId: id,
          reason: body.reason,
          ...read.lead,
          isCurrent: current(ifMatch),
          patchFrom: (before) => jsonPatch(before, bodyJson),
        });
        return answerTo(database, id, result);
      },
    ),
  ];
}

function closing<Verb extends "resolve" | "dead">(
  database: Database,
  verb: Verb,
  status: "resolved" | "dead",
  summary: string,
) {
  return route(
    {
      method: "POST",
      path: `/dlq/:dlq_id/${verb}`,
      summary,
      description: ifMatchText,
      tag: "dlq",
      access: "dlq.work",
      params,
      body: Type.Object({ reason }, closed),
      answers,
      problems: common,
    },
    async ({ params: { dlq_id: id }, body, principal, ifMatch }) => {
      const how = { status, note: body.reason };
      return answerTo(database, id, await closeEntry(database, principal.actor, id, how, current(ifMatch)));
    },
  );
}

function current(ifMatch: string | null): IsCurrent {
  return (version) => fitsIfMatch(ifMatch, version);
}

async function answerTo(
  database: Database,
  id: number,
  result: WorkResult,
): Promise<ApiAnswer<typeof answers>> {
  switch (result.kind) {
    case "done":
      return workedEntryAnswer(database, result.dlqId, await noticeFor(database, result.dlqId));
    case "obstacle":
      return refusal(result.obstacle, id, result.other);
    case "changed_meanwhile":
      return refuse("entry_changed", { dlq_id: id });
    case "not_allowed":
      return refuse("not_allowed", { dlq_id: id, reason: result.rule });
  }
}

function refusal(obstacle: Refused["problem"], id: number, other: number | null): Refused {
  return refuse(obstacle, obstacle === "dlq_entry_unknown" ? {} : { dlq_id: other ?? id });
}

/** What is due for a destination that is paused waits until it is not any more. */
async function noticeFor(database: Database, id: number): Promise<Notice | null> {
  const entry = await readNextAttempt(database, id);
  return entry?.status === "open" && entry.next_retry_at !== null && entry.destination_state === "paused"
    ? "destination_paused"
    : null;
}
