// GET /dlq, /dlq/groups and /dlq/:dlq_id: what needs attention, by the entry and by its cause.
import { Type } from "typebox";
import type { PersonIndex } from "../../../intake/person-index.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import { listDlqGroups } from "../../../ledger/attention/dlq-causes.ts";
import { dlqLacks } from "../../../ledger/attention/dlq-filter.ts";
import type { DlqEntry } from "../../../ledger/attention/dlq.ts";
import { pageOfEntries } from "../../../ledger/attention/dlq-list.ts";
import { readVersionOfEntry } from "../../../ledger/attention/entry-version.ts";
import { readNextAttempt } from "../../../ledger/attention/next-attempt.ts";
import { readAndRecordShown } from "../../../ledger/leads/person-data-shown.ts";
import { readPersonPointers } from "../../../ledger/leads/person-pointers.ts";
import { readEntry } from "../../../ledger/leads/run-view.ts";
import { obstaclesOf } from "../../../domain/attention/entry-actions.ts";
import { maskedText } from "../../../domain/persons/masking.ts";
import { dlqKinds, dlqStatuses } from "../../../domain/leads/run.ts";
import { nextCursor, readIdCursor } from "../frame/cursor.ts";
import { clientFilterMembers } from "../frame/client-filter.ts";
import { dlqFilterMembers, ledgerDlqFilter } from "./dlq-filter.ts";
import { maskEntry, maskEntryTexts } from "../frame/masked-views.ts";
import type { ApiAnswer } from "../frame/route.ts";
import { ok, refuse, route } from "../frame/route.ts";
import { refusalOfReveal } from "../leads/run-routes.ts";
import { entryItem, entryMembers, reveal, shownEntry } from "../leads/run-schemas.ts";
import {
  closed,
  dlqId,
  nullable,
  oneOf,
  page,
  pageLimitDefault,
  pageLimitMax,
  pageQuery,
  timestamp,
} from "../frame/schemas.ts";

export interface DlqDeps {
  readonly database: Database;
  readonly persons: PersonIndex;
}

export function dlqRoutes(deps: DlqDeps) {
  return [listRoute(deps), groupsRoute(deps), showRoute(deps)];
}

function listRoute({ database, persons }: DlqDeps) {
  return route(
    {
      method: "GET",
      path: "/dlq",
      summary: "DLQ entries, newest first",
      description:
        "Person data is masked; payloads stand in the single entry. Every member of the query narrows the list. A page may hold fewer entries than `limit`, even none, and still have a `next_cursor`: then it ended where a search through many entries takes too long, and the next page goes on there.",
      tag: "dlq",
      access: "leads.read",
      query: Type.Object({ ...pageQuery, ...dlqFilterMembers }, closed),
      answers: { 200: page(entryItem) },
      problems: ["cursor_invalid"],
    },
    async ({ query: { limit = pageLimitDefault, cursor, ...asked }, principal }) => {
      const read = readIdCursor(cursor);
      if (!read.ok) return refuse("cursor_invalid");
      const filter = await ledgerDlqFilter(asked, principal, { persons, database });
      if (!filter.ok) return filter.refused;
      const { rows, next } = await pageOfEntries(database, filter.filter, read.after, limit);
      return ok({ items: rows.map(maskEntryTexts), next_cursor: nextCursor(next) });
    },
  );
}

const group = Type.Object({
  kind: entryMembers.kind,
  destination: entryMembers.destination,
  source: nullable(Type.String({ description: "Only where there is no destination." })),
  error_code: entryMembers.error_code,
  count: Type.Integer({ description: "Entries that are open or retrying." }),
  need_decision: Type.Integer({ description: "Of these: how many wait for a person." }),
  since: timestamp("When its first entry was created."),
  until: timestamp("When its last entry was created."),
  next_retry_at: nullable(timestamp("The earliest automatic attempt; null: none is planned.")),
  reason: Type.String({ description: "Of its last entry." }),
  filter: Type.Object(
    {
      status: Type.Array(oneOf(dlqStatuses)),
      kind: Type.Array(oneOf(dlqKinds)),
      destination: Type.Optional(Type.String()),
      source: Type.Optional(Type.String()),
      error_code: Type.Optional(Type.String()),
      without: Type.Optional(Type.Array(oneOf(dlqLacks))),
    },
    { description: "Selects exactly this group: for GET /dlq, and as the `filter` of an operation." },
  ),
});
function groupsRoute({ database }: DlqDeps) {
  return route(
    {
      method: "GET",
      path: "/dlq/groups",
      isByClient: true,
      summary: "What needs attention, by cause",
      description:
        "Entries that are open or retrying, grouped by kind, destination (or source, where there is no destination) and error code; the largest groups first. There is one page.",
      tag: "dlq",
      access: "leads.read",
      query: Type.Object(
        {
          limit: Type.Optional(Type.Integer({ minimum: 1, maximum: pageLimitMax, default: 100 })),
          ...clientFilterMembers,
        },
        closed,
      ),
      answers: { 200: page(group) },
    },
    async ({ query: { limit = 100 } }) => {
      const groups = await listDlqGroups(database, limit);
      const items = groups.map((each) => ({ ...each, reason: maskedText(each.reason) }));
      return ok({ items: items as never[], next_cursor: null });
    },
  );
}

function showRoute({ database }: DlqDeps) {
  return route(
    {
      method: "GET",
      path: "/dlq/:dlq_id",
      summary: "One DLQ entry with its payload",
      tag: "dlq",
      access: "leads.read",
      params: Type.Object({ dlq_id: dlqId }),
      query: Type.Object({ reveal }, closed),
      answers: { 200: shownEntry },
      problems: ["dlq_entry_unknown"],
    },
    async ({ params: { dlq_id: id }, query, principal }) => {
      // Before the entry: it may be older than what is shown, and a change is refused, but never newer.
      const etag = await readVersionOfEntry(database, id);
      if (query.reveal !== true) {
        const entry = await readEntry(database, id);
        if (entry === null) return refuse("dlq_entry_unknown");
        return shown(database, maskEntry(entry, await readPersonPointers(database)), etag);
      }
      const forbidden = refusalOfReveal(principal);
      if (forbidden !== null) return forbidden;
      const whole = await readAndRecordShown(
        database,
        principal.actor,
        (client) => readEntry(client, id),
        (entry) => ({ runId: entry.run_id, dlqId: entry.dlq_id }),
      );
      return whole === null ? refuse("dlq_entry_unknown") : shown(database, whole, etag);
    },
  );
}

async function shown(
  database: Database,
  entry: DlqEntry,
  etag: string,
): Promise<ApiAnswer<{ readonly 200: typeof shownEntry }>> {
  const atHand = await readNextAttempt(database, entry.dlq_id);
  if (atHand === null) return refuse("dlq_entry_unknown");
  return ok({ ...entry, obstacles: obstaclesOf(atHand) }, { exactNumbers: true, etag });
}
