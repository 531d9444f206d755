// Where a server is that speaks no HTTP: `amqps://user:password@broker.example:5671/leads`. It may hold credentials, so it is
// stored sealed, and shown without them.
import type { InBothLanguages } from "../../domain/configuration/form-words.ts";
import type { Field, FieldTexts } from "./field.ts";
import { asText, described, plain } from "./plain-fields.ts";
import { checkReach } from "./secret-fields.ts";

export interface ConnectionRules {
  /** With their colons; the first is what people are shown. */
  readonly protocols: readonly [string, ...string[]];
  /** What it looks like, for whoever wrote something else. */
  readonly expected: InBothLanguages;
  /** What else must hold; absent: nothing. Credentials are decodable by then. */
  readonly fits?: (url: URL) => boolean;
}

/** One server: what lists several is refused. */
export function connectionUrl(
  member: string,
  { protocols, expected, fits, ...texts }: FieldTexts & ConnectionRules,
): Field<string> {
  return {
    ...plain<string>(member, "url", texts, described(texts, { type: "string", format: "text" })),
    isRequired: true,
    isAddress: true,
    isSealed: true,
    standIn: standInOf(protocols[0], fits),
    shown: {
      member: "origin",
      schema: { type: "string", description: "Of the address; credentials in it are not shown." },
      of: withoutCredentials,
      isStored: true,
    },
    read: asText,
    check: (written, checking) => {
      if (typeof written !== "string" || written === "") return;
      const url = parsed(written, protocols);
      if (url !== null && (fits?.(url) ?? true)) checkReach(member, hostnameOf(url), checking);
      else checking.note("problems", [member], { code: "text_unfit", params: { expected } });
    },
  };
}

/** RFC 2606 keeps `.invalid` from ever being an address. */
function standInOf(protocol: string, fits: ConnectionRules["fits"]): string {
  const server = `${protocol}//to-be-filled-in@to-be-filled-in.invalid`;
  return fits === undefined || fits(new URL(server)) ? server : `${server}/to-be-filled-in`;
}

export interface ConnectionParts {
  readonly protocol: string;
  /** A name or an address, without brackets. */
  readonly hostname: string;
  readonly port: number;
  /** null: nothing is said. */
  readonly user: string | null;
  readonly password: string | null;
  /** Decoded, without the slash before it. */
  readonly path: string;
}

/** Of an address that was checked; throws TypeError otherwise. */
export function connectionParts(
  written: string,
  portByProtocol: (protocol: string) => number,
): ConnectionParts {
  const url = new URL(written);
  const said = (text: string): string | null => (text === "" ? null : decodeURIComponent(text));
  return {
    protocol: url.protocol,
    hostname: hostnameOf(url),
    port: url.port === "" ? portByProtocol(url.protocol) : Number(url.port),
    user: said(url.username),
    password: said(url.password),
    path: decodeURIComponent(url.pathname.replace(/^\//, "")),
  };
}

/** As people may see it. */
export function withoutCredentials(written: string): string {
  const { protocol, host, pathname } = new URL(written);
  return `${protocol}//${host}${pathname === "/" ? "" : pathname}`;
}

function parsed(text: string, protocols: readonly string[]): URL | null {
  if (/\s/.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  const isWhole = protocols.includes(url.protocol) && url.hostname !== "" && url.port !== "0";
  // A `#` ends what is said, which nobody means: it is part of a password that was not encoded.
  if (!isWhole || text.includes("#")) return null;
  return [url.username, url.password, url.pathname].every(isDecodable) ? url : null;
}

function isDecodable(text: string): boolean {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
}

function hostnameOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, "$1").toLowerCase();
}
