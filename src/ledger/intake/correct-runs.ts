// A good payload for a refused run, from its sender or from a person: the run starts again and its refusals are resolved.
import type { FurtherHash } from "../../domain/leads/lead.ts";
import type { Routing } from "../../domain/leads/distribution.ts";
import type { Queryable } from "../connection/database.ts";
import { insertDeliveries, takeTurns } from "./distribute-leads.ts";
import { replaceFurtherHashes } from "./further-hashes.ts";
import { eventTypeSql } from "../log/event-sql.ts";

/** Without destinations and groups nobody gets it. */
export interface Correction extends Routing {
  readonly runId: string;
  readonly source: string;
  readonly test: boolean;
  /** JSON text: the payload of lead_corrected, `body` in it. */
  readonly payload: string;
  readonly emailHash: Buffer | null;
  readonly phoneHash: Buffer | null;
  readonly furtherHashes?: readonly FurtherHash[];
  /** The run id that the sender's payload came with; null: a person has corrected it. */
  readonly arrivalId: string | null;
}

/** The caller's transaction holds the locks of the runs, all of which are `refused`. */
export async function correctRuns(client: Queryable, corrections: readonly Correction[]): Promise<void> {
  if (corrections.length === 0) return;
  const runIds = corrections.map(({ runId }) => runId);
  await client.query("SELECT set_config('leadledger.operation', 'correction', true)");
  await client.query(
    `UPDATE public.runs r
     SET status = 'accepted', refused = false, error_code = NULL, error_message = NULL,
       email_hash = t.email_hash, phone_hash = t.phone_hash
     FROM unnest($1::uuid[], $2::bytea[], $3::bytea[]) AS t (run_id, email_hash, phone_hash)
     WHERE r.run_id = t.run_id`,
    [runIds, corrections.map(({ emailHash }) => emailHash), corrections.map(({ phoneHash }) => phoneHash)],
  );
  await client.query("SELECT set_config('leadledger.operation', '', true)");
  await replaceFurtherHashes(client, corrections);
  await client.query(
    `INSERT INTO public.audit_events (run_id, event_type, payload)
     SELECT run_id, ${eventTypeSql("lead_corrected")}, payload::jsonb
       || jsonb_strip_nulls(jsonb_build_object('arrival_id', arrival_id))
     FROM unnest($1::uuid[], $2::text[], $3::text[]) AS t (run_id, payload, arrival_id)`,
    [runIds, corrections.map(({ payload }) => payload), corrections.map(({ arrivalId }) => arrivalId)],
  );
  const routes = corrections.flatMap(({ runId, destinations }) =>
    destinations.map((destination) => ({ runId, destination })),
  );
  await insertDeliveries(client, [...routes, ...(await takeTurns(client, corrections))]);
  await client.query(
    `UPDATE public.dlq SET status = 'resolved', resolution = 'corrected'
     WHERE run_id = ANY ($1::uuid[]) AND kind = 'refused' AND status IN ('open', 'retrying')`,
    [runIds],
  );
  await client.query(
    `UPDATE public.runs SET status = 'processed', outcome = 'no_destination' WHERE run_id = ANY ($1::uuid[])`,
    [
      corrections
        .filter(({ destinations, groups }) => destinations.length + groups.length === 0)
        .map(({ runId }) => runId),
    ],
  );
}
