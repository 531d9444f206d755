// Delivers leads to a destination of kind `http`: one POST per attempt (docs/contract.md, Outgoing requests).
import { setMaxListeners } from "node:events";
import { Pool } from "undici";
import type { HttpDestination } from "../../domain/destinations/destination.ts";
import { deliveryRequest } from "../../domain/destinations/delivery-request.ts";
import type { DeliveryRequest } from "../../domain/destinations/delivery-request.ts";
import { classifyStatus, interrupted, timedOut } from "../../domain/destinations/outcome.ts";
import type { Outcome } from "../../domain/destinations/outcome.ts";
import { exchange } from "../outgoing/exchange.ts";
import type { Answer, ExchangeEnd, ExchangeLimits } from "../outgoing/exchange.ts";
import { readAuthorities } from "../outgoing/authorities.ts";
import { connectGuarded, guardedConnector, proxyForPlain } from "../outgoing/guarded-connect.ts";
import type { ConnectOptions, ConnectTarget } from "../outgoing/guarded-connect.ts";
import type { Proxy, ProxyRules } from "../outgoing/proxy.ts";
import { sharedResolve, systemResolve } from "../outgoing/resolve.ts";
import type { Resolve } from "../outgoing/resolve.ts";
import { bodyExcerpt, bodyExcerptBytes, headerExcerpt, headerText } from "../outgoing/response-excerpt.ts";
import { classifyTransportError } from "../outgoing/transport-error.ts";
import type { AttemptResult, DeliveryMessage, Reachability, ResponseExcerpt, Sender } from "./sender.ts";

export interface HttpDestinationDeps {
  readonly nowMs: () => number;
  /** Default: the operating system's name service. */
  readonly resolve?: Resolve;
  /** Certificate authorities to trust, PEM, where the destination names no file of its own. */
  readonly ca?: string;
  /** Absent: none. */
  readonly proxy?: ProxyRules;
}

const answerReadBytes = 64 * 1_024;
const answerBodyGraceMs = 1_000;
/** A destination may announce that it keeps connections for hours; firewalls between us forget them sooner. */
const idleConnectionMaxMs = 60_000;

/**
 * A sender with connections of its own, so that a destination that hangs holds up nobody else. Throws
 * TypeError when the URL cannot be parsed: configuration has seen to that before.
 */
export function createHttpDestination(destination: HttpDestination, deps: HttpDestinationDeps): Sender {
  const url = new URL(destination.url);
  const plainProxy = proxyForPlain(targetOf(url), deps.proxy);
  const closing = new AbortController();
  setMaxListeners(0, closing.signal);
  const connectOptions = connectOptionsOf(destination, deps, closing.signal);
  const pool = new Pool(url.origin, {
    connections: destination.concurrency,
    connect: guardedConnector(connectOptions),
    pipelining: 1,
    keepAliveMaxTimeout: idleConnectionMaxMs,
  });

  return {
    async attempt(message: DeliveryMessage, signal: AbortSignal): Promise<AttemptResult> {
      const request = deliveryRequest(destination, message, deps.nowMs());
      const { method, path, headers, body } =
        plainProxy === null ? request : throughPlainProxy(request, url, plainProxy);
      const end = await exchange(pool, { method, path, headers, body }, limitsOf(destination), signal);
      return resultOf(destination, end, deps.nowMs());
    },
    probe: () => probe(destination, url, connectOptions),
    async close(): Promise<void> {
      if (closing.signal.aborted) return;
      await pool.close();
      closing.abort();
    },
  };
}

function connectOptionsOf(
  destination: HttpDestination,
  deps: HttpDestinationDeps,
  closing: AbortSignal,
): ConnectOptions {
  return {
    allowPrivate: destination.allowPrivate,
    timeoutMs: destination.timeoutMs,
    resolve: sharedResolve(deps.resolve ?? systemResolve),
    ...authoritiesOf(destination, deps),
    ...(deps.proxy === undefined ? {} : { proxy: deps.proxy }),
    closing,
  };
}

function authoritiesOf({ caFile }: HttpDestination, { ca }: HttpDestinationDeps): Pick<ConnectOptions, "ca"> {
  if (caFile !== undefined) return { ca: () => readAuthorities(caFile) };
  return ca === undefined ? {} : { ca: () => Promise.resolve(ca) };
}

/** RFC 9112 section 3.2.2: a proxy is asked with the whole address. */
function throughPlainProxy(
  request: DeliveryRequest,
  url: URL,
  { authorization }: Proxy,
): Pick<DeliveryRequest, "method" | "path" | "headers" | "body"> {
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

function limitsOf(destination: HttpDestination): ExchangeLimits {
  return {
    timeoutMs: destination.timeoutMs,
    bodyGraceMs: answerBodyGraceMs,
    bodyReadBytes: answerReadBytes,
    bodyKeptBytes: bodyExcerptBytes,
  };
}

function resultOf(destination: HttpDestination, end: ExchangeEnd, nowMs: number): AttemptResult {
  return {
    outcome: outcomeOf(destination, end, nowMs),
    durationMs: Math.round(end.elapsedMs),
    response: end.kind === "answered" ? excerptOf(end) : null,
  };
}

function outcomeOf(destination: HttpDestination, end: ExchangeEnd, nowMs: number): Outcome {
  switch (end.kind) {
    case "answered": {
      const retryAfter = headerText(end.headers, "retry-after");
      const location = headerText(end.headers, "location");
      return classifyStatus(destination.name, { status: end.status, retryAfter, location }, nowMs);
    }
    case "timed_out":
      return timedOut(destination.name, destination.timeoutMs);
    case "interrupted":
      return interrupted(destination.name);
    case "failed":
      return classifyTransportError(end.error, destination);
  }
}

function excerptOf(answer: Answer): ResponseExcerpt {
  return {
    status: answer.status,
    headers: headerExcerpt(answer.headers),
    bodyExcerpt: bodyExcerpt(answer.bodyStart),
  };
}

async function probe(destination: HttpDestination, url: URL, options: ConnectOptions): Promise<Reachability> {
  const target = targetOf(url);
  const startedMs = performance.now();
  try {
    const socket = await connectGuarded(target, options);
    const address = socket.remoteAddress ?? target.hostname;
    socket.destroy();
    return { reachable: true, address, durationMs: Math.round(performance.now() - startedMs) };
  } catch (error) {
    const { code, message } = classifyTransportError(error, destination);
    return { reachable: false, code, message };
  }
}
