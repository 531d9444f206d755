// The address under which people and senders reach an installation, as `public_url` says it.

export interface PublicUrl {
  /** `https://example.com/leads`: without a slash at its end. */
  readonly href: string;
  readonly protocol: "http" | "https";
  /** With its port unless it is the protocol's own. */
  readonly host: string;
  /** `/leads`; "" if LeadLedger has the host to itself. */
  readonly path: string;
}

/** null: it cannot be one. Its path goes into cookies and HTML, so there is nothing in it that would have to be encoded. */
export function parsePublicUrl(text: string): PublicUrl | null {
  const written = /^https?:\/\/[^\s/?#@]+((?:\/[A-Za-z0-9._~-]+)*)\/?$/i.exec(text)?.[1];
  if (written === undefined || !URL.canParse(text)) return null;
  const { protocol, host, pathname } = new URL(text);
  const path = pathname.replace(/\/$/, "");
  // "." and ".." mean another path than the one that is written.
  if (path !== written) return null;
  const scheme = protocol === "https:" ? "https" : "http";
  return { href: `${scheme}://${host}${path}`, protocol: scheme, host, path };
}
