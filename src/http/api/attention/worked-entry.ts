// An entry after something was done to it: as GET /dlq/:dlq_id shows it, and what to know about it.
import { Type } from "typebox";
import type { Database } from "../../../ledger/connection/database.ts";
import { readVersionOfEntry } from "../../../ledger/attention/entry-version.ts";
import { readPersonPointers } from "../../../ledger/leads/person-pointers.ts";
import { readEntry } from "../../../ledger/leads/run-view.ts";
import { maskEntry } from "../frame/masked-views.ts";
import type { ApiAnswer } from "../frame/route.ts";
import { ok, refuse } from "../frame/route.ts";
import { anything, entryMembers } from "../leads/run-schemas.ts";
import { nullable, oneOf } from "../frame/schemas.ts";

export const notices = ["destination_paused", "being_tried"] as const;
export type Notice = (typeof notices)[number];

export const workedEntry = Type.Object({
  ...entryMembers,
  payload: anything,
  notice: nullable(
    oneOf(
      notices,
      "destination_paused: it is due, and sent when the destination is not paused any more. being_tried: it was being tried already.",
    ),
  ),
});

export async function workedEntryAnswer(
  database: Database,
  id: number,
  notice: Notice | null,
): Promise<ApiAnswer<{ readonly 200: typeof workedEntry }>> {
  const entry = await readEntry(database, id);
  if (entry === null) return refuse("dlq_entry_unknown");
  const shown = maskEntry(entry, await readPersonPointers(database));
  return ok({ ...shown, notice }, { exactNumbers: true, etag: await readVersionOfEntry(database, id) });
}
