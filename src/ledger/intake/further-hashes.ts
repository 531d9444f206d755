// The table further_person_hashes: every address and number of a lead besides the first of each, which `runs` keeps.
import type { FurtherHash } from "../../domain/leads/lead.ts";
import type { Queryable } from "../connection/database.ts";

/** Of the rules by which addresses and numbers are made comparable (domain/values). */
export const personHashVersion = 2;

export interface HashedRun {
  readonly runId: string;
  readonly furtherHashes?: readonly FurtherHash[];
}

export function furtherHashesOf(
  runs: readonly HashedRun[],
): readonly (FurtherHash & { readonly runId: string })[] {
  const all: (FurtherHash & { readonly runId: string })[] = [];
  // Nearly no lead has any.
  for (const { runId, furtherHashes } of runs)
    if (furtherHashes !== undefined) for (const each of furtherHashes) all.push({ runId, ...each });
  return all;
}

/** Where another body has taken the place of the one before. */
export async function replaceFurtherHashes(client: Queryable, runs: readonly HashedRun[]): Promise<void> {
  await client.query("DELETE FROM internal.further_person_hashes WHERE run_id = ANY ($1::uuid[])", [
    runs.map(({ runId }) => runId),
  ]);
  const further = furtherHashesOf(runs);
  if (further.length === 0) return;
  await client.query(
    `INSERT INTO internal.further_person_hashes (run_id, kind, version, hash)
     SELECT DISTINCT run_id, kind, ${personHashVersion}, hash FROM unnest($1::uuid[], $2::text[], $3::bytea[]) AS t (run_id, kind, hash)`,
    [further.map(({ runId }) => runId), further.map(({ kind }) => kind), further.map(({ hash }) => hash)],
  );
}

/** Runs under one of these hashes (hexadecimal, joined by commas), first or further. `kind`: of the contact. */
export function runsOfHashesSql(kind: "email" | "phone", hashes: string): string {
  const wanted = `(ARRAY(SELECT decode(each, 'hex') FROM unnest(string_to_array(${hashes}, ',')) AS each))`;
  return `SELECT p.run_id FROM public.runs p WHERE p.${kind}_hash = ANY ${wanted}
    UNION SELECT f.run_id FROM internal.further_person_hashes f WHERE f.hash = ANY ${wanted} AND f.kind = '${kind}'`;
}
