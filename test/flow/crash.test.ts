// The program is killed, or asked to stop, while a crowd of senders posts: no acknowledged lead is lost or doubled.
import { describe, expect, it } from "vitest";
import { findRunningEmbeddedPostgres } from "../../src/runtime/embedded-postgres.ts";
import { testGatewayFaults } from "../support/faults-gateway.ts";
import { useProgram } from "../support/faults-program.ts";
import { openEmbeddedScene } from "../support/faults-scene.ts";
import { bringEvidence, describeLost } from "../support/evidence.ts";
import { underWay } from "../support/faults-judgement.ts";

const limitMs = 120_000;

describe("under load", () => {
  const program = useProgram();
  testGatewayFaults("short", program);
  describe("again and again", { tags: "thorough" }, () => testGatewayFaults("normal", program));

  it(
    "SIGTERM: all that was begun is answered, all that was acknowledged is stored, no process is left",
    async () => {
      const scene = await openEmbeddedScene(program());
      const server = await scene.startNode();
      const load = scene.startLoad({ senders: 200 });
      await underWay(load, 400);
      const ended = await server.end("SIGTERM");
      await load.stop();
      expect(ended).toEqual({ code: 0, signal: null });
      expect(load.unexpected).toEqual([]);
      expect(await findRunningEmbeddedPostgres(scene.dataDir)).toBeNull();
      await scene.startNode();
      await scene.inLedger(async (client) => {
        await bringEvidence(client, scene.told());
        expect(await describeLost(client)).toEqual([]);
        // Every request that was begun got its answer: there is no run that nobody was told of. (A request that was
        // still on the wire when its idle connection was closed was not begun, and its sender sends it again.)
        const { rows } = await client.query<{ run_id: string }>("SELECT run_id FROM runs");
        const told = new Set(load.told.map(({ runId }) => runId));
        expect(rows.filter(({ run_id }) => !told.has(run_id))).toEqual([]);
      });
    },
    limitMs,
  );
});
