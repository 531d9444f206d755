// Who asks, and for which address, as the reverse proxies on the way say it: X-Forwarded-For, -Host and -Proto, or
// Forwarded (RFC 7239). Only proxies that are trusted are believed, from the nearest one outwards.
import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { BlockList, isIP } from "node:net";

export interface Asked {
  /** IP address of the client; of the proxy where that does not say (RFC 7239 section 6: `unknown`, `_hidden`). */
  readonly clientAddress: string;
  readonly protocol: "http" | "https";
  /** With its port unless it is the protocol's own; as the browser has it in its address bar. "": none was named. */
  readonly host: string;
}

export interface Arrived {
  readonly headers: IncomingHttpHeaders;
  /** Of the connection. */
  readonly remoteAddress: string | undefined;
  readonly isEncrypted: boolean;
}

export type IsTrusted = (address: string) => boolean;

/** `proxies`: IP addresses and networks, checked. */
export function trustProxies(proxies: readonly string[]): IsTrusted {
  if (proxies.length === 0) return () => false;
  const list = new BlockList();
  for (const proxy of proxies) {
    const [address = "", prefix] = proxy.split("/");
    const family = familyOf(address);
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return (address) => isIP(address) !== 0 && list.check(address, familyOf(address));
}

/**
 * Where a proxy in front of another one has added to a list (`a, b`), what the outermost trusted one has seen counts. What
 * came from the client itself stands further left and is never reached. X-Forwarded-* is read where there is any,
 * Forwarded otherwise: a client can send the one that its proxy does not write.
 */
export function askedOf({ headers, remoteAddress, isEncrypted }: Arrived, isTrusted: IsTrusted): Asked {
  const peer = plainAddress(remoteAddress ?? "") ?? "";
  const direct: Asked = {
    clientAddress: peer,
    protocol: isEncrypted ? "https" : "http",
    host: typeof headers.host === "string" ? headers.host : "",
  };
  if (!isTrusted(peer)) return direct;
  const said = isForwarded(headers)
    ? saidByForwardedFor(headers, isTrusted)
    : saidByForwarded(headers, isTrusted);
  return {
    clientAddress: said.clientAddress ?? direct.clientAddress,
    protocol: protocolOf(said.protocol) ?? direct.protocol,
    host: said.host !== null && isHost(said.host) ? said.host : direct.host,
  };
}

/** Whose address a request came from; null: a proxy stands before it that is not trusted, so that nobody knows. */
export function clientAddressOf(
  { headers, socket }: Pick<IncomingMessage, "headers" | "socket">,
  isTrusted: IsTrusted,
): string | null {
  const { remoteAddress } = socket;
  const { clientAddress } = askedOf({ headers, remoteAddress, isEncrypted: false }, isTrusted);
  if (clientAddress === "" || clientAddress !== plainAddress(remoteAddress ?? ""))
    return clientAddress || null;
  const isProxy = isTrusted(clientAddress) || isForwarded(headers) || headers["forwarded"] !== undefined;
  return isProxy ? null : clientAddress;
}

/** Whether a text is a host with or without a port, and nothing that would mean something to a shell or in HTML. */
export function isHost(text: string): boolean {
  return /^(?:[A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::[0-9]{1,5})?$/.test(text);
}

interface Said {
  readonly clientAddress: string | null;
  readonly protocol: string | null;
  readonly host: string | null;
}

function isForwarded(headers: IncomingHttpHeaders): boolean {
  return ["x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"].some(
    (name) => headers[name] !== undefined,
  );
}

function saidByForwardedFor(headers: IncomingHttpHeaders, isTrusted: IsTrusted): Said {
  const clients = listOf(headers["x-forwarded-for"]);
  let clientAddress: string | null = null;
  let trustedProxies = 1;
  for (const client of [...clients].reverse()) {
    const address = plainAddress(client);
    if (address === null) break;
    clientAddress = address;
    if (!isTrusted(address)) break;
    trustedProxies += 1;
  }
  // Each proxy adds one address; the first one is the client's, even if it could be a proxy's.
  const hops = Math.min(trustedProxies, Math.max(clients.length, 1));
  const seen = (name: string): string | null => {
    const values = listOf(headers[name]);
    // A proxy that writes the header anew instead of adding to it leaves fewer values than there are proxies.
    return values[Math.max(0, values.length - hops)] ?? null;
  };
  return { clientAddress, protocol: seen("x-forwarded-proto"), host: seen("x-forwarded-host") };
}

function saidByForwarded(headers: IncomingHttpHeaders, isTrusted: IsTrusted): Said {
  let said: Said = { clientAddress: null, protocol: null, host: null };
  for (const element of elementsOf(textOf(headers["forwarded"])).reverse()) {
    const address = plainAddress(element.get("for") ?? "");
    said = {
      clientAddress: address ?? said.clientAddress,
      protocol: element.get("proto") ?? said.protocol,
      host: element.get("host") ?? said.host,
    };
    if (address === null || !isTrusted(address)) break;
  }
  return said;
}

/** RFC 7239 section 4: elements by commas, pairs by semicolons, values that may be quoted. */
function elementsOf(header: string): Map<string, string>[] {
  const elements: Map<string, string>[] = [];
  for (const element of header.match(/(?:"(?:\\.|[^"\\])*"|[^,"])+/g) ?? []) {
    const pairs = new Map<string, string>();
    for (const pair of element.match(/(?:"(?:\\.|[^"\\])*"|[^;"])+/g) ?? []) {
      const equals = pair.indexOf("=");
      const key = pair.slice(0, Math.max(equals, 0)).trim().toLowerCase();
      // Each one once; of two, a client may have smuggled in the second.
      if (key !== "" && !pairs.has(key)) pairs.set(key, unquoted(pair.slice(equals + 1).trim()));
    }
    if (pairs.size > 0) elements.push(pairs);
  }
  return elements;
}

/** RFC 9110 section 5.6.4. */
function unquoted(value: string): string {
  const isQuoted = value.length > 1 && value.startsWith('"') && value.endsWith('"');
  return isQuoted ? value.slice(1, -1).replace(/\\(.)/g, "$1") : value;
}

function listOf(header: string | string[] | undefined): string[] {
  return textOf(header)
    .split(",")
    .map((part) => part.trim())
    .filter((part) => part !== "");
}

function textOf(header: string | string[] | undefined): string {
  return Array.isArray(header) ? header.join(",") : (header ?? "");
}

function protocolOf(text: string | null): "http" | "https" | null {
  const protocol = text?.toLowerCase();
  return protocol === "http" || protocol === "https" ? protocol : null;
}

/** Without the port that some write behind it (RFC 7239 section 6), and IPv4 as itself; null: it is no address. */
function plainAddress(text: string): string | null {
  const bracketed = /^\[([^\]]+)\](?::\d+)?$/.exec(text)?.[1];
  const withPort = /^(\d+\.\d+\.\d+\.\d+):\d+$/.exec(text)?.[1];
  const [withoutZone = ""] = (bracketed ?? withPort ?? text).split("%", 1);
  const address = withoutZone.replace(/^::ffff:(?=\d+\.)/i, "");
  return isIP(address) === 0 ? null : address;
}

function familyOf(address: string): "ipv4" | "ipv6" {
  return isIP(address) === 6 ? "ipv6" : "ipv4";
}
