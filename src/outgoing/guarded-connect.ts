// Opens a connection to a destination, and only to an address that was checked.
import { isIP, connect as connectTcp } from "node:net";
import type { LookupFunction, Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import type { buildConnector } from "undici";
import type { FailureCode } from "../domain/destinations/outcome.ts";
import { isPublicAddress } from "./address-guard.ts";
import { ConnectError } from "./connect-error.ts";
import { withoutInterimAnswers } from "./interim-answers.ts";
import { choiceFor, noProxy } from "./proxy.ts";
import type { Proxy, ProxyRules } from "./proxy.ts";
import type { Resolve } from "./resolve.ts";
import { askForTunnel, openToProxy } from "./tunnel.ts";

export interface ConnectOptions {
  readonly allowPrivate: boolean;
  /** For everything: name, connection, TLS handshake. */
  readonly timeoutMs: number;
  readonly resolve: Resolve;
  /** PEM of the certificate authorities that are trusted instead of the public ones; read for each connection. */
  readonly ca?: () => Promise<string>;
  /** Absent: none. */
  readonly proxy?: ProxyRules;
  /** Absent: HTTP. `other` goes through a proxy as a tunnel alone, and says nothing of HTTP in its TLS. */
  readonly speaks?: "other";
  /** Aborted: a connection that is still being made is dropped. */
  readonly closing: AbortSignal;
}

export interface ConnectTarget {
  /** A name or an address literal, without brackets. */
  readonly hostname: string;
  readonly port: number;
  readonly secure: boolean;
}

/** `connectGuarded` in the form that undici asks for. */
export function guardedConnector(options: ConnectOptions): buildConnector.connector {
  return ({ hostname, port, protocol }, callback) => {
    const secure = protocol === "https:";
    const target = { hostname, port: port === "" ? (secure ? 443 : 80) : Number(port), secure };
    connectGuarded(target, options).then(
      (socket) => callback(null, withoutInterimAnswers(socket)),
      (error: unknown) => callback(error as Error, null),
    );
  };
}

/**
 * Resolves once, keeps the addresses that may be reached, and connects to those very addresses; the name
 * is not looked up again, so a name that resolves differently the second time gains nothing. Throws only
 * {@link ConnectError}.
 */
export async function connectGuarded(target: ConnectTarget, options: ConnectOptions): Promise<Socket> {
  const endsAtMs = performance.now() + options.timeoutMs;
  const leftMs = (): number => Math.max(endsAtMs - performance.now(), 1);
  const ca = target.secure && options.ca !== undefined ? await within(options, leftMs(), options.ca()) : null;
  const choice = choiceFor(options.proxy ?? noProxy, target, options.speaks);
  if (choice.kind === "unusable") throw new ConnectError("destination_connect", choice.reason);
  if (choice.kind === "proxy") return connectThrough(choice.proxy, target, ca, options, leftMs);
  const addresses = await within(options, leftMs(), reachableAddresses(target.hostname, options));
  const socket = open(target, addresses, ca, options);
  return usable(socket, within(options, leftMs(), established(socket, target, options)));
}

/** The addresses that whoever connects by itself may connect to, past all proxies. Throws only {@link ConnectError}. */
export async function addressesFor(
  { hostname, port }: Pick<ConnectTarget, "hostname" | "port">,
  options: ConnectOptions,
): Promise<readonly string[]> {
  const target = { hostname, port, secure: false };
  if (choiceFor(options.proxy ?? noProxy, target, options.speaks).kind !== "direct") {
    const way = "it cannot be reached through ALL_PROXY; NO_PROXY can name its host";
    throw new ConnectError("destination_connect", way);
  }
  return within(options, options.timeoutMs, reachableAddresses(hostname, options));
}

/**
 * Through a proxy. Without `allow_private` the name is resolved here all the same, and a tunnel is asked for to the
 * address that was checked, so that the proxy cannot be made to reach into the network either; with it the proxy gets the
 * name, and decides. A tunnel is for TLS and for what is no HTTP; HTTP in the open: a proxy wants the whole request, and
 * gets the name.
 */
async function connectThrough(
  proxy: Proxy,
  target: ConnectTarget,
  ca: string | null,
  options: ConnectOptions,
  leftMs: () => number,
): Promise<Socket> {
  const checked = options.allowPrivate
    ? null
    : await within(options, leftMs(), reachableAddresses(target.hostname, options));
  const socket = openToProxy(proxy).on("error", () => undefined);
  const connected = ready(socket, proxy.secure ? "secureConnect" : "connect", "destination_connect").catch(
    (error: unknown) => {
      throw new ConnectError("destination_connect", `the proxy: ${detailOf(error)}`, error);
    },
  );
  await usable(socket, within(options, leftMs(), connected));
  if (!target.secure && options.speaks !== "other") return socket;
  const host = checked?.[0] ?? target.hostname;
  const asked = askForTunnel(socket, proxy, { host, port: target.port }).catch((error: unknown) => {
    throw new ConnectError("destination_connect", detailOf(error), error);
  });
  await usable(socket, within(options, leftMs(), asked));
  if (!target.secure) return socket;
  const secured = connectTls({ socket, host: target.hostname, ...tlsOptions(target, ca, options) });
  secured.on("error", () => undefined);
  return usable(secured, within(options, leftMs(), ready(secured, "secureConnect", "destination_tls")));
}

/** Whether plain requests to it are written to a proxy, with the whole address; `unusable` is said when connecting. */
export function proxyForPlain(target: ConnectTarget, rules: ProxyRules = noProxy): Proxy | null {
  if (target.secure) return null;
  const choice = choiceFor(rules, target);
  return choice.kind === "proxy" ? choice.proxy : null;
}

/** The socket when `work` is done; otherwise it is dropped. */
async function usable(socket: Socket, work: Promise<void>): Promise<Socket> {
  try {
    await work;
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

function ready(socket: Socket, event: "connect" | "secureConnect", step: FailureCode): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, () => resolve());
    socket.once("error", (error) => reject(new ConnectError(step, detailOf(error), error)));
    socket.once("close", () => reject(new ConnectError(step, "the connection was closed")));
  });
}

/** The addresses of a name that may be connected to: at least one. Throws {@link ConnectError}. */
export async function reachableAddresses(
  hostname: string,
  { resolve, allowPrivate }: Pick<ConnectOptions, "resolve" | "allowPrivate">,
): Promise<readonly string[]> {
  const addresses = isIP(hostname) > 0 ? [hostname] : await lookUp(hostname, resolve);
  const [first] = addresses;
  if (first === undefined) throw new ConnectError("destination_dns", `${hostname} has no address`);
  const allowed = allowPrivate ? addresses : addresses.filter(isPublicAddress);
  if (allowed.length === 0) throw forbidden(hostname, first);
  return allowed;
}

async function lookUp(hostname: string, resolve: Resolve): Promise<readonly string[]> {
  try {
    return await resolve(hostname);
  } catch (error) {
    throw new ConnectError("destination_dns", `${hostname}: ${detailOf(error)}`, error);
  }
}

function forbidden(hostname: string, address: string): ConnectError {
  const where = hostname === address ? address : `${hostname} at ${address}`;
  return new ConnectError("destination_address_forbidden", where);
}

/** An address that does not answer must not use up the time of the others. */
const addressAttemptMs = 1_000;

function open(
  target: ConnectTarget,
  addresses: readonly string[],
  ca: string | null,
  speaking: Pick<ConnectOptions, "speaks">,
): Socket {
  const options = {
    host: target.hostname,
    port: target.port,
    lookup: answering(addresses),
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: addressAttemptMs,
    noDelay: true,
    keepAlive: true,
    keepAliveInitialDelay: 60_000,
  };
  const socket = target.secure
    ? connectTls({ ...options, ...tlsOptions(target, ca, speaking) })
    : connectTcp(options);
  // undici adds its own listener a moment after the connection is made; until then nobody else listens.
  return socket.on("error", () => undefined);
}

/** RFC 7301 section 3.2: a server that speaks something else must end a connection for which HTTP is asked. */
function tlsOptions(target: ConnectTarget, ca: string | null, { speaks }: Pick<ConnectOptions, "speaks">) {
  const protocols = speaks === "other" ? {} : { ALPNProtocols: ["http/1.1"] };
  return { ...serverName(target), ...protocols, ...(ca === null ? {} : { ca }) };
}

/** RFC 6066 section 3: a name without its final dot, never an address. Node sends none by itself. */
function serverName({ hostname }: ConnectTarget): { servername?: string } {
  return isIP(hostname) > 0 ? {} : { servername: hostname.replace(/\.$/, "") };
}

/** Node skips this for an address literal; `reachableAddresses` has checked those itself. */
function answering(addresses: readonly string[]): LookupFunction {
  const entries = addresses.map((address) => ({ address, family: isIP(address) }));
  return (_hostname, options, callback) => {
    const [first] = entries;
    if (options.all === true) callback(null, entries);
    else callback(null, first?.address ?? "", first?.family ?? 0);
  };
}

/** Fulfils when the socket can be written to; names the step that failed otherwise. */
function established(socket: Socket, target: ConnectTarget, { allowPrivate }: ConnectOptions): Promise<void> {
  return new Promise((resolve, reject) => {
    let step: FailureCode = "destination_connect";
    socket.once("connect", () => {
      const address = socket.remoteAddress ?? "";
      // Not reachable as long as the code above is right. It is the address that counts in the end.
      if (!allowPrivate && !isPublicAddress(address)) reject(forbidden(target.hostname, address));
      else if (target.secure) step = "destination_tls";
      else resolve();
    });
    socket.once("secureConnect", () => resolve());
    socket.once("error", (error) => reject(new ConnectError(step, detailOf(error), error)));
    socket.once("close", () => reject(new ConnectError(step, "the connection was closed")));
  });
}

function within<T>(options: ConnectOptions, timeoutMs: number, work: Promise<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => end(new ConnectError("destination_timeout", "no connection")), timeoutMs);
    const onClosing = (): void => end(new ConnectError("delivery_interrupted", "closing"));
    options.closing.addEventListener("abort", onClosing, { once: true });
    const end = (error: ConnectError): void => {
      settle();
      reject(error);
    };
    const settle = (): void => {
      clearTimeout(timer);
      options.closing.removeEventListener("abort", onClosing);
    };
    work.finally(settle).then(resolve, reject);
  });
}

/** OpenSSL's and the system's own words; they name certificates and addresses, never payloads. */
function detailOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const code = (error as NodeJS.ErrnoException).code;
  const message = error.message === "" ? "no address answered" : error.message;
  return code === undefined || message.includes(code) ? message : `${message} (${code})`;
}
