// What the ledger refuses as a run, whatever is tried: kept as an entry of no run, for a person to look at.
import type { EntryCode } from "../../domain/errors/failure-texts.ts";
import type { Lead, RefusedPayload } from "../../domain/leads/lead.ts";
import type { Database } from "../connection/database.ts";
import { transaction } from "../connection/database.ts";

const notRecordableCode: EntryCode = "lead_not_recordable";

/** Kept once, however often it is tried. `reason`: what the database said. */
export async function keepUnrecordable(
  database: Database,
  arrival: Lead | RefusedPayload,
  reason: string,
): Promise<void> {
  const { source, runId, receivedAt, payload } = arrival;
  await transaction(database, "webhook", async (client) => {
    // One that is there already may not be on the standby yet: a lock waits for it as what is written does.
    await client.query(
      `SELECT FROM public.dlq q WHERE q.payload ->> 'arrival_id' = $1 AND q.payload ? 'arrival_id' FOR NO KEY UPDATE`,
      [runId],
    );
    await client.query(
      `INSERT INTO public.dlq (error_code, reason, payload)
       SELECT $1, $2, jsonb_build_object('source', $3::text, 'arrival_id', $4::text, 'at', $5::text, 'received_base64', $6::text)
       WHERE NOT EXISTS (SELECT FROM public.dlq q WHERE q.payload ->> 'arrival_id' = $4 AND q.payload ? 'arrival_id')`,
      [
        notRecordableCode,
        `the ledger refused this lead: ${reason}`,
        source,
        runId,
        receivedAt,
        // Not as jsonb: what it contains may be the very reason.
        Buffer.from(payload, "utf8").toString("base64"),
      ],
    );
  });
}
