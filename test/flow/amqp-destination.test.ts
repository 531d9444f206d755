// A destination of kind `amqp` on a real RabbitMQ: what becomes of a lead, and what each refusal means.
import { connect } from "amqplib";
import type { GetMessage } from "amqplib";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { Outcome } from "../../src/domain/destinations/outcome.ts";
import type { AmqpDestination } from "../../src/kinds/destinations/amqp/fields.ts";
import { open } from "../../src/kinds/destinations/amqp/transport.ts";
import type { SenderDeps } from "../../src/kinds/destinations/destination-kind.ts";
import type { DeliveryMessage, Sender } from "../../src/kinds/destinations/sender.ts";
import { amqpDestination } from "../support/amqp-destination.ts";
import { connectionBlocked } from "../support/amqp-frames.ts";
import { message, neverAborted } from "../support/http-destination.ts";
import { isRabbitInstalled, startRabbit } from "../support/rabbitmq-server.ts";
import type { RabbitServer } from "../support/rabbitmq-server.ts";
import { startRecordingProxy } from "../support/recording-proxy.ts";
import { startTlsFront } from "../support/tls-front.ts";
import { startTcpProxy } from "../support/tcp-proxy.ts";

describe.runIf(isRabbitInstalled)("A RabbitMQ exchange as destination", () => {
  let broker: RabbitServer;
  const closing: (() => Promise<void>)[] = [];
  beforeAll(async () => {
    broker = await startRabbit();
  });
  afterEach(async () => {
    for (const close of closing.splice(0).toReversed()) await close();
    await taken();
  });
  afterAll(() => broker.stop());

  function sender(own: Partial<AmqpDestination> = {}, port = broker.port): Sender {
    const made = open(amqpDestination(broker.urlFor("leads", port), own), { nowMs: Date.now });
    closing.push(() => made.close());
    return made;
  }
  async function deliver(to: Sender, sent: DeliveryMessage): Promise<Outcome> {
    return (await to.attempt(sent, neverAborted)).outcome;
  }
  /** Takes all messages out of the queue. */
  async function taken(): Promise<readonly GetMessage[]> {
    const connection = await connect(broker.urlFor("leads"));
    const channel = await connection.createChannel();
    const all: GetMessage[] = [];
    for (
      let next = await channel.get("leads", { noAck: true });
      next !== false;
      next = await channel.get("leads", { noAck: true })
    )
      all.push(next);
    await connection.close();
    return all;
  }

  it("has the lead as a lasting message, to the byte, with the delivery's id", async () => {
    const sent = message(undefined, '{"gclid":9007199254740993,"name":"Jörg 𝔊"}');
    expect(await deliver(sender(), sent)).toEqual({ kind: "delivered", httpStatus: null });
    const [got] = await taken();
    expect(got?.content.toString("utf8")).toBe(sent.body);
    expect(got?.properties).toMatchObject({
      messageId: `${sent.runId}:crm`,
      contentType: "application/json",
      deliveryMode: 2,
      type: "lead.received",
    });
  });

  it("has it through an exchange, by its routing key", async () => {
    const to = sender({ exchange: "sales", routingKey: "leads.new" });
    expect(await to.probe()).toMatchObject({ reachable: true });
    expect(await deliver(to, message())).toMatchObject({ kind: "delivered" });
    expect(await taken()).toHaveLength(1);
  });

  it("has a lead of many frames", async () => {
    const sent = message(undefined, JSON.stringify({ note: "x".repeat(900_000) }));
    expect(await deliver(sender(), sent)).toMatchObject({ kind: "delivered" });
    expect((await taken())[0]?.content.length).toBe(Buffer.byteLength(sent.body));
  });

  it.each([
    [
      "no queue wants the routing key",
      { exchange: "sales", routingKey: "orders" },
      "destination_configuration",
      "orders",
    ],
    ["there is no such queue", { routingKey: "nowhere" }, "destination_configuration", "nowhere"],
    ["there is no such exchange", { exchange: "nowhere" }, "destination_configuration", "404"],
    [
      "the user may not write",
      { user: "reader", password: "planted-password", exchange: "sales", routingKey: "leads.new" },
      "destination_configuration",
      "403",
    ],
    ["the password is wrong", { user: "leads", password: "wrong-password" }, "destination_auth", "403"],
    ["the queue is full", { routingKey: "full" }, "destination_error", "nack"],
  ] as const)("where %s, says what is to be done", async (_case, own, code, named) => {
    const to = sender(own);
    const outcome = await deliver(to, message());
    expect(outcome).toMatchObject({ kind: "failed", code });
    expect(outcome.kind === "failed" && outcome.message).toContain(named);
    expect(await deliver(to, message())).toMatchObject({ kind: "failed", code });
  });

  it("says that a virtual host is missing", async () => {
    const to = open(amqpDestination(`${broker.urlFor("leads")}nowhere`), { nowMs: Date.now });
    closing.push(() => to.close());
    expect(await deliver(to, message())).toMatchObject({ code: "destination_configuration" });
  });

  it("is tried out without a message", async () => {
    expect(await sender().probe()).toMatchObject({ reachable: true });
    expect(await sender({ routingKey: "nowhere" }).probe()).toMatchObject({
      code: "destination_configuration",
    });
    expect(await sender({ exchange: "nowhere" }).probe()).toMatchObject({
      code: "destination_configuration",
    });
    expect(await taken()).toEqual([]);
  });

  it("is believed by its certificate and its name alone", async () => {
    const front = await startTlsFront(broker.port, "at_once");
    closing.push(() => front.stop());
    const resolve = () => Promise.resolve(["127.0.0.1"]);
    const outcome = (hostname: string, deps: Partial<SenderDeps>) => {
      const url = `amqps://leads:planted-password@${hostname}:${front.port}`;
      const to = open(amqpDestination(url), { nowMs: Date.now, resolve, ...deps });
      closing.push(() => to.close());
      return deliver(to, message());
    };
    const { ca } = front;
    expect(await outcome("crm.test", { ca })).toMatchObject({ kind: "delivered" });
    expect(await outcome("other.test", { ca })).toMatchObject({ code: "destination_tls" });
    expect(await outcome("127.0.0.1", { ca })).toMatchObject({ code: "destination_tls" });
    expect(await outcome("crm.test", {})).toMatchObject({ code: "destination_tls" });
  });

  it("that blocks its publishers gets nothing until it takes something again", async () => {
    const proxy = await startRecordingProxy(broker.port, {
      at: { heard: /:crm/, answer: connectionBlocked("low on memory") },
    });
    closing.push(() => proxy.stop());
    const to = sender({ timeoutMs: 500 }, proxy.port);
    expect(await deliver(to, message())).toMatchObject({ code: "destination_timeout" });
    const heard = proxy.heard().match(/:crm/g);
    const whileBlocked = sender({ timeoutMs: 5_000 }, proxy.port);
    const first = deliver(whileBlocked, message());
    expect(heard).toHaveLength(1);
    await whileBlocked.attempt(message(), AbortSignal.timeout(300));
    proxy.cut();
    expect(await first).toMatchObject({ class: "transient" });
  });

  it("says that a lead may be there twice where a confirmation was lost, and only there", async () => {
    const line = await startTcpProxy(broker.port);
    closing.push(() => line.close());
    const to = sender({ timeoutMs: 1_000 }, line.port);
    await deliver(to, message());
    const sent = message();
    await line.set("half_open");
    expect(await deliver(to, sent)).toMatchObject({ code: "destination_timeout" });
    await line.set("refuse");
    expect(await deliver(to, { ...sent, attempt: 2 })).toMatchObject({ code: "destination_connect" });
    const other = message();
    expect(await deliver(to, other)).toMatchObject({ code: "destination_connect" });
    await line.set("pass");
    expect(await deliver(to, { ...sent, attempt: 3 })).toMatchObject({ receipt: { maybeTwice: true } });
    expect(await deliver(to, { ...other, attempt: 2 })).toEqual({ kind: "delivered", httpStatus: null });
    // By another process, which does not know how the first attempt ended.
    expect(await deliver(sender(), { ...message(), attempt: 2 })).toMatchObject({
      receipt: { maybeTwice: true },
    });
    const ids = (await taken()).map(({ properties }) => String(properties.messageId));
    expect(ids.filter((id) => id === `${sent.runId}:crm`)).toHaveLength(2);
  });

  it("loses nothing when it is killed in the midst of leads and started again", async () => {
    const to = sender();
    const sent = Array.from({ length: 300 }, () => message());
    const waiting = sent.map((each) => ({ ...each }));
    let killed: Promise<void> | null = null;
    const lane = async (): Promise<void> => {
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
        if (waiting.length === 150) killed ??= broker.kill().then(() => broker.startAgain());
        if ((await deliver(to, next)).kind === "failed") {
          waiting.push({ ...next, attempt: next.attempt + 1 });
          await killed;
        }
      }
    };
    await Promise.all([lane(), lane(), lane(), lane()]);
    const ids = new Set((await taken()).map(({ properties }) => String(properties.messageId)));
    expect(ids).toEqual(new Set(sent.map(({ runId }) => `${runId}:crm`)));
  });
});
