// Bytes on disk per lead that was accepted, delivered and settled, relation by relation.
import { withFreshPlace } from "../bench.ts";
import type { Bench } from "../bench.ts";
import { product } from "../contestants/product.ts";
import { withSink } from "../contestants/run-sink.ts";
import type { BenchDatabase } from "../machine/database-server.ts";
import type { Figure } from "../result.ts";
import type { CostResult } from "./cost-memory.ts";
import { deliveryRun } from "./delivery-run.ts";

interface Size {
  readonly name: string;
  readonly table: number;
  readonly toast: number;
  readonly indexes: number;
}

export function measureBytes(bench: Bench): Promise<CostResult> {
  return withSink((sink) =>
    withFreshPlace(bench, sink.url, async (place) => {
      const { problems } = await deliveryRun(bench, product, place, sink, bench.scale.bytesLeads);
      const [row] = await place.database.query<{ count: number }>(
        "SELECT count(*)::int AS count FROM public.runs",
      );
      return { figures: await bytesPerLead(place.database, row?.count ?? 0), targets: [], problems };
    }),
  );
}

const sizesSql = `
  SELECT relname AS name, pg_relation_size(c.oid)::float8 AS table, pg_indexes_size(c.oid)::float8 AS indexes,
    coalesce(pg_total_relation_size(nullif(c.reltoastrelid, 0)), 0)::float8 AS toast
  FROM pg_class c WHERE c.relnamespace IN ('public'::regnamespace, 'internal'::regnamespace) AND c.relkind = 'r'
    AND c.relname IN ('runs', 'audit_events', 'deliveries', 'dlq', 'kpi_deltas')
  ORDER BY pg_total_relation_size(c.oid) DESC`;

async function bytesPerLead(database: BenchDatabase, leads: number): Promise<Figure[]> {
  const sizes = await database.query<Size>(sizesSql);
  const per = (bytes: number): number[] => [bytes / leads];
  const total = sizes.reduce((sum, { table, toast, indexes }) => sum + table + toast + indexes, 0);
  return [
    { what: "disk per lead, all", unit: "bytes", values: per(total) },
    ...sizes.flatMap(({ name, table, toast, indexes }): Figure[] => [
      { what: `disk per lead, ${name}: rows`, unit: "bytes", values: per(table) },
      { what: `disk per lead, ${name}: TOAST`, unit: "bytes", values: per(toast) },
      { what: `disk per lead, ${name}: indexes`, unit: "bytes", values: per(indexes) },
    ]),
  ];
}
