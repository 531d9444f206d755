// Guarded HTTP to one origin: connections of its own, so that a destination that hangs holds up nobody else.
import { Pool } from "undici";
import { exchange } from "./exchange.ts";
import type { ExchangeEnd, ExchangeLimits } from "./exchange.ts";
import { connectGuarded, guardedConnector, proxyForPlain } from "./guarded-connect.ts";
import type { ConnectTarget } from "./guarded-connect.ts";
import { connectOptionsOf } from "./outgoing.ts";
import type { OutgoingDeps, Reach } from "./outgoing.ts";
import type { Proxy } from "./proxy.ts";
import { bodyExcerptBytes } from "./response-excerpt.ts";

export interface HttpRequest {
  readonly method: string;
  /** Path and query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpClient {
  /**
   * Sent once, never again by itself; ends within `timeoutMs` (absent: that of the reach), or when the signal is aborted.
   * `answerKeptBytes`: as in the reach, for this answer alone. Never rejects.
   */
  request(
    request: HttpRequest,
    signal: AbortSignal,
    timeoutMs?: number,
    answerKeptBytes?: number,
  ): Promise<ExchangeEnd>;
  /** Makes a connection and drops it: the address that answered. Rejects for `classifyTransportError`. */
  tryToConnect(): Promise<string>;
  /** Waits for what is under way, then drops the connections; may be called twice. */
  close(): Promise<void>;
}

export interface HttpReach extends Reach {
  /** Connections at once. */
  readonly concurrency: number;
  /** Of an answer's body, kept; absent: as much as people are shown of it. */
  readonly answerKeptBytes?: number;
  /** The answer's body says what became of the request: as much of it is waited for as the whole request may take. */
  readonly bodyDecides?: boolean;
}

const answerReadBytes = 64 * 1_024;
const answerBodyGraceMs = 1_000;
/** A destination may announce that it keeps connections for hours; firewalls between us forget them sooner. */
const idleConnectionMaxMs = 60_000;

export function openHttpClient(url: URL, reach: HttpReach, deps: OutgoingDeps): HttpClient {
  const target = targetOf(url);
  const plainProxy = proxyForPlain(target, deps.proxy);
  const closing = new AbortController();
  const connectOptions = connectOptionsOf(reach, deps, closing.signal);
  const limits: ExchangeLimits = {
    timeoutMs: reach.timeoutMs,
    bodyGraceMs: reach.bodyDecides === true ? reach.timeoutMs : answerBodyGraceMs,
    bodyReadBytes: Math.max(answerReadBytes, reach.answerKeptBytes ?? 0),
    bodyKeptBytes: reach.answerKeptBytes ?? (reach.bodyDecides === true ? answerReadBytes : bodyExcerptBytes),
  };
  const pool = new Pool(url.origin, {
    connections: reach.concurrency,
    connect: guardedConnector(connectOptions),
    pipelining: 1,
    keepAliveMaxTimeout: idleConnectionMaxMs,
  });

  return {
    request(request, signal, timeoutMs, answerKeptBytes) {
      const { method, path, headers, body } =
        plainProxy === null ? request : throughPlainProxy(request, url, plainProxy);
      const keptBytes = answerKeptBytes ?? limits.bodyKeptBytes;
      const own: ExchangeLimits = {
        timeoutMs: timeoutMs ?? limits.timeoutMs,
        bodyGraceMs: limits.bodyGraceMs,
        bodyReadBytes: Math.max(limits.bodyReadBytes, keptBytes),
        bodyKeptBytes: keptBytes,
      };
      return exchange(pool, { method, path, headers, body }, own, signal);
    },
    async tryToConnect() {
      const socket = await connectGuarded(target, connectOptions);
      const address = socket.remoteAddress ?? target.hostname;
      socket.destroy();
      return address;
    },
    async close() {
      if (closing.signal.aborted) return;
      await pool.close();
      closing.abort();
    },
  };
}

/** RFC 9112 section 3.2.2: a proxy is asked with the whole address. */
function throughPlainProxy(request: HttpRequest, url: URL, { authorization }: Proxy): HttpRequest {
  return {
    ...request,
    path: url.origin + request.path,
    headers: {
      ...request.headers,
      ...(authorization === null ? {} : { "proxy-authorization": authorization }),
    },
  };
}

function targetOf(url: URL): ConnectTarget {
  const secure = url.protocol === "https:";
  const hostname = url.hostname.replace(/^\[|\]$/g, "");
  return { hostname, port: url.port === "" ? (secure ? 443 : 80) : Number(url.port), secure };
}
