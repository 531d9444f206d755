// Peer: Fastify and a pool, one transaction per lead, written with a prepared statement.
import pg from "pg";
import { v7 as uuidv7 } from "uuid";
import { argumentOfChild } from "../machine/child.ts";
import { bareTablesSql, insertLeadSql } from "./bare-tables.ts";
import { serveLeads } from "./lead-server.ts";
import type { PeerOptions } from "./peer.ts";

const { databaseUrl, connectionsMax } = argumentOfChild() as PeerOptions;
const connections = connectionsMax === null ? {} : { max: connectionsMax, min: connectionsMax };
const pool = new pg.Pool({ connectionString: databaseUrl, ...connections });
await pool.query(bareTablesSql);
const text = insertLeadSql("$1", "$2", "$3");

await serveLeads(async (lead) => {
  const runId = uuidv7();
  const { rowCount } = await pool.query({
    name: "insert-lead",
    text,
    values: [runId, lead.anfrage_nr, JSON.stringify(lead)],
  });
  if (rowCount !== 1) throw new Error("a key that was known already");
  return runId;
});
