import { jetstreamManager } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { afterAll, beforeAll, describe } from "vitest";
import { nats } from "../../src/kinds/destinations/nats/kind.ts";
import { open } from "../../src/kinds/destinations/nats/transport.ts";
import { natsDestination } from "../support/nats-destination.ts";
import { isNatsServerInstalled, startNatsServer } from "../support/nats-server.ts";
import type { NatsServer } from "../support/nats-server.ts";
import { startRecordingProxy } from "../support/recording-proxy.ts";
import { describeDestinationKind } from "./destination.ts";
import type { Receiver } from "./destination.ts";

const subjects: Partial<Record<Receiver, string>> = {
  refuses_for_good: "small.new",
  fails_for_now: "full.new",
};

describe.runIf(isNatsServerInstalled)("On a real server", () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNatsServer(`authorization { user: "leads", password: "planted-password" }`);
    const link = await connect({ port: server.port, user: "leads", pass: "planted-password" });
    const { streams } = await jetstreamManager(link);
    await streams.add({ name: "leads", subjects: ["leads.>"] });
    await streams.add({ name: "small", subjects: ["small.>"], max_msg_size: 20 });
    await streams.add({ name: "full", subjects: ["full.>"], max_bytes: 20, discard: "new" });
    await link.close();
  });
  afterAll(() => server.stop());

  describeDestinationKind(nats, async ({ receiver, timeoutMs, forbidden }) => {
    const proxy = await startRecordingProxy(server.port, receiver === "hangs" ? { silent: true } : {});
    if (receiver === "absent") await proxy.stop();
    const destination = natsDestination(proxy.port, {
      subject: subjects[receiver] ?? "leads.new",
      user: "leads",
      password: receiver === "wants_credentials" ? "planted-wrong-password" : "planted-password",
      // Not asked for where there is a user.
      credentials: "planted-credentials",
      timeoutMs,
      allowPrivate: forbidden !== true,
    });
    return {
      destination,
      sender: open(destination, { nowMs: Date.now }),
      received: () => proxy.heard().match(/(?<=Nats-Msg-Id: ).*:crm/g) ?? [],
      stop: () => proxy.stop(),
    };
  });
});
