// Names with public and private addresses, and names that move from the one to the other, on a network of their own: it
// has a loopback interface alone, which bears public addresses too, so that the guard can be met without leaving the machine.
import { execFile, spawnSync } from "node:child_process";
import { promisify } from "node:util";
import { beforeAll, describe, expect, it } from "vitest";
import { addScript, compileSource } from "../../support/compiled-source.ts";

const run = promisify(execFile);

/** What happened to attempts one after another; `reached`: the addresses that were connected to, in their order. */
interface Told {
  readonly outcomes: string[];
  readonly reached: string[];
  readonly lookups: number;
}

const publicAddress = "8.8.8.8";
/** Nobody listens there. */
const refusing = "9.9.9.9";
const privateAddresses = ["127.0.0.1", "10.0.0.1"];

const hasNetworks = spawnSync("unshare", ["--net", "--map-root-user", "ip", "link"]).status === 0;
if (!hasNetworks)
  console.warn("SKIPPED: names with public and private addresses. `unshare --net` and `ip` are needed.");

describe.skipIf(!hasNetworks)("without allow_private, a name", () => {
  let script: string;
  beforeAll(async () => {
    script = await addScript(
      await compileSource("kinds/destinations/http/transport"),
      "attempts.js",
      attemptsScript,
    );
  });

  it("that is public gets the lead", async () => {
    expect(await attempts([[publicAddress]])).toEqual({
      outcomes: ["delivered"],
      reached: [publicAddress],
      lookups: 1,
    });
  });

  it.each([
    ["first", [publicAddress, ...privateAddresses]],
    ["last", [...privateAddresses, publicAddress]],
  ])("with private addresses besides gets it at the public one (%s)", async (_place, addresses) => {
    expect(await attempts([addresses, addresses])).toEqual({
      outcomes: ["delivered", "delivered"],
      reached: [publicAddress, publicAddress],
      lookups: 2,
    });
  });

  it("whose public address refuses is not tried at its private ones", async () => {
    const addresses = [refusing, ...privateAddresses];
    expect(await attempts([addresses, addresses.toReversed()])).toEqual({
      outcomes: ["destination_connect", "destination_connect"],
      reached: [],
      lookups: 2,
    });
  });

  it("that is private the second time it is asked for is connected to where it was the first time", async () => {
    // A guard that looks once to judge and once to connect would connect inside.
    const moving = [[publicAddress], ["127.0.0.1"], [publicAddress], ["10.0.0.1"]];
    expect(await attempts(moving)).toEqual({
      outcomes: ["delivered", forbidden, "delivered", forbidden],
      reached: [publicAddress, publicAddress],
      lookups: 4,
    });
  });

  it("that has moved inside keeps no connection from before", async () => {
    expect(await attempts([[publicAddress], ["127.0.0.1"], ["127.0.0.1"]])).toEqual({
      outcomes: ["delivered", forbidden, forbidden],
      reached: [publicAddress],
      lookups: 3,
    });
  });

  /** One attempt per answer of the name service, each on a connection of its own. */
  async function attempts(answers: readonly (readonly string[])[]): Promise<Told> {
    const own = [publicAddress, refusing, "10.0.0.1"].map((address) => `ip addr add ${address}/32 dev lo`);
    const setUp = ["ip link set lo up", ...own, 'exec "$0" "$@"'].join(" && ");
    const input = JSON.stringify({ answers, listenOn: [publicAddress, ...privateAddresses] });
    const command = ["--net", "--map-root-user", "sh", "-c", setUp, process.execPath, script, input];
    const { stdout } = await run("unshare", command);
    return JSON.parse(stdout) as Told;
  }
});

const forbidden = "destination_address_forbidden";

const attemptsScript = `
import { once } from "node:events";
import { createServer } from "node:http";
import { open } from "./kinds/destinations/http/transport.js";
const { answers, listenOn } = JSON.parse(process.argv[2]);
const port = 8080;
const reached = [];
for (const host of listenOn) {
  const server = createServer((request, response) => {
    request.resume().on("end", () => response.setHeader("connection", "close").end());
  });
  server.on("connection", (socket) => reached.push(socket.localAddress));
  server.listen(port, host);
  await once(server, "listening");
}
let lookups = 0;
const sender = open(
  {
    name: "crm", kind: "http", url: "http://crm.test:" + port + "/leads", method: "POST", secret: null,
    headers: {}, query: {}, auth: { kind: "none" }, timeoutMs: 3000,
    concurrency: 1, paused: false, allowPrivate: false, retry: { fastMs: [], slowMs: [] },
  },
  { nowMs: Date.now, resolve: async () => answers[lookups++] ?? ["127.0.0.1"] },
);
const outcomes = [];
for (const _ of answers) {
  const { outcome } = await sender.attempt({ runId: "run", body: "{}" }, new AbortController().signal);
  outcomes.push(outcome.kind === "failed" ? outcome.code : outcome.kind);
}
console.log(JSON.stringify({ outcomes, reached, lookups }));
process.exit();
`;
