// Runs by the key that their sender gave them.

/**
 * The runs with this key, of whatever source. Keys are indexed per source, so it goes from source to source: as many
 * looks into the index as there are sources.
 */
export function runsOfKeySql(key: string): string {
  return `WITH RECURSIVE known AS (
      (SELECT s.source FROM public.runs s ORDER BY s.source LIMIT 1)
      UNION ALL
      SELECT (SELECT s.source FROM public.runs s WHERE s.source > known.source ORDER BY s.source LIMIT 1)
      FROM known WHERE known.source IS NOT NULL)
    SELECT k.run_id FROM known JOIN public.runs k ON k.source = known.source AND k.idempotency_key = ${key}`;
}
