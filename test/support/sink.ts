// A destination for tests: a real HTTP server that writes down what arrives and behaves, or misbehaves, as told.
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingHttpHeaders, IncomingMessage, Server, ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo, Socket } from "node:net";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { setTimeout as delay } from "node:timers/promises";

export interface SinkRequest {
  /** `webhook-id`. */
  readonly id: string;
  /** How often this id has arrived, this time included. */
  readonly attempt: number;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
  readonly receivedAtMs: number;
  /** The number of the connection it came on, from 1. */
  readonly connection: number;
}

export type SinkAnswer =
  | {
      readonly kind: "answer";
      readonly status: number;
      readonly headers?: Readonly<Record<string, string>>;
      readonly body?: string | Uint8Array;
      readonly delayMs?: number;
    }
  /** Never answers. */
  | { readonly kind: "hang" }
  /** An endless answer, one byte at a time; from its first byte on, or only its body. */
  | {
      readonly kind: "drip";
      readonly part: "head" | "body";
      readonly status: number;
      readonly everyMs: number;
    }
  /** Announces a body and sends only its beginning. */
  | { readonly kind: "stall_body"; readonly status: number }
  | { readonly kind: "cut_body"; readonly status: number }
  /** Closes (FIN) or resets (RST) the connection instead of answering. */
  | { readonly kind: "close" }
  | { readonly kind: "reset" }
  /** A body of this size, as fast as it is taken; Infinity (chunked only): it never ends. */
  | {
      readonly kind: "flood";
      readonly status: number;
      readonly bytes: number;
      readonly framing?: "length" | "chunked";
    }
  /** `first`, then `again` and again, as fast as it is taken, until so many bytes are sent; instead of an HTTP answer. */
  | { readonly kind: "raw_flood"; readonly first: string; readonly again: string; readonly bytes: number }
  /** These bytes instead of an HTTP answer; the connection stays open unless told otherwise. */
  | {
      readonly kind: "raw";
      readonly bytes: string;
      readonly thenClose?: boolean;
      readonly thenReset?: boolean;
    };

export type SinkBehaviour = (request: SinkRequest) => SinkAnswer | Promise<SinkAnswer>;

export const accept: SinkBehaviour = () => ({ kind: "answer", status: 200 });

/** The same answer to every request. */
export function always(answer: SinkAnswer): SinkBehaviour {
  return () => answer;
}

export interface SinkOptions {
  /** With the certificate of {@link sinkCa}, for the name `crm.test`. */
  readonly tls?: boolean;
  readonly port?: number;
}

export interface Sink {
  /** `http://127.0.0.1:<port>/leads` */
  readonly url: string;
  readonly port: number;
  readonly requests: readonly SinkRequest[];
  behave(behaviour: SinkBehaviour): void;
  countOf(id: string): number;
  connectionsMade(): number;
  /** Numbers of the connections that are open now. */
  connectionsOpen(): readonly number[];
  bytesSent(): number;
  /** Names that TLS clients asked for. */
  readonly serverNames: readonly string[];
  close(): Promise<void>;
}

/** The authority (PEM) that vouches for a sink with `tls`. */
export const sinkCa = readFileSync(new URL("tls/crm.test.cert.pem", import.meta.url), "utf8");

export async function startSink(behaviour: SinkBehaviour = accept, options: SinkOptions = {}): Promise<Sink> {
  const requests: SinkRequest[] = [];
  const counts = new Map<string, number>();
  const connections = new Map<Socket, number>();
  const serverNames: string[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let current = behaviour;
  let made = 0;
  let sentByClosed = 0;

  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const id = headerOf(request, "webhook-id");
    const attempt = (counts.get(id) ?? 0) + 1;
    counts.set(id, attempt);
    const record = recordOf(request, { id, attempt, body, connection: connections.get(request.socket) ?? 0 });
    requests.push(record);
    await give(await current(record), response, timers);
  };
  const server = createListener(options, (request, response) => {
    serve(request, response).catch(() => request.socket.destroy());
  });
  server.on(options.tls === true ? "secureConnection" : "connection", (socket: Socket) => {
    connections.set(socket, ++made);
    if ("servername" in socket && typeof socket.servername === "string") serverNames.push(socket.servername);
    socket.once("close", () => {
      sentByClosed += socket.bytesWritten;
      connections.delete(socket);
    });
  });
  server.listen(options.port ?? 0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;

  return {
    url: `${options.tls === true ? "https" : "http"}://127.0.0.1:${port}/leads`,
    port,
    requests,
    behave: (next) => void (current = next),
    countOf: (id) => counts.get(id) ?? 0,
    connectionsMade: () => made,
    connectionsOpen: () => [...connections.values()],
    bytesSent: () => [...connections.keys()].reduce((sum, socket) => sum + socket.bytesWritten, sentByClosed),
    serverNames,
    async close(): Promise<void> {
      for (const timer of timers) clearInterval(timer);
      server.close();
      server.closeAllConnections();
      if (server.listening || connections.size > 0) await once(server, "close");
    },
  };
}

function createListener(
  options: SinkOptions,
  listener: (q: IncomingMessage, a: ServerResponse) => void,
): Server {
  if (options.tls !== true) return createServer(listener);
  const key = readFileSync(new URL("tls/crm.test.key.pem", import.meta.url), "utf8");
  return createTlsServer({ cert: sinkCa, key }, listener);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

function headerOf(request: IncomingMessage, name: string): string {
  const value = request.headers[name];
  return typeof value === "string" ? value : "";
}

function recordOf(
  request: IncomingMessage,
  known: Pick<SinkRequest, "id" | "attempt" | "body" | "connection">,
): SinkRequest {
  const { method = "", url: path = "", headers } = request;
  return { ...known, method, path, headers, receivedAtMs: Date.now() };
}

async function give(
  answer: SinkAnswer,
  response: ServerResponse,
  timers: Set<NodeJS.Timeout>,
): Promise<void> {
  const socket = response.socket;
  if (socket === null) return;
  switch (answer.kind) {
    case "answer":
      if (answer.delayMs !== undefined) await delay(answer.delayMs);
      response.writeHead(answer.status, answer.headers ?? {}).end(answer.body ?? "");
      return;
    case "hang":
      return;
    case "drip":
      drip(socket, answer, timers);
      return;
    case "stall_body":
      response.writeHead(answer.status, { "content-length": "1000" }).write("beginning");
      return;
    case "cut_body":
      response
        .writeHead(answer.status, { "content-length": "1000" })
        .write("beginning", () => socket.destroy());
      return;
    case "close":
      socket.end();
      return;
    case "reset":
      socket.resetAndDestroy();
      return;
    case "flood":
      await flood(answer, response);
      return;
    case "raw_flood":
      socket.write(answer.first);
      await pipeline(Readable.from(chunks(answer.bytes, answer.again)), socket);
      return;
    case "raw":
      if (answer.thenClose === true) socket.end(answer.bytes);
      else if (answer.thenReset === true) socket.write(answer.bytes, () => socket.resetAndDestroy());
      else socket.write(answer.bytes);
      return;
  }
}

function drip(socket: Socket, answer: SinkAnswer & { kind: "drip" }, timers: Set<NodeJS.Timeout>): void {
  const head = `HTTP/1.1 ${answer.status} Dripping\r\ncontent-length: 1000000\r\nx-filler: `;
  let rest = answer.part === "head" ? head : "";
  if (answer.part === "body") socket.write(`${head}\r\n\r\n`);
  const timer = setInterval(() => {
    socket.write(rest.charAt(0) || "x");
    rest = rest.slice(1);
  }, answer.everyMs);
  timers.add(timer);
  socket.once("close", () => {
    clearInterval(timer);
    timers.delete(timer);
  });
}

/** Ends when everything is sent or the client has gone. */
async function flood(answer: SinkAnswer & { kind: "flood" }, response: ServerResponse): Promise<void> {
  const framing =
    answer.framing === "chunked"
      ? { "transfer-encoding": "chunked" }
      : { "content-length": String(answer.bytes) };
  response.writeHead(answer.status, framing);
  await pipeline(Readable.from(chunks(answer.bytes, "x")), response);
}

const chunkBytes = 64 * 1_024;

/** `again` and again: so many bytes, or a little more so that it ends whole. */
function* chunks(bytes: number, again: string): Generator<Buffer> {
  const chunk = Buffer.from(again.repeat(Math.ceil(chunkBytes / again.length)));
  for (let leftBytes = bytes; leftBytes > 0; leftBytes -= chunk.length)
    yield again.length === 1 ? chunk.subarray(0, Math.min(leftBytes, chunk.length)) : chunk;
}
