// HTTP/2 (RFC 9113) on the own TLS listener, beside HTTP/1.1 on the same port. The listener stays node's HTTPS server with
// all its limits for HTTP/1.1; a connection whose client chose h2 (ALPN, RFC 7301) comes here. Node has no limits of time
// for those, and many requests may be under way on one of them: both are seen to here.
import type { IncomingMessage, ServerResponse } from "node:http";
import { constants, createServer } from "node:http2";
import type { Http2ServerRequest, Http2ServerResponse, ServerHttp2Session } from "node:http2";
import type { Server as HttpsServer } from "node:https";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { HttpLimits } from "./http-limits.ts";

export interface Http2Deps {
  readonly limits: HttpLimits;
  readonly answer: (request: IncomingMessage, response: ServerResponse) => void;
  /** Says so to a request that cannot be taken. */
  readonly refuse: (
    request: IncomingMessage,
    response: ServerResponse,
    code: "headers_too_large" | "request_malformed",
  ) => void;
  /** A connection is of use now. */
  readonly onUse: (socket: Socket) => void;
}

export interface Http2Connections {
  readonly has: (socket: Socket) => boolean;
  /** Whether a request that came whole waits for an answer of ours. */
  readonly isAwaited: (socket: Socket) => boolean;
  /** Ends a connection. Requests that have not come whole are told. */
  dismiss(socket: Socket): void;
  /** Takes no new requests; each connection ends with its last answer. */
  stop(): void;
}

/** Section 6.5.2 recommends no less. */
const streamsPerConnectionMax = 100;
/** Method, scheme, authority and path (section 8.3.1). */
const pseudoHeaders = 4;
/** For the other side to read the last answer and to close. */
const lingerMs = 1_000;

interface Connection {
  readonly socket: Socket;
  readonly session: ServerHttp2Session;
  readonly exchanges: Set<Exchange>;
  /** Since when no request is under way. */
  idleSinceMs: number;
  hasBegun: boolean;
}

interface Exchange {
  readonly request: Http2ServerRequest;
  readonly response: Http2ServerResponse;
  readonly begunAtMs: number;
  /** null: it is not too late. */
  lateSinceMs: number | null;
}

export function serveHttp2(https: HttpsServer, deps: Http2Deps): Http2Connections {
  const { limits, onUse } = deps;
  const bySocket = new Map<Socket, Connection>();
  const bySession = new WeakMap<ServerHttp2Session, Connection>();
  /** Of all connections, in the order in which they began. */
  const underWay = new Set<Exchange>();
  let isStopping = false;

  const http2 = createServer({
    settings: { maxConcurrentStreams: streamsPerConnectionMax, maxHeaderListSize: limits.headersMaxBytes },
    maxHeaderListPairs: limits.headersMaxCount + pseudoHeaders,
  });
  let arriving: Socket | null = null;
  http2.on("session", (session) => {
    if (arriving === null) return;
    const socket = arriving;
    const idleSinceMs = performance.now();
    const connection: Connection = { socket, session, exchanges: new Set(), idleSinceMs, hasBegun: false };
    bySocket.set(socket, connection);
    bySession.set(session, connection);
    session.once("close", () => bySocket.delete(socket));
    if (isStopping) session.close();
  });
  // What is wrong on a connection is its own affair, and node ends it.
  http2.on("sessionError", () => undefined);

  function take(request: Http2ServerRequest, response: Http2ServerResponse): void {
    const { session } = request.stream;
    const connection = session === undefined ? undefined : bySession.get(session as ServerHttp2Session);
    if (connection === undefined) return;
    if (!makeRoom()) {
      // Nothing of it was looked at: it may be sent again, whatever it is (section 8.7).
      request.stream.close(constants.NGHTTP2_REFUSED_STREAM);
      return;
    }
    begin(connection, { request, response, begunAtMs: performance.now(), lateSinceMs: null });
    const [incoming, outgoing] = asOfHttp1(request, response);
    if (!fitsHeaders(request, limits)) deps.refuse(incoming, outgoing, "headers_too_large");
    else if (!namesOneHost(request)) deps.refuse(incoming, outgoing, "request_malformed");
    else deps.answer(incoming, outgoing);
  }
  http2.on("request", take);
  // As over HTTP/1.1: an expectation that is not known may be ignored.
  http2.on("checkExpectation", take);

  function begin(connection: Connection, exchange: Exchange): void {
    const { stream } = exchange.request;
    answerTheLivingAlone(exchange.response);
    connection.exchanges.add(exchange);
    connection.hasBegun = true;
    underWay.add(exchange);
    onUse(connection.socket);
    stream.setTimeout(limits.silenceTimeoutMs, () => {
      // An answer that nobody reads; one that takes its time to be made has nothing to be read yet.
      if (stream.writableLength > 0 || exchange.response.writableEnded) {
        stream.close(constants.NGHTTP2_CANCEL);
      }
    });
    stream.once("close", () => {
      underWay.delete(exchange);
      connection.exchanges.delete(exchange);
      connection.idleSinceMs = performance.now();
    });
  }

  /** As many requests as there may be connections: over HTTP/1.1 each has one. Who sends slowly gives way. */
  function makeRoom(): boolean {
    if (underWay.size < limits.connectionsMax) return true;
    for (const exchange of underWay) {
      if (exchange.request.complete) continue;
      tellLate(exchange);
      underWay.delete(exchange);
      return true;
    }
    return false;
  }

  function endLate(): void {
    const now = performance.now();
    for (const exchange of underWay) {
      const { request, begunAtMs, lateSinceMs } = exchange;
      if (request.complete) continue;
      if (lateSinceMs !== null && now - lateSinceMs > lingerMs)
        request.stream.close(constants.NGHTTP2_CANCEL);
      else if (lateSinceMs === null && now - begunAtMs > limits.requestTimeoutMs) tellLate(exchange);
    }
    for (const { session, exchanges, idleSinceMs, hasBegun } of bySocket.values()) {
      const limitMs = hasBegun ? limits.keepAliveTimeoutMs : limits.headersTimeoutMs;
      if (exchanges.size === 0 && now - idleSinceMs > limitMs) end(session);
    }
  }
  const timer = setInterval(endLate, limits.lateCheckEveryMs);
  timer.unref();
  https.once("close", () => clearInterval(timer));

  const [http1] = https.listeners("secureConnection") as ((socket: TLSSocket) => void)[];
  if (http1 === undefined) throw new Error("an HTTPS server listens to its connections");
  https.removeListener("secureConnection", http1);
  https.on("secureConnection", (socket) => {
    if (socket.alpnProtocol !== "h2") {
      http1.call(https, socket);
      return;
    }
    arriving = socket;
    http2.emit("connection", socket);
    arriving = null;
  });

  return {
    has: (socket) => bySocket.has(socket),
    isAwaited(socket) {
      const exchanges = bySocket.get(socket)?.exchanges ?? [];
      return [...exchanges].some(({ request, response }) => request.complete && !response.writableEnded);
    },
    dismiss(socket) {
      const connection = bySocket.get(socket);
      if (connection === undefined) return;
      for (const exchange of connection.exchanges) if (!exchange.request.complete) tellLate(exchange);
      end(connection.session);
    },
    stop() {
      isStopping = true;
      for (const { session } of bySocket.values()) session.close();
    },
  };
}

/** For whoever reads a body: its time is over. */
export const bodyIsLate = Symbol("the body of an HTTP/2 request takes too long");

function tellLate(exchange: Exchange): void {
  exchange.lateSinceMs ??= performance.now();
  exchange.request.emit(bodyIsLate);
}

/** Node throws where HTTP/1.1 says nothing: at an answer to a request whose client went away in this very moment. */
function answerTheLivingAlone(response: Http2ServerResponse): void {
  const end = response.end.bind(response) as (...written: unknown[]) => Http2ServerResponse;
  const { stream } = response;
  response.end = (...written: unknown[]) => (stream.destroyed ? response : end(...written));
}

/** Section 6.8: what is under way is finished; who does not close is cut off. */
function end(session: ServerHttp2Session): void {
  session.close();
  setTimeout(() => session.destroy(), lingerMs).unref();
}

/** Our settings say so as well, but a client may not have heard of them before its first requests. */
function fitsHeaders(
  { rawHeaders }: Http2ServerRequest,
  { headersMaxCount, headersMaxBytes }: HttpLimits,
): boolean {
  if (rawHeaders.length > 2 * (headersMaxCount + pseudoHeaders)) return false;
  return rawHeaders.reduce((bytes, part) => bytes + part.length, 0) <= headersMaxBytes;
}

/**
 * Section 8.3.1: `:authority` is what HTTP/1.1 calls Host. If both came, another program on the way may take the request
 * to be for the other one.
 */
function namesOneHost({ headers }: Http2ServerRequest): boolean {
  const authority = headers[":authority"];
  if (headers.host === undefined && authority !== undefined) headers.host = authority;
  return authority === undefined || headers.host === authority;
}

/** What LeadLedger uses of node's requests and answers, HTTP/2 has in the same shape. */
function asOfHttp1(request: Http2ServerRequest, response: Http2ServerResponse) {
  return [request, response] as unknown as readonly [IncomingMessage, ServerResponse];
}
