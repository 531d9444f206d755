// What speaks against a form having been filled in by a person. In doubt it was: what is taken for spam waits in the
// quarantine for somebody who looks, and nothing here turns anybody away.
import type { LeadFields } from "../../../domain/leads/lead-body.ts";
import type { RequestHeaders } from "../../../domain/sources/request-headers.ts";
import { headerValue } from "../../../domain/sources/request-headers.ts";
import { isAllowed, originOf } from "./origins.ts";
import type { Origins } from "./origins.ts";

export interface SpamRules {
  readonly origins: Origins;
  /** The field that people do not see. */
  readonly honeypot?: string | undefined;
  readonly minFillTimeMs: number;
}

/** In which a page says how long it was looked at before the form was sent, in milliseconds. */
export const fillTimeField = "_fill_ms";

export type SpamSign = "spam_honeypot" | "spam_haste" | "spam_origin";

/** null: nothing that would count. */
export function spamSign(
  rules: SpamRules,
  fields: LeadFields | null,
  headers: RequestHeaders,
): SpamSign | null {
  const { honeypot } = rules;
  if (fields !== null && honeypot !== undefined && isFilled(memberOf(fields, honeypot)))
    return "spam_honeypot";
  const origin = originOf(headers);
  if (origin !== null && !isAllowed(rules.origins, origin)) return "spam_origin";
  // Browsers fill forms in at once, and whoever goes back sends the rest in a second: haste alone is no sign.
  const isHasty = fields !== null && isBelow(memberOf(fields, fillTimeField), rules.minFillTimeMs);
  return isHasty && linksIn(fields) >= linksOfSpam ? "spam_haste" : null;
}

/** Whether a visitor's browser sent it, and not a server, which sends everybody's forms from one address. */
export function isBrowser(headers: RequestHeaders): boolean {
  const agent = headerValue(headers, "user-agent") ?? "";
  return headerValue(headers, "origin") !== undefined || agent.startsWith("Mozilla/");
}

const linksOfSpam = 2;

function memberOf(fields: LeadFields, name: string): unknown {
  return Object.hasOwn(fields, name) ? fields[name] : undefined;
}

function isFilled(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(isFilled);
  if (typeof value === "string") return value.trim() !== "";
  return value !== undefined && value !== null && value !== false;
}

function isBelow(fillTime: unknown, minMs: number): boolean {
  const isNumber =
    typeof fillTime === "number" || (typeof fillTime === "string" && /^\d{1,9}$/.test(fillTime));
  return isNumber && Number(fillTime) < minMs;
}

/** In texts: a field that is nothing but a link asked for one. */
function linksIn(fields: LeadFields): number {
  const texts = Object.values(fields).filter((value) => typeof value === "string" && /\S\s+\S/.test(value));
  return texts.reduce<number>(
    (sum, value) => sum + [...String(value).matchAll(/https?:\/\/|\[url/gi)].length,
    0,
  );
}
