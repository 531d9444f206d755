// Peer: Fastify and pg-boss, one job per lead; workers in the same process, in batches, polling as often as it allows.
import PgBoss from "pg-boss";
import { argumentOfChild } from "../machine/child.ts";
import { serveLeads } from "./lead-server.ts";
import type { PeerLead } from "./lead-server.ts";
import type { PeerOptions } from "./peer.ts";
import { postToSink } from "./post-to-sink.ts";

const queue = "leads";
const workers = 8;
const batchSize = 50;
/** The shortest that it takes. */
const pollingIntervalSeconds = 0.5;

const { databaseUrl, sinkUrl, connectionsMax } = argumentOfChild() as PeerOptions;
const connections = connectionsMax === null ? {} : { max: connectionsMax };
const boss = new PgBoss({ connectionString: databaseUrl, ...connections, schedule: false });
boss.on("error", (error) => console.error("pg-boss:", error.message));
await boss.start();
await boss.createQueue(queue);
if (sinkUrl !== null) {
  for (let worker = 0; worker < workers; worker += 1) {
    await boss.work<PeerLead>(queue, { batchSize, pollingIntervalSeconds }, async (jobs) => {
      await Promise.all(jobs.map((job) => postToSink(sinkUrl, job.data)));
    });
  }
}

await serveLeads(async (lead) => {
  const id = await boss.send(queue, lead);
  if (id === null) throw new Error("pg-boss did not take the job");
  return id;
});
