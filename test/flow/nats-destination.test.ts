// A destination of kind `nats` on a real server: what becomes of a lead, and what each refusal means.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { jetstreamManager } from "@nats-io/jetstream";
import type { StreamConfig } from "@nats-io/jetstream";
import { connect } from "@nats-io/transport-node";
import { afterEach, describe, expect, it } from "vitest";
import type { Outcome } from "../../src/domain/destinations/outcome.ts";
import type { NatsDestination } from "../../src/kinds/destinations/nats/fields.ts";
import { open } from "../../src/kinds/destinations/nats/transport.ts";
import type { SenderDeps } from "../../src/kinds/destinations/destination-kind.ts";
import type { DeliveryMessage, Sender } from "../../src/kinds/destinations/sender.ts";
import { message, neverAborted } from "../support/http-destination.ts";
import { natsDestination } from "../support/nats-destination.ts";
import { isNatsServerInstalled, startNatsServer } from "../support/nats-server.ts";
import type { NatsServer } from "../support/nats-server.ts";
import { startRecordingProxy } from "../support/recording-proxy.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";
import { until } from "../support/until.ts";

const certificate = join(import.meta.dirname, "../support/tls/crm.test.cert.pem");
const key = join(import.meta.dirname, "../support/tls/crm.test.key.pem");
const seed = "SUAIBDPBAUTWCWBKIO6XHQNINK5FWJW4OHLXC3HQ2KFE4PEJUA44CNHTC4";
const publicKey = "UAH42UG6PV552P5SWLWTBP3H3S5BHAVCO2IEKEXUANJXR75J63RQ5WM6";

describe.runIf(isNatsServerInstalled)("A NATS stream as destination", () => {
  const closing: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
  });

  async function serverWith(streams: readonly Partial<StreamConfig>[], more = ""): Promise<NatsServer> {
    const server = await startNatsServer(more);
    closing.push(() => server.stop());
    const link = await connect({ port: server.port, user: "admin", pass: "admin" });
    const manager = await jetstreamManager(link);
    for (const stream of streams) await manager.streams.add(stream as StreamConfig);
    await link.close();
    return server;
  }
  function sender(port: number, own: Partial<NatsDestination> = {}, deps: Partial<SenderDeps> = {}): Sender {
    const made = open(natsDestination(port, own), { nowMs: Date.now, ...deps });
    closing.push(() => made.close());
    return made;
  }
  async function deliver(to: Sender, sent: DeliveryMessage): Promise<Outcome> {
    return (await to.attempt(sent, neverAborted)).outcome;
  }
  async function stored(port: number, stream: string): Promise<readonly string[]> {
    const link = await connect({ port, user: "admin", pass: "admin" });
    const manager = await jetstreamManager(link);
    const { state } = await manager.streams.info(stream);
    const bodies: string[] = [];
    for (let seq = state.first_seq; seq <= state.last_seq && state.messages > 0; seq += 1)
      bodies.push((await manager.streams.getMessage(stream, { seq }))?.string() ?? "");
    await link.close();
    return bodies;
  }
  const leads = { name: "leads", subjects: ["leads.>"] };

  it("has the lead as a message, to the byte, and says where", async () => {
    const { port } = await serverWith([leads]);
    const sent = message(undefined, '{"gclid":9007199254740993,"name":"Jörg 𝔊"}');
    expect(await deliver(sender(port), sent)).toEqual({
      kind: "delivered",
      httpStatus: null,
      receipt: { remoteId: "leads:1" },
    });
    expect(await stored(port, "leads")).toEqual([sent.body]);
  });

  it("has it once although the confirmation was lost, and says so", async () => {
    const { port } = await serverWith([leads]);
    const line = await startTcpProxy(port);
    closing.push(() => line.close());
    const to = sender(line.port, { timeoutMs: 1_000 });
    await deliver(to, message());
    const sent = message();
    await line.set("half_open");
    expect(await deliver(to, sent)).toMatchObject({ code: "destination_timeout", class: "transient" });
    await line.set("pass");
    expect(await deliver(to, { ...sent, attempt: 2 })).toMatchObject({
      receipt: { remoteId: "leads:2", duplicate: "same_delivery" },
    });
    expect(await stored(port, "leads")).toHaveLength(2);
  });

  it("says that a lead may be there twice where the stream no longer knows", async () => {
    const { port } = await serverWith([{ ...leads, duplicate_window: 100_000_000 }]);
    const to = sender(port);
    const sent = message();
    await deliver(to, sent);
    await until("the window to be over", async () => {
      const again = await deliver(to, { ...sent, attempt: 2 });
      return again.kind === "delivered" && again.receipt?.maybeTwice === true;
    });
    expect(await deliver(to, { ...message(), attempt: 1 })).not.toMatchObject({
      receipt: { maybeTwice: true },
    });
  });

  it("takes a change of a lead for a message of its own", async () => {
    const { port } = await serverWith([leads]);
    const to = sender(port);
    const sent = message();
    await deliver(to, sent);
    expect(await deliver(to, { ...sent, revision: 1 })).toMatchObject({ receipt: { remoteId: "leads:2" } });
  });

  it.each([
    [
      "no stream takes the subject",
      { subject: "orders.new" },
      "destination_configuration",
      "no JetStream stream takes the subject orders.new",
    ],
    ["the stream is full", { subject: "full.new" }, "destination_error", "maximum bytes exceeded"],
    [
      "a message is too large for the stream",
      { subject: "small.new" },
      "destination_rejected",
      "message size exceeds maximum allowed",
    ],
    [
      "the password is wrong",
      { user: "limited", password: "wrong-password" },
      "destination_auth",
      "Authorization Violation",
    ],
    [
      "the user may not publish there",
      { user: "limited", password: "limited" },
      "destination_configuration",
      "Permissions Violation",
    ],
    ["the server offers no TLS", { tls: "verify" }, "destination_tls", "offers no TLS"],
  ] as const)("where %s, says what is to be done", async (_case, own, code, named) => {
    const { port } = await serverWith(
      [
        leads,
        { name: "full", subjects: ["full.>"], max_bytes: 10, discard: "new" },
        { name: "small", subjects: ["small.>"], max_msg_size: 10 },
      ],
      `authorization { users: [
        { user: admin, password: admin }
        { user: limited, password: limited, permissions: { publish: "other.>", subscribe: "_INBOX.>" } }
      ] }`,
    );
    const outcome = await deliver(sender(port, { user: "admin", password: "admin", ...own }), message());
    expect(outcome).toMatchObject({ kind: "failed", code });
    expect(outcome.kind === "failed" && outcome.message).toContain(named);
  });

  it("of a server without JetStream says that nobody stores leads", async () => {
    const server = await startNatsServer("", { withStreams: false });
    closing.push(() => server.stop());
    expect(await deliver(sender(server.port), message())).toMatchObject({
      code: "destination_configuration",
    });
    expect(await sender(server.port).probe()).toMatchObject({ reachable: false });
  });

  it("is tried out without a message", async () => {
    const { port } = await serverWith([leads]);
    expect(await sender(port).probe()).toMatchObject({ reachable: true });
    expect(await sender(port, { subject: "orders.new" }).probe()).toMatchObject({
      code: "destination_configuration",
    });
    expect(await stored(port, "leads")).toEqual([]);
  });

  it.each([
    ["a token", `authorization { token: "a token, long enough" }`, "a token, long enough"],
    ["an nkey seed", `authorization { users: [{ nkey: ${publicKey} }] }`, seed],
  ])("knows us by %s", async (_what, authorization, credentials) => {
    const server = await startNatsServer(authorization);
    closing.push(() => server.stop());
    expect(await deliver(sender(server.port, { credentials }), message())).toMatchObject({
      code: "destination_configuration",
    });
    expect(await deliver(sender(server.port, { credentials: "another" }), message())).toMatchObject({
      code: "destination_auth",
    });
  });

  describe("over TLS", () => {
    const tls = `tls { cert_file: "${certificate}", key_file: "${key}" }`;
    const resolve = () => Promise.resolve(["127.0.0.1"]);
    const at = (host: string, port: number) => ({ url: `nats://${host}:${port}`, tls: "verify" }) as const;

    it("is believed by its certificate and its name alone", async () => {
      const server = await startNatsServer(tls);
      closing.push(() => server.stop());
      const ca = await readFile(certificate, "utf8");
      const outcome = (host: string, deps: Partial<SenderDeps>) =>
        deliver(sender(server.port, at(host, server.port), { resolve, ...deps }), message());
      expect(await outcome("crm.test", { ca })).toMatchObject({ code: "destination_configuration" });
      expect(await outcome("other.test", { ca })).toMatchObject({ code: "destination_tls" });
      expect(await outcome("127.0.0.1", { ca })).toMatchObject({ code: "destination_tls" });
      expect(await outcome("crm.test", {})).toMatchObject({ code: "destination_tls" });
      const plain = await deliver(sender(server.port), message());
      expect(plain).toMatchObject({ code: "destination_tls" });
    });
  });

  it("that was started again in between is connected to again", async () => {
    const server = await serverWith([leads]);
    const to = sender(server.port);
    const sent = message();
    await deliver(to, sent);
    await server.kill();
    const waiting = message();
    expect(await deliver(to, waiting)).toMatchObject({ class: "transient" });
    expect(await deliver(to, { ...waiting, attempt: 2 })).toMatchObject({ code: "destination_connect" });
    await server.startAgain();
    expect(await deliver(to, { ...waiting, attempt: 3 })).toMatchObject({
      kind: "delivered",
      receipt: { remoteId: "leads:2" },
    });
    // It was never sent before, so it cannot be there twice.
    const another = message();
    await server.kill();
    await deliver(to, message());
    expect(await deliver(to, another)).toMatchObject({ code: "destination_connect" });
    await server.startAgain();
    expect(await deliver(to, { ...another, attempt: 2 })).toEqual({
      kind: "delivered",
      httpStatus: null,
      receipt: { remoteId: "leads:3" },
    });
  });

  it("that is cut off in the midst of a message has it once in the end", async () => {
    const { port } = await serverWith([leads]);
    const proxy = await startRecordingProxy(port);
    closing.push(() => proxy.stop());
    const to = sender(proxy.port);
    const sent = Array.from({ length: 100 }, () => message());
    const waiting = sent.map((each) => ({ ...each }));
    let attempts = 0;
    const lane = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        attempts += 1;
        if (attempts % 40 === 0) proxy.cut();
        if ((await deliver(to, next)).kind === "failed") waiting.push({ ...next, attempt: next.attempt + 1 });
      }
    };
    await Promise.all([lane(), lane(), lane(), lane()]);
    const there = (await stored(port, "leads")).map(
      (body) => (JSON.parse(body) as { run_id: string }).run_id,
    );
    expect(new Set(there)).toEqual(new Set(sent.map(({ runId }) => runId)));
    expect(there).toHaveLength(sent.length);
  });
});
