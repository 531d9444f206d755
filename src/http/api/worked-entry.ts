// An entry after something was done to it: as GET /dlq/:dlq_id shows it, and what to know about it.
import { Type } from "typebox";
import { dlqKinds, dlqStatuses } from "../../domain/run.ts";
import type { Queryable } from "../../ledger/database.ts";
import { findDlqEntry } from "../../ledger/dlq.ts";
import { readVersionOfEntry } from "../../ledger/entry-version.ts";
import type { ApiAnswer } from "./route.ts";
import { ok, refuse } from "./route.ts";
import { dlqId, nullable, oneOf, runId, timestamp } from "./schemas.ts";

export const notices = ["destination_paused", "being_tried"] as const;
export type Notice = (typeof notices)[number];

export const workedEntry = Type.Object({
  dlq_id: dlqId,
  run_id: nullable(runId),
  status: oneOf(dlqStatuses),
  kind: oneOf(dlqKinds),
  destination: nullable(Type.String()),
  error_code: nullable(Type.String()),
  reason: Type.String(),
  payload: Type.Unknown(),
  retry_count: Type.Integer(),
  next_retry_at: nullable(timestamp("When it is tried again; null: it waits for a person.")),
  resolution: nullable(Type.String()),
  note: nullable(Type.String()),
  reopened_from: nullable(dlqId),
  created_at: timestamp("When the payload became a case for the DLQ."),
  closed_at: nullable(timestamp("When it became resolved or dead.")),
  notice: nullable(
    oneOf(
      notices,
      "destination_paused: it is due, and sent when the destination is not paused any more. being_tried: it was being tried already.",
    ),
  ),
});

export async function workedEntryAnswer(
  database: Queryable,
  id: number,
  notice: Notice | null,
): Promise<ApiAnswer<{ readonly 200: typeof workedEntry }>> {
  const entry = await findDlqEntry(database, id);
  if (entry === null) return refuse("dlq_entry_unknown");
  return ok({ ...entry, notice }, { etag: await readVersionOfEntry(database, id) });
}
