// Faults of the program's own process: killed at random moments, frozen while another node goes on.
import { randomInt } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { choosePort } from "../../src/runtime/loopback-port.ts";
import type { CompiledSource } from "./compiled-source.ts";
import { closeBooks, recover, underWay } from "./faults-judgement.ts";
import { openEmbeddedScene, openInstalledScene } from "./faults-scene.ts";
import { testFault } from "./faults.ts";
import type { Suite } from "./faults.ts";

const killedWithinMs = 300;
/** Longer than any lease. */
const frozenMs = 20_000;

export function testGatewayFaults(suite: Suite, program: () => CompiledSource): void {
  testFault(
    suite,
    "gatewayKilled",
    { promise: "what was acknowledged is there once, and delivered after the restart", roundLimitMs: 60_000 },
    async (record, rounds) => {
      const scene = await openEmbeddedScene(program());
      let node = await scene.startNode();
      const load = scene.startLoad({ senders: 100, pauseMs: 20 });
      while (record.rounds < rounds) {
        const fromMs = Date.now();
        await underWay(load);
        await delay(randomInt(killedWithinMs));
        await node.end("SIGKILL");
        [node] = await Promise.all([scene.startNode(), recover(scene, record, fromMs)]);
      }
      await closeBooks(scene, record);
    },
  );

  testFault(
    suite,
    "nodeFrozen",
    {
      promise: "for longer than its leases, the other goes on, and nothing is lost when it wakes up",
      roundLimitMs: frozenMs + 90_000,
    },
    async (record, rounds) => {
      const scene = await openInstalledScene(program());
      const frozen = await scene.startNode();
      const awake = await scene.startNode({ port: await choosePort() });
      const loads = [frozen, awake].map(({ url }) => scene.startLoad({ senders: 30, pauseMs: 20 }, url));
      while (record.rounds < rounds) {
        const fromMs = Date.now();
        await Promise.all(loads.map((load) => underWay(load)));
        frozen.child.kill("SIGSTOP");
        await delay(frozenMs);
        frozen.child.kill("SIGCONT");
        await recover(scene, record, fromMs);
      }
      await closeBooks(scene, record);
    },
  );
}
