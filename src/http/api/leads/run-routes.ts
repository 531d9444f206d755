// GET /runs and GET /runs/:run_id: the leads, and one of them with everything that happened to it.
import { Type } from "typebox";
import { mayDo, rolesWith } from "../../../domain/accounts/roles.ts";
import { lastAttempts } from "../../../domain/log/told-attempts.ts";
import type { Log } from "../../../domain/node/log.ts";
import type { PersonIndex } from "../../../intake/person-index.ts";
import type { Database } from "../../../ledger/connection/database.ts";
import type { LeadReading } from "../../../domain/leads/lead-reading.ts";
import type { Kinds } from "../../../kinds/kinds.ts";
import { createLeadReadings } from "../../../kinds/sources/lead-readings.ts";
import { readSourceReadings } from "../../../ledger/leads/source-readings.ts";
import { readAndRecordShown } from "../../../ledger/leads/person-data-shown.ts";
import { readPersonPointers } from "../../../ledger/leads/person-pointers.ts";
import { pageOfRuns } from "../../../ledger/leads/run-list.ts";
import { readRun } from "../../../ledger/leads/run-view.ts";
import type { RunView } from "../../../ledger/leads/run-view.ts";
import { nextCursor, readTextCursor } from "../frame/cursor.ts";
import { maskRun, maskRunView } from "../frame/masked-views.ts";
import { listViewers } from "../../../ledger/leads/lead-viewers.ts";
import type { Principal } from "../frame/principal.ts";
import type { Refused } from "../frame/route.ts";
import { ok, refuse, route } from "../frame/route.ts";
import { readGists } from "./lead-gists.ts";
import { ledgerRunFilter, runFilterMembers } from "./run-filter.ts";
import { listedRun, names, reveal, runDetail, viewers, viewersMax } from "./run-schemas.ts";
import { closed, page, pageLimitDefault, pageQuery, runId } from "../frame/schemas.ts";

export interface RunDeps {
  readonly database: Database;
  readonly persons: PersonIndex;
  readonly kinds: Kinds;
  readonly log: Log;
}

export function runRoutes(deps: RunDeps) {
  return [listRoute(deps), showRoute(deps), viewersRoute(deps)];
}

/** `<received_at> <run_id>` */
const position =
  /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z [0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

function listRoute({ database, persons, kinds, log }: RunDeps) {
  return route(
    {
      method: "GET",
      path: "/runs",
      summary: "The leads, newest first",
      description:
        "Person data is masked; where the setting `names_in_lists` is on, roles that may see person data see name and place, which is recorded (`names_shown`), unless `names` is false; where that record cannot be written they stay masked, and `names_withheld` says so. Every member of the query narrows the list. A page may hold fewer leads than `limit`, even none, and still have a `next_cursor`: then it ended where a search through many leads takes too long, and the next page goes on there.",
      tag: "runs",
      access: "leads.read",
      query: Type.Object({ ...pageQuery, ...runFilterMembers, names }, closed),
      answers: { 200: page(listedRun) },
      problems: ["cursor_invalid"],
    },
    async ({
      query: { limit = pageLimitDefault, cursor, names: wantsNames = true, ...asked },
      principal,
    }) => {
      const read = readTextCursor(cursor, position);
      if (!read.ok) return refuse("cursor_invalid");
      const filter = await ledgerRunFilter(asked, principal, { persons, database });
      if (!filter.ok) return filter.refused;
      const { rows, next } = await pageOfRuns(database, filter.filter, read.after, limit);
      const mayName = wantsNames && mayDo(principal.role, "persons.read");
      const viewer = mayName ? principal.actor : null;
      const { byRun, withheld } = await readGists({ database, log }, kinds, rows, viewer);
      const items = rows.map((run) => {
        const lead = byRun.get(run.run_id) ?? null;
        return { ...maskRun(run), lead, names_withheld: withheld.has(run.run_id) };
      });
      return ok({ items, next_cursor: nextCursor(next) });
    },
  );
}

function showRoute({ database, kinds }: RunDeps) {
  return route(
    {
      method: "GET",
      path: "/runs/:run_id",
      summary: "One lead with its story",
      description:
        "Also by the id of a request that turned out to repeat a lead, or to correct one: what a sender was told always finds the lead.",
      tag: "runs",
      access: "leads.read",
      params: Type.Object({ run_id: runId }),
      query: Type.Object({ reveal }, closed),
      answers: { 200: runDetail },
      problems: ["run_unknown"],
    },
    async ({ params: { run_id: id }, query, principal }) => {
      const readings = createLeadReadings(kinds.sources, await readSourceReadings(database));
      const readingOf = (source: string): LeadReading => readings.of(source);
      if (query.reveal !== true) {
        const run = await readRun(database, id, readingOf);
        if (run === null) return refuse("run_unknown");
        return ok(detailOf(maskRunView(run, await readPersonPointers(database), readingOf)), {
          exactNumbers: true,
        });
      }
      const forbidden = refusalOfReveal(principal);
      if (forbidden !== null) return forbidden;
      const shown = await readAndRecordShown(
        database,
        principal.actor,
        (client) => readRun(client, id, readingOf),
        (run) => ({ runId: run.run_id }),
      );
      return shown === null ? refuse("run_unknown") : ok(detailOf(shown), { exactNumbers: true });
    },
  );
}

/** Made of the events as the caller may see them. */
function detailOf(run: RunView) {
  return { ...run, last_attempts: lastAttempts(run.timeline) };
}

function viewersRoute({ database }: Pick<RunDeps, "database">) {
  return route(
    {
      method: "GET",
      path: "/runs/:run_id/viewers",
      summary: "Who saw a lead's person data",
      description: `The ${viewersMax} newest: who saw its name in a list, by the hour (\`names_in_lists\`), and who had it or an entry of it shown in full (\`reveal\`).`,
      tag: "runs",
      access: "audit.read",
      params: Type.Object({ run_id: runId }),
      answers: { 200: viewers },
      problems: ["run_unknown"],
    },
    async ({ params: { run_id: id } }) => {
      const found = await listViewers(database, id, viewersMax + 1);
      if (found === null) return refuse("run_unknown");
      return ok({ items: found.slice(0, viewersMax), has_more: found.length > viewersMax });
    },
  );
}

/** null: the caller may see person data. */
export function refusalOfReveal({ role }: Principal): Refused | null {
  if (mayDo(role, "persons.read")) return null;
  const needed = rolesWith("persons.read").join(", ");
  return refuse("forbidden", { reason: `reveal needs one of these roles: ${needed}` });
}
