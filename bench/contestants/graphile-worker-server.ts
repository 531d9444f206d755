// Peer: Fastify and graphile-worker, one job per lead; workers in the same process, tuned as its page on performance says.
import { Logger, makeWorkerUtils, run } from "graphile-worker";
import pg from "pg";
import { argumentOfChild } from "../machine/child.ts";
import { serveLeads } from "./lead-server.ts";
import type { PeerOptions } from "./peer.ts";
import { postToSink } from "./post-to-sink.ts";

const concurrentJobs = 24;
const localQueueSize = 500;

/** What it opens by itself: `maxPoolSize` in its documentation. */
const defaultConnections = 10;

const { databaseUrl, sinkUrl, connectionsMax } = argumentOfChild() as PeerOptions;
const pgPool = new pg.Pool({ connectionString: databaseUrl, max: connectionsMax ?? defaultConnections });
pgPool.on("error", (error) => console.error("graphile-worker:", error.message));
pgPool.on("connect", (client) => {
  client.on("error", (error) => console.error("graphile-worker:", error.message));
});
const logger = new Logger(() => () => undefined);
const utils = await makeWorkerUtils({ pgPool, logger });
await utils.migrate();
if (sinkUrl !== null) {
  await run({
    pgPool,
    logger,
    noHandleSignals: true,
    taskList: { deliver: (lead) => postToSink(sinkUrl, lead) },
    preset: {
      worker: {
        concurrentJobs,
        localQueue: { size: localQueueSize },
        completeJobBatchDelay: 0,
        failJobBatchDelay: 0,
      },
    },
  });
}

await serveLeads(async (lead) => (await utils.addJob("deliver", lead)).id);
