// A request whose every header the test chooses, Host too, and whose connection it chooses: from where, and over TLS or not.
import { once } from "node:events";
import { request as httpRequest } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";

export interface NodeRequest {
  readonly port: number;
  readonly path: string;
  /** Absent: GET, or POST with a body. */
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** Absent: plain HTTP. Whatever certificate there is, it is taken. */
  readonly tls?: true;
  /** Absent: the system chooses. */
  readonly localAddress?: string;
}

export interface NodeAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
}

export async function nodeRequest(wanted: NodeRequest): Promise<NodeAnswer> {
  const message = await openRequest(wanted);
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return {
    status: message.statusCode ?? 0,
    headers: message.headers,
    text: Buffer.concat(chunks).toString("utf8"),
  };
}

/** The answer as soon as its head is there; whoever asks reads or destroys it. */
export async function openRequest(wanted: NodeRequest): Promise<IncomingMessage> {
  const { port, path, body, headers, localAddress } = wanted;
  const options = {
    host: "127.0.0.1",
    port,
    path,
    method: wanted.method ?? (body === undefined ? "GET" : "POST"),
    headers: { ...headers },
    agent: false as const,
    ...(localAddress === undefined ? {} : { localAddress }),
  };
  const sent =
    wanted.tls === true
      ? httpsRequest({ ...options, servername: "", rejectUnauthorized: false })
      : httpRequest(options);
  sent.end(body);
  const [message] = (await once(sent, "response")) as [IncomingMessage];
  return message;
}
