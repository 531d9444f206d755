// A real HTTP proxy for tests: tunnels by CONNECT, forwards plain requests, and remembers what it was asked.
import { createServer, request as httpRequest } from "node:http";
import { once } from "node:events";
import { connect } from "node:net";
import type { AddressInfo, Socket } from "node:net";

export interface TestProxy {
  readonly port: number;
  /** `CONNECT host:port` and `POST http://…`, in order. */
  readonly asked: readonly string[];
  /** Values of Proxy-Authorization. */
  readonly authorizations: readonly (string | undefined)[];
  close(): Promise<void>;
}

export interface ProxyBehaviour {
  /** Instead of 200 to CONNECT. */
  readonly refusal?: string;
  /** Where every tunnel leads to, whatever was asked for. */
  readonly target: { readonly host: string; readonly port: number };
}

export async function startConnectProxy({ refusal, target }: ProxyBehaviour): Promise<TestProxy> {
  const asked: string[] = [];
  const authorizations: (string | undefined)[] = [];
  const sockets = new Set<Socket>();
  const note = (what: string, authorization: string | undefined): void => {
    asked.push(what);
    authorizations.push(authorization);
  };
  const server = createServer((request, response) => {
    note(`${request.method ?? ""} ${request.url ?? ""}`, request.headers["proxy-authorization"]);
    const { pathname } = new URL(request.url ?? "", "http://unknown");
    const onward = httpRequest(
      { ...target, method: request.method, path: pathname, headers: request.headers },
      (answer) => {
        response.writeHead(answer.statusCode ?? 502);
        answer.pipe(response);
      },
    );
    onward.on("error", () => response.writeHead(502).end());
    request.pipe(onward);
  });
  server.on("connection", (socket) => sockets.add(socket));
  server.on("connect", (request, client: Socket) => {
    note(`CONNECT ${request.url ?? ""}`, request.headers["proxy-authorization"]);
    client.on("error", () => undefined);
    if (refusal !== undefined) {
      client.end(`HTTP/1.1 ${refusal}\r\n\r\n`);
      return;
    }
    const onward = connect(target, () => {
      client.write("HTTP/1.1 200 Connection established\r\n\r\n");
      onward.pipe(client).pipe(onward);
    });
    sockets.add(onward.on("error", () => client.destroy()));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return {
    port: (server.address() as AddressInfo).port,
    asked,
    authorizations,
    async close() {
      for (const socket of sockets) socket.destroy();
      await once(server.close(), "close");
    },
  };
}
