// A good payload under the key of a refused run: the run starts again and its refusals are resolved.
import type { Lead } from "../domain/lead.ts";
import type { Queryable } from "./database.ts";

export interface Correction {
  readonly runId: string;
  readonly lead: Lead;
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
    [runIds, corrections.map(({ lead }) => lead.emailHash), corrections.map(({ lead }) => lead.phoneHash)],
  );
  await client.query("SELECT set_config('leadledger.operation', '', true)");
  await client.query(
    `INSERT INTO public.audit_events (run_id, event_type, payload)
     SELECT run_id, 'lead_corrected', payload::jsonb || jsonb_build_object('arrival_id', arrival_id)
     FROM unnest($1::uuid[], $2::text[], $3::text[]) AS t (run_id, payload, arrival_id)`,
    [runIds, corrections.map(({ lead }) => lead.payload), corrections.map(({ lead }) => lead.runId)],
  );
  const routes = corrections.flatMap(({ runId, lead }) =>
    lead.routes.map(({ destination }) => ({ runId, destination })),
  );
  await client.query(
    `INSERT INTO public.deliveries (run_id, destination) SELECT * FROM unnest($1::uuid[], $2::text[])`,
    [routes.map(({ runId }) => runId), routes.map(({ destination }) => destination)],
  );
  await client.query(
    `UPDATE public.dlq SET status = 'resolved', resolution = 'corrected'
     WHERE run_id = ANY ($1::uuid[]) AND kind = 'refused' AND status IN ('open', 'retrying')`,
    [runIds],
  );
  await client.query(
    `UPDATE public.runs SET status = 'processed', outcome = 'no_destination' WHERE run_id = ANY ($1::uuid[])`,
    [corrections.filter(({ lead }) => lead.routes.length === 0).map(({ runId }) => runId)],
  );
}
