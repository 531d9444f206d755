// Which proxy a request of ours goes through, by the variables that every other program of the machine reads.
import ipaddr from "ipaddr.js";

export interface Proxy {
  readonly hostname: string;
  readonly port: number;
  /** The proxy itself is spoken to over TLS. */
  readonly secure: boolean;
  /** The value of Proxy-Authorization; secret. */
  readonly authorization: string | null;
}

export interface ProxyRules {
  readonly https: ProxyChoice;
  readonly http: ProxyChoice;
  /** For what is no HTTP: mail, databases, brokers. */
  readonly other: ProxyChoice;
  /** Whether this host is reached without a proxy. */
  readonly isExempt: (hostname: string, port: number) => boolean;
}

export type ProxyChoice =
  | { readonly kind: "direct" }
  | { readonly kind: "proxy"; readonly proxy: Proxy }
  /** What the variable says cannot be used; going past the proxy instead is not ours to decide. Never repeats the value. */
  | { readonly kind: "unusable"; readonly reason: string };

export const noProxy: ProxyRules = {
  https: { kind: "direct" },
  http: { kind: "direct" },
  other: { kind: "direct" },
  isExempt: () => true,
};

type Variables = Readonly<Record<string, string | undefined>>;

/**
 * HTTPS_PROXY, HTTP_PROXY, ALL_PROXY where the former is missing, and NO_PROXY; each in lower case, too, which wins, as
 * in curl. An empty one counts as not set. What is no HTTP goes by ALL_PROXY alone, as in curl, too: proxies for the web
 * seldom let mail through.
 */
export function proxyRulesOf(env: Variables): ProxyRules {
  return {
    https: choiceOf(env, "https_proxy"),
    http: choiceOf(env, "http_proxy"),
    other: choiceOf(env, "all_proxy"),
    isExempt: exemptions(valueOf(env, "no_proxy") ?? ""),
  };
}

export function choiceFor(
  rules: ProxyRules,
  target: { readonly hostname: string; readonly port: number; readonly secure: boolean },
  speaks: "http" | "other" = "http",
): ProxyChoice {
  if (rules.isExempt(target.hostname, target.port)) return { kind: "direct" };
  if (speaks === "other") return rules.other;
  return target.secure ? rules.https : rules.http;
}

function choiceOf(env: Variables, name: "https_proxy" | "http_proxy" | "all_proxy"): ProxyChoice {
  const variable = valueOf(env, name) === null ? "all_proxy" : name;
  const text = valueOf(env, variable);
  if (text === null) return { kind: "direct" };
  const unusable = (why: string): ProxyChoice => ({
    kind: "unusable",
    reason: `${variable.toUpperCase()} ${why}`,
  });
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(withScheme)) return unusable("is no address of a proxy");
  const url = new URL(withScheme);
  if (url.protocol !== "http:" && url.protocol !== "https:")
    return unusable(
      `names a proxy of kind ${url.protocol.replace(":", "")}; only http and https are supported`,
    );
  const secure = url.protocol === "https:";
  return {
    kind: "proxy",
    proxy: {
      hostname: url.hostname.replace(/^\[|\]$/g, ""),
      port: url.port === "" ? (secure ? 443 : defaultProxyPort(withScheme)) : Number(url.port),
      secure,
      authorization: authorizationOf(url),
    },
  };
}

/** curl's default is 1080, which no HTTP proxy has; `http://proxy:80` loses its port in URL. */
function defaultProxyPort(text: string): number {
  return /:80\/?$/.test(text) ? 80 : 1_080;
}

/** RFC 7617. */
function authorizationOf({ username, password }: URL): string | null {
  if (username === "" && password === "") return null;
  const credentials = `${decoded(username)}:${decoded(password)}`;
  return `Basic ${Buffer.from(credentials, "utf8").toString("base64")}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function valueOf(env: Variables, name: string): string | null {
  const value = env[name] ?? env[name.toUpperCase()];
  return value === undefined || value.trim() === "" ? null : value.trim();
}

/**
 * NO_PROXY: names, which stand for all that ends in them, too (`example.com` and `.example.com` alike, also written
 * `*.example.com`), addresses and networks (`10.0.0.0/8`, `fd00::/8`), each with a port if only that is meant; separated
 * by commas or blanks; `*` alone: everything.
 */
function exemptions(text: string): ProxyRules["isExempt"] {
  const entries = text.split(/[\s,]+/).filter((entry) => entry !== "");
  if (entries.includes("*")) return () => true;
  const rules = entries.map(exemption);
  return (hostname, port) => rules.some((matches) => matches(bare(hostname), port));
}

function exemption(entry: string): (hostname: string, port: number) => boolean {
  const { host, port: onlyPort } = withPort(entry.toLowerCase());
  const matchesHost = hostRule(host);
  return (hostname, port) => (onlyPort === null || onlyPort === port) && matchesHost(hostname);
}

function hostRule(host: string): (hostname: string) => boolean {
  const [network, bits] = host.split("/");
  if (bits !== undefined && ipaddr.isValid(network ?? "") && /^\d{1,3}$/.test(bits))
    return (hostname) => isIn(hostname, network ?? "", Number(bits));
  if (ipaddr.isValid(host)) return (hostname) => isSameAddress(hostname, host);
  const name = bare(host).replace(/^\*?\./, "");
  return (hostname) => hostname === name || hostname.endsWith(`.${name}`);
}

function isIn(hostname: string, network: string, bits: number): boolean {
  if (!ipaddr.isValid(hostname)) return false;
  const [address, range] = [ipaddr.process(hostname), ipaddr.process(network)];
  const bitsMax = range.kind() === "ipv4" ? 32 : 128;
  return address.kind() === range.kind() && bits <= bitsMax && address.match(range, bits);
}

function isSameAddress(hostname: string, address: string): boolean {
  return (
    ipaddr.isValid(hostname) &&
    ipaddr.process(hostname).toNormalizedString() === ipaddr.process(address).toNormalizedString()
  );
}

/** `host:port`, `[v6]:port`, `[v6]`; what has more colons is an address. */
function withPort(entry: string): { host: string; port: number | null } {
  const found = /^(?:\[(?<v6>[^\]]+)\]|(?<name>[^:]+))(?::(?<port>\d+))?$/.exec(entry)?.groups;
  if (found === undefined) return { host: entry, port: null };
  return {
    host: found["v6"] ?? found["name"] ?? entry,
    port: found["port"] === undefined ? null : Number(found["port"]),
  };
}

/** Without the final dot of a full name. */
function bare(hostname: string): string {
  return hostname.toLowerCase().replace(/\.$/, "");
}
