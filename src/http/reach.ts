// How LeadLedger is reached from the outside: under which address, and below which path.
import type { FastifyRequest } from "fastify";
import type { PublicUrl } from "../config/public-url.ts";
import { askedOf, isHost } from "./forwarded.ts";
import type { Asked, IsTrusted } from "./forwarded.ts";

export interface Reach {
  /** null: whatever the request was sent to. */
  readonly publicUrl: PublicUrl | null;
  readonly isTrusted: IsTrusted;
}

export interface AskedFrom extends Asked {
  /** What stands before all of our paths in the browser's address: `/leads`, or "" if LeadLedger has the host to itself. */
  readonly basePath: string;
}

export const directReach: Reach = { publicUrl: null, isTrusted: () => false };

/** What is looked at of a request. */
type Asking = Pick<FastifyRequest, "headers" | "raw">;

export function askedFrom({ headers, raw }: Asking, { publicUrl, isTrusted }: Reach): AskedFrom {
  const asked = askedOf(
    { headers, remoteAddress: raw.socket.remoteAddress, isEncrypted: "encrypted" in raw.socket },
    isTrusted,
  );
  // A proxy that ends TLS and keeps Host need not say more: the public address is known.
  if (publicUrl !== null && (cameByBasePath in raw || isSameHost(asked.host, publicUrl)))
    return { ...asked, protocol: publicUrl.protocol, host: publicUrl.host, basePath: publicUrl.path };
  return { ...asked, basePath: "" };
}

/** `https://leads.example`, with what stands before our paths; null: the request names no address. */
export function addressFor(request: Asking, reach: Reach): string | null {
  if (reach.publicUrl !== null) return reach.publicUrl.href;
  const { protocol, host } = askedFrom(request, reach);
  // Whatever else stands in the header must not reach a shell.
  return isHost(host) ? `${protocol}://${host}` : null;
}

/** First segments of our paths that no view of the dashboard has. */
const segments: ReadonlySet<string> = new Set([
  ...["", "api", "assets", "health", "icon.svg", "livez", "metrics", "readyz", "setup", "webhook"],
]);

const cameByBasePath = Symbol("the proxy has left the path of public_url in the address");

/**
 * Takes the path of `public_url` away where the proxy has not. One that has may ask for a path that begins alike, as
 * `/leads/…` below `https://example.com/leads`; then what follows is none of ours.
 * @param sections first segments of the dashboard's views
 */
export function withoutBasePath(
  basePath: string,
  sections: ReadonlySet<string>,
): (request: { url?: string | undefined }) => void {
  if (basePath === "") return () => undefined;
  return (request) => {
    const url = request.url ?? "";
    if (!url.startsWith(basePath)) return;
    const rest = url.slice(basePath.length);
    if (!/^[/?]|^$/.test(rest)) return;
    const segment = /^\/*([^/?]*)/.exec(rest)?.[1] ?? "";
    if (!segments.has(segment) && !sections.has(segment)) return;
    request.url = rest.startsWith("/") ? rest : `/${rest}`;
    Object.assign(request, { [cameByBasePath]: true });
  };
}

function isSameHost(host: string, { protocol, host: publicHost }: PublicUrl): boolean {
  const address = `${protocol}://${host}`;
  return URL.canParse(address) && new URL(address).host === publicHost;
}
