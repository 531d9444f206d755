import { afterAll, beforeAll, describe } from "vitest";
import { amqp } from "../../src/kinds/destinations/amqp/kind.ts";
import { open } from "../../src/kinds/destinations/amqp/transport.ts";
import { amqpDestination } from "../support/amqp-destination.ts";
import { message } from "../support/http-destination.ts";
import { isRabbitInstalled, startRabbit } from "../support/rabbitmq-server.ts";
import type { RabbitServer } from "../support/rabbitmq-server.ts";
import { startRecordingProxy } from "../support/recording-proxy.ts";
import type { Meddling } from "../support/recording-proxy.ts";
import { channelClose } from "../support/amqp-frames.ts";
import { describeDestinationKind } from "./destination.ts";
import type { Receiver } from "./destination.ts";

/** All have it: their ids are of one length. */
const messageBytes = Buffer.byteLength(message().body);

const meddlings: Partial<Record<Receiver, Meddling>> = {
  // As RabbitMQ ends the channel over a message larger than its limit, which is hundreds of megabytes.
  refuses_for_good: {
    at: {
      heard: /:crm/,
      answer: channelClose(
        406,
        `PRECONDITION_FAILED - message size ${messageBytes} is larger than configured max size 8`,
      ),
    },
  },
  hangs: { silent: true },
};

describe.runIf(isRabbitInstalled)("On a real broker", () => {
  let broker: RabbitServer;
  beforeAll(async () => {
    broker = await startRabbit();
  });
  afterAll(() => broker.stop());

  describeDestinationKind(amqp, async ({ receiver, timeoutMs, forbidden }) => {
    const proxy = await startRecordingProxy(broker.port, meddlings[receiver]);
    if (receiver === "absent") await proxy.stop();
    const destination = amqpDestination(`amqp://127.0.0.1:${proxy.port}`, {
      user: "leads",
      password: receiver === "wants_credentials" ? "planted-wrong-password" : "planted-password",
      routingKey: receiver === "fails_for_now" ? "full" : "leads",
      timeoutMs,
      allowPrivate: forbidden !== true,
    });
    return {
      destination,
      sender: open(destination, { nowMs: Date.now }),
      received: () => proxy.heard().match(/[\da-f-]{36}:crm/g) ?? [],
      stop: () => proxy.stop(),
    };
  });
});
