// TLS in front of a server that speaks none, with the certificate of crm.test.
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import type { AddressInfo, Socket } from "node:net";
import { join } from "node:path";
import { TLSSocket } from "node:tls";
import { loopbackHost } from "../../src/runtime/loopback-port.ts";

export interface TlsFront {
  readonly port: number;
  /** Of the authority that the certificate is of. */
  readonly ca: string;
  stop(): Promise<void>;
}

/** `agreed`: as PostgreSQL begins it, with a request in the open that is answered by `S`. */
export async function startTlsFront(targetPort: number, begins: "at_once" | "agreed"): Promise<TlsFront> {
  const file = (kind: string) => readFile(join(import.meta.dirname, `tls/crm.test.${kind}.pem`), "utf8");
  const [cert, key] = [await file("cert"), await file("key")];
  const sockets = new Set<Socket>();
  const secure = (client: Socket): void => {
    const secured = new TLSSocket(client, { isServer: true, cert, key });
    const upstream = connect(targetPort, loopbackHost);
    for (const socket of [secured, upstream]) sockets.add(socket.on("error", () => undefined));
    secured.pipe(upstream).pipe(secured);
  };
  const server = createServer((client) => {
    sockets.add(client.on("error", () => undefined));
    if (begins === "at_once") {
      secure(client);
      return;
    }
    client.once("data", () => {
      client.write("S");
      secure(client);
    });
  });
  await once(server.listen(0, loopbackHost), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    ca: cert,
    async stop() {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), "close");
    },
  };
}
