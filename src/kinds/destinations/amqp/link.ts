// One connection to a broker with one channel that confirms. The client opens the socket by itself, so it is given an
// address that was checked, not a name.
import { isIP } from "node:net";
import type { Duplex } from "node:stream";
import { connect } from "amqplib";
import type { ChannelModel, ConfirmChannel } from "amqplib";
import { connectionParts } from "../../../config/fields/connection-url.ts";
import type { Connector } from "../../../outgoing/connector.ts";
import type { Opened } from "../kept-connection.ts";
import { amqpPort } from "./fields.ts";
import type { AmqpDestination } from "./fields.ts";

export interface Link {
  readonly channel: ConfirmChannel;
  /** Messages that no queue wanted, by their ids, with the broker's words. They are confirmed all the same, a moment later. */
  readonly returned: Map<string, string>;
  /** Why the broker takes nothing at the moment; null: it does. */
  blockedBy: string | null;
  /** Why the channel or the connection ended; null: it has not, or nobody said. */
  fault: Error | null;
}

/** What is not answered within twice that ends the connection (AMQP 0-9-1 section 4.2.7). */
const heartbeatSeconds = 30;
const goodbyeMaxMs = 1_000;

export async function openLink(destination: AmqpDestination, connector: Connector): Promise<Opened<Link>> {
  const { protocol, hostname, port, user, password, path } = connectionParts(destination.url, amqpPort);
  const isSecure = protocol === "amqps:";
  const ca = isSecure ? await connector.authorities() : undefined;
  const login = {
    protocol: isSecure ? "amqps" : "amqp",
    port,
    username: destination.user ?? user ?? "guest",
    password: destination.password ?? password ?? "guest",
    // The client decodes it as it stands in an address.
    vhost: path === "" ? "/" : encodeURIComponent(path),
    heartbeat: heartbeatSeconds,
  };
  const socket = {
    ...(isIP(hostname) > 0 ? {} : { servername: hostname }),
    ...(ca === undefined ? {} : { ca }),
    noDelay: true,
    timeout: destination.timeoutMs,
    clientProperties: { connection_name: `LeadLedger: ${destination.name}` },
  };
  const model = await connector.byAddress({ hostname, port }, (address) =>
    connect({ ...login, hostname: address }, socket),
  );
  try {
    return await linkOver(model);
  } catch (error) {
    await end(model);
    throw error;
  }
}

async function linkOver(model: ChannelModel): Promise<Opened<Link>> {
  const heard: Pick<Link, "returned" | "blockedBy" | "fault"> = {
    returned: new Map(),
    blockedBy: null,
    fault: null,
  };
  // Whoever is heard first tells the cause; what follows are consequences.
  const onError = (error: Error): void => void (heard.fault ??= error);
  model.on("error", onError);
  const channel = await model.createConfirmChannel();
  channel.on("error", onError);
  const link: Link = Object.assign(heard, { channel });
  model.on("blocked", (reason) => void (link.blockedBy = reason));
  model.on("unblocked", () => void (link.blockedBy = null));
  channel.on("return", ({ fields, properties }) => {
    const { replyText } = fields as { readonly replyText?: unknown };
    link.returned.set(String(properties.messageId), typeof replyText === "string" ? replyText : "");
  });
  const lost = new Promise<void>((resolve) => {
    model.on("close", () => resolve());
    channel.on("close", () => resolve());
  });
  return { link, lost, end: () => end(model) };
}

/** It says goodbye, and does not wait for an answer for long: the client itself waits for ever. */
async function end(model: ChannelModel): Promise<void> {
  const { stream } = model.connection as unknown as { readonly stream: Duplex };
  await new Promise<void>((resolve) => {
    const hungUp = setTimeout(resolve, goodbyeMaxMs);
    stream.once("close", resolve);
    model.close().then(resolve, resolve);
    stream.once("close", () => clearTimeout(hungUp));
  });
  stream.destroy();
}
