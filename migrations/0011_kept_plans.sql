-- The statements of settling keep their plans. Made anew for each batch, plans were a third of what PostgreSQL did for
-- leads that come one by one. They are the same for one delivery and for hundreds, because only nested loops into
-- indexes are allowed (ledger_decide says why).

ALTER FUNCTION public.ledger_decide(uuid[]) SET plan_cache_mode = force_generic_plan;
ALTER FUNCTION public.ledger_settle_delivered(uuid[], text[], integer[], text[], text)
  SET plan_cache_mode = force_generic_plan;
