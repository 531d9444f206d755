// What a DLQ entry says about its run, as SQL.

/**
 * Conditions on `public.dlq d`. The kinds are those that ledger_decide() (migrations/0004) looks at: a conflict, a
 * replay or an entry made by hand says nothing about the run itself.
 */
export const entryDecides = "d.kind IN ('delivery', 'refused')";
export const entryNeedsDecision = "d.status = 'open' AND d.next_retry_at IS NULL";
export const entryHealsItself = "d.status = 'retrying' OR d.status = 'open' AND d.next_retry_at IS NOT NULL";
export const entryGivenUp =
  "d.status = 'dead' AND NOT EXISTS (SELECT 1 FROM public.dlq n WHERE n.reopened_from = d.dlq_id)";
