// A line to a server that hears what the program sends, and may keep the server's answers back or give others.
import { once } from "node:events";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { loopbackHost } from "../../src/runtime/loopback-port.ts";

export interface RecordingProxy {
  readonly port: number;
  /** Everything that was sent to the server, on all connections, as latin1. */
  heard(): string;
  /** Cuts every connection, as a cable does. */
  cut(): void;
  stop(): Promise<void>;
}

export interface Meddling {
  /** Nothing is passed on and nothing answered. */
  readonly silent?: true;
  /**
   * As soon as this has been heard on a connection, the server hears no more of it and is heard no more; the program gets
   * `answer`, or nothing if there is none.
   */
  readonly at?: { readonly heard: RegExp; readonly answer?: Buffer };
}

export async function startRecordingProxy(
  targetPort: number,
  { silent, at }: Meddling = {},
): Promise<RecordingProxy> {
  const records: { text: string }[] = [];
  const sockets = new Set<Socket>();
  const server = createServer((client) => {
    const record = { text: "" };
    records.push(record);
    sockets.add(client.on("error", () => undefined));
    if (silent === true) {
      client.on("data", (chunk) => void (record.text += chunk.toString("latin1")));
      return;
    }
    const upstream = connect(targetPort, loopbackHost).on("error", () => undefined);
    sockets.add(upstream);
    let isTaken = false;
    client.on("data", (chunk) => {
      record.text += chunk.toString("latin1");
      if (isTaken) return;
      isTaken = at?.heard.test(record.text) === true;
      if (!isTaken) upstream.write(chunk);
      else if (at?.answer !== undefined) client.write(at.answer);
    });
    upstream.on("data", (chunk) => {
      if (!isTaken) client.write(chunk);
    });
    upstream.once("close", () => client.destroy());
    client.once("close", () => upstream.destroy());
  });
  await once(server.listen(0, loopbackHost), "listening");
  const cut = (): void => {
    for (const socket of sockets) socket.destroy();
    sockets.clear();
  };
  return {
    port: (server.address() as AddressInfo).port,
    heard: () => records.map(({ text }) => text).join("\n"),
    cut,
    async stop() {
      cut();
      if (server.listening) await once(server.close(), "close");
    },
  };
}
