// A peer: a server of the bench's own in a process of its own.
import { startChild } from "../machine/child.ts";
import { storedSql } from "./contestant.ts";
import type { Contestant, Stored } from "./contestant.ts";

export interface PeerOptions {
  readonly databaseUrl: string;
  /** Connections to the database; null: as many as the library opens by itself. */
  readonly connectionsMax: number | null;
  /** null: it delivers nothing. */
  readonly sinkUrl: string | null;
}

interface PeerDescription {
  readonly name: string;
  /** From the folder of the bench. */
  readonly script: string;
  readonly connectionsMax?: number;
  /** Where it stores leads, and SQL expressions for the key and the id of one; null: nowhere. */
  readonly storage: { readonly from: string; readonly key: string; readonly id: string } | null;
  readonly keepsSettled: boolean;
  /** SQL that counts what has not been settled. */
  readonly unsettled: string | null;
}

const startLimitMs = 30_000;

/** More wait for each other on two cores, fewer leave the disk idle. */
const manyConnections = 32;

export function peer(description: PeerDescription): Contestant {
  const { name, script, storage, keepsSettled, unsettled, connectionsMax = null } = description;
  return {
    name,
    stores: storage !== null,
    keepsSettled,
    async start({ database, sinkUrl }) {
      const options: PeerOptions = { databaseUrl: database.url, sinkUrl, connectionsMax };
      const child = startChild(script, options);
      const { port } = await child.receive<{ port: number }>(startLimitMs);
      return {
        port,
        pid: child.pid,
        async stored(keyPrefix) {
          if (storage === null) return { rows: 0, distinct: 0, keysAndIds: "0", problems: [] };
          const sql = storedSql(storage.from, storage.key, storage.id);
          const [row] = await database.query<Omit<Stored, "problems">>(sql, [keyPrefix]);
          if (row === undefined) throw new Error("no answer from the database");
          return { ...row, problems: [] };
        },
        async unsettled() {
          if (unsettled === null) return 0;
          const [row] = await database.query<{ count: number }>(unsettled);
          return row?.count ?? 0;
        },
        stop: () => child.stop(),
      };
    },
  };
}

export const noDatabase = peer({
  name: "node:http without a database",
  script: "contestants/no-database-server",
  storage: null,
  keepsSettled: false,
  unsettled: null,
});

export const bareTables = peer({
  name: "Fastify + one transaction per lead, bare tables",
  script: "contestants/bare-tables-server",
  connectionsMax: manyConnections,
  storage: {
    from: "runs JOIN audit_events USING (run_id)",
    key: "idempotency_key",
    id: "run_id",
  },
  keepsSettled: false,
  unsettled: null,
});

const pgBossDescription = {
  name: "Fastify + pg-boss",
  script: "contestants/pg-boss-server",
  storage: { from: "pgboss.job", key: "data->>'anfrage_nr'", id: "id" },
  keepsSettled: true,
  unsettled: "SELECT count(*)::int AS count FROM pgboss.job WHERE name = 'leads' AND state <> 'completed'",
};

const graphileWorkerDescription = {
  name: "Fastify + graphile-worker",
  script: "contestants/graphile-worker-server",
  storage: {
    from: "graphile_worker._private_jobs",
    key: "payload->>'anfrage_nr'",
    id: "id",
  },
  keepsSettled: false,
  unsettled: "SELECT count(*)::int AS count FROM graphile_worker._private_jobs",
};

/** As the libraries come. */
export const pgBoss = peer(pgBossDescription);
export const graphileWorker = peer(graphileWorkerDescription);

/** With more connections than they open by themselves. */
export const pgBossWide = peer(wide(pgBossDescription));
export const graphileWorkerWide = peer(wide(graphileWorkerDescription));

function wide(description: PeerDescription): PeerDescription {
  const connectionsMax = manyConnections;
  return { ...description, name: `${description.name}, ${connectionsMax} connections`, connectionsMax };
}
