// Where a visitor goes whose form was taken: the page that is configured, or one that the form names and that is allowed,
// so that nobody can make a link of ours lead elsewhere.
import type { RequestHeaders } from "../../../domain/sources/request-headers.ts";
import { isListed, originOf } from "./origins.ts";
import type { Origins } from "./origins.ts";

export interface ThankYou {
  /** A path of the website, or an address; absent: a plain page of ours. */
  readonly thankYou?: string | undefined;
  readonly origins: Origins;
}

/** The field of a form that names another page than the configured one. */
export const thankYouField = "_thank_you";

/** Whether it can be configured: a path that begins with one slash, or an address. */
export function isPage(text: string): boolean {
  if (/[\s\\\p{Cc}]/u.test(text)) return false;
  return /^\/(?!\/)/.test(text) || (/^https?:\/\//i.test(text) && URL.canParse(text));
}

/** For the header Location; null: none is configured, and the form names none that is allowed. */
export function thankYouPage(settings: ThankYou, named: unknown, headers: RequestHeaders): string | null {
  const website = websiteOf(settings, headers);
  const chosen =
    typeof named === "string" && named.trim() !== "" ? allowedPage(settings, named, website) : null;
  if (chosen !== null) return chosen;
  return settings.thankYou === undefined ? null : (resolved(settings.thankYou, website)?.location ?? null);
}

/** The form may be filled in by anybody who knows its address: what it names counts only on the websites that are listed. */
function allowedPage({ origins, thankYou }: ThankYou, named: string, website: string | null): string | null {
  const page = resolved(named.trim(), website);
  if (page === null) return null;
  const isOfConfigured = thankYou !== undefined && resolved(thankYou, website)?.origin === page.origin;
  return page.origin === ownHost || isOfConfigured || isListed(origins, page.origin) ? page.location : null;
}

/** Where a path leads to: the website that the visitor is on, if it is listed; else the first of the list. null: this host. */
function websiteOf({ origins }: ThankYou, headers: RequestHeaders): string | null {
  const origin = originOf(headers);
  if (origin !== null && isListed(origins, origin)) return origin;
  return origins.find((each) => !each.includes("*")) ?? null;
}

/** Whoever has no list of websites has the pages and LeadLedger under one host. RFC 6761: a name that is never there. */
const ownHost = "https://own.invalid";

/** As a browser resolves it, whatever is in it; null: it is no address of the web. */
function resolved(
  text: string,
  website: string | null,
): { readonly origin: string; readonly location: string } | null {
  if (!isPage(text)) return null;
  const base = website ?? ownHost;
  if (!URL.canParse(text, base)) return null;
  const url = new URL(text, base);
  const isWeb = url.protocol === "https:" || url.protocol === "http:";
  if (!isWeb || url.username !== "" || url.password !== "") return null;
  const { origin, href, pathname, search, hash } = url;
  return { origin, location: origin === ownHost ? `${pathname}${search}${hash}` : href };
}
