-- A table whose rows are changed or deleted needs something by which a subscriber of logical replication knows a row
-- again. Without it, `CREATE PUBLICATION … FOR ALL TABLES`, which somebody makes for a warehouse or a move to another
-- server, refuses the DELETE of the roll-up. These two hold differences, which have no key by nature: the whole row
-- stands for itself, which costs something only where it is published.
ALTER TABLE public.kpi_deltas REPLICA IDENTITY FULL;
ALTER TABLE public.dlq_causes REPLICA IDENTITY FULL;
