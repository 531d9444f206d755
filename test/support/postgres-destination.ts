// A destination of kind `postgres` for tests: unencrypted, on loopback.
import { defaultRetry } from "../../src/domain/destinations/destination.ts";
import type { PostgresDestination } from "../../src/kinds/destinations/postgres/fields.ts";

export function postgresDestination(
  url: string,
  own: Partial<PostgresDestination> = {},
): PostgresDestination {
  return {
    name: "crm",
    kind: "postgres",
    url,
    password: null,
    schema: "public",
    table: "leads",
    tls: "off",
    timeoutMs: 5_000,
    concurrency: 4,
    paused: false,
    limits: [],
    openingHours: [],
    allowPrivate: true,
    retry: defaultRetry,
    ...own,
  };
}
