// What a text of a certain format must look like in leadledger.yaml; pure, one rule per format.
import { isIP } from "node:net";
import {
  formatDuration,
  formatSize,
  parseDuration,
  parseRate,
  parseSize,
} from "../domain/values/duration.ts";
import {
  isReservedHeader,
  isSendableHeader,
  signingSecretProblem,
} from "../domain/destinations/delivery-message.ts";
import { ruleProblem } from "../domain/calendar/opening-hours.ts";
import { isGermanState } from "../domain/calendar/public-holidays.ts";
import { readSendLimits } from "../domain/destinations/send-limits.ts";
import { parsePointer } from "../domain/values/json-pointer.ts";
import { isPhoneCountry } from "../domain/values/phone-number.ts";
import { keyReuseRules } from "../domain/leads/key-reuse.ts";
import { heartbeatSenders } from "../domain/silence/silence-setting.ts";
import { samePersonActions } from "../domain/leads/same-person.ts";
import { isLabel, labelCharactersMax } from "../domain/sources/source-label.ts";
import { slaMeasures } from "../domain/figures/sla-kinds.ts";
import { parseShare } from "../domain/sla/sla-target.ts";
import { badCredentialsRules } from "../domain/sources/source.ts";
import { zoneMeant } from "../domain/figures/zone-names.ts";
import { isTimeZone } from "../domain/figures/zone-offsets.ts";
import { nearestName } from "./nearest-name.ts";
import { parsePublicUrl } from "./public-url.ts";
import { parseExpiry } from "./secret-expiry.ts";
import type { Said } from "./problem.ts";

export type Format = keyof typeof valueRules;

/** `shown` is the text, or null where it came from the environment and may not be repeated. */
type Rule = (text: string, shown: string | null) => Said | null;

/** Longest body that a source may accept: PostgreSQL's jsonb and the memory of a small server set the bound. */
export const bodyLimitMaxBytes = 32 * 1024 * 1024;

const secondMs = 1_000;
const dayMs = 86_400_000;

/** The smallest and the largest of what is measured: milliseconds, bytes. */
const ranges = {
  "duration-timeout": [100, 5 * 60 * secondMs],
  "duration-overlap": [0, 366 * dayMs],
  "duration-retry": [0, 30 * dayMs],
  "duration-window": [1, 366 * dayMs],
  "duration-call": [10 * secondMs, dayMs],
  "duration-heartbeat": [60 * 60 * secondMs, 30 * dayMs],
  size: [1, bodyLimitMaxBytes],
} as const;

/** What is wrong with a text of this format; null: nothing. */
export const valueRules = {
  address: (text, shown) =>
    isAddressOrNetwork(text) ? null : { code: "address_invalid", params: { found: shown } },
  "duration-timeout": durationRule("duration-timeout"),
  "duration-overlap": durationRule("duration-overlap"),
  "duration-retry": durationRule("duration-retry"),
  "duration-window": durationRule("duration-window"),
  "duration-call": durationRule("duration-call"),
  "duration-heartbeat": durationRule("duration-heartbeat"),
  "heartbeat-sender": wordRule(heartbeatSenders),
  "silence-off": wordRule(["off"]),
  "bad-credentials": wordRule(badCredentialsRules),
  client: (text, shown) =>
    namePattern.test(text) ? null : { code: "client_invalid", params: { found: shown } },
  country: (text, shown) =>
    isPhoneCountry(text) ? null : { code: "country_unknown", params: { found: shown } },
  "key-reuse": wordRule(keyReuseRules),
  "same-person": wordRule(samePersonActions),
  expiry: (text, shown) =>
    parseExpiry(text) === null ? { code: "expiry_invalid", params: { found: shown } } : null,
  "german-state": (text, shown) =>
    isGermanState(text) ? null : { code: "state_unknown", params: { found: shown } },
  "header-name": headerNameRule,
  "header-value": (text) =>
    isSendableHeader("x", text) ? null : { code: "header_value_invalid", params: {} },
  "key-header": (text, shown) =>
    keyHeaders.includes(text)
      ? null
      : {
          code: "not_one_of",
          params: {
            found: shown,
            allowed: keyHeaders,
            suggestion: shown === null ? null : nearestName(shown, keyHeaders),
          },
        },
  label: (text, shown) =>
    isLabel(text)
      ? null
      : { code: "label_invalid", params: { found: shown, charactersMax: labelCharactersMax } },
  name: (text) => (namePattern.test(text) ? null : { code: "name_invalid", params: { name: text } }),
  "opening-rule": (text, shown) =>
    ruleProblem(text) === null ? null : { code: "opening_hours_invalid", params: { found: shown } },
  pause: wordRule(["true", "false", "refuse"], ["refuse"]),
  pointer: (text, shown) =>
    // "" is a pointer too, but to the whole lead, which is neither a key nor an address.
    text === "" || parsePointer(text) === null ? { code: "pointer_invalid", params: { found: shown } } : null,
  rate: (text, shown) =>
    parseRate(text) === null ? { code: "rate_invalid", params: { found: shown } } : null,
  secret: notEmpty,
  "send-limit": (text, shown) =>
    typeof readSendLimits([text]) === "string"
      ? { code: "send_limit_invalid", params: { found: shown } }
      : null,
  "signing-secret": (text) =>
    notEmpty(text) ??
    (signingSecretProblem(text) === null ? null : { code: "signing_secret_malformed", params: {} }),
  share: (text, shown) =>
    parseShare(text) === null ? { code: "share_invalid", params: { found: shown } } : null,
  size: sizeRule,
  "sla-measure": wordRule(slaMeasures),
  text: notEmpty,
  timezone: timezoneRule,
  // What `Authorization: Bearer` and `X-Api-Key` can carry without an encoding that both sides must guess.
  token: (text) =>
    notEmpty(text) ?? (/^[\x21-\x7e]+$/.test(text) ? null : { code: "token_unsendable", params: {} }),
  "public-url": (text) =>
    urlRule(text) ?? (parsePublicUrl(text) === null ? { code: "public_url_invalid", params: {} } : null),
  url: urlRule,
} satisfies Record<string, Rule>;

/** As people write it; null: the format has no smallest and largest value. */
export function rangeOf(format: Format): { readonly min: string; readonly max: string } | null {
  if (!isMeasured(format)) return null;
  const [min, max] = ranges[format];
  const written = format === "size" ? formatSize : formatDuration;
  return { min: written(min), max: written(max) };
}

function isMeasured(format: string): format is keyof typeof ranges {
  return Object.hasOwn(ranges, format);
}

const keyHeaders: readonly string[] = ["required", "preferred"];

// They stand in URLs, in `{run_id}:{destination}`, in metrics and on command lines, so nothing in them needs
// escaping and none looks like an option or a path; upper case and dots because senders already have X-Source names.
const namePattern = /^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/;

function notEmpty(text: string): Said | null {
  return text === "" ? { code: "text_empty", params: {} } : null;
}

/** `allowed` is what a person may write; `texts` what of it is text to YAML. */
function wordRule(allowed: readonly string[], texts: readonly string[] = allowed): Rule {
  return (text, shown) => {
    if (texts.includes(text)) return null;
    const suggestion = shown === null ? null : nearestName(shown, allowed);
    return { code: "not_one_of", params: { found: shown, suggestion, allowed } };
  };
}

function durationRule(format: Exclude<keyof typeof ranges, "size">): Rule {
  const [minMs, maxMs] = ranges[format];
  return (text, shown) => {
    const durationMs = parseDuration(text);
    if (durationMs === null) return { code: "duration_invalid", params: { found: shown } };
    if (durationMs >= minMs && durationMs <= maxMs) return null;
    const range = { min: formatDuration(minMs), max: formatDuration(maxMs) };
    return { code: "duration_range", params: { found: shown, ...range } };
  };
}

function sizeRule(text: string, shown: string | null): Said | null {
  const sizeBytes = parseSize(text);
  if (sizeBytes === null) return { code: "size_invalid", params: { found: shown } };
  const [minBytes, maxBytes] = ranges.size;
  if (sizeBytes >= minBytes && sizeBytes <= maxBytes) return null;
  const range = { min: formatSize(minBytes), max: formatSize(maxBytes) };
  return { code: "size_range", params: { found: shown, ...range } };
}

function headerNameRule(name: string): Said | null {
  // __proto__ is a token by the letter of RFC 9110, and a trap for whoever copies the headers.
  if (!isSendableHeader(name, "") || name === "__proto__")
    return { code: "header_name_invalid", params: { name } };
  return isReservedHeader(name) ? { code: "header_reserved", params: { name } } : null;
}

/** What this process knows; whether PostgreSQL reads it alike is asked where there is one (config/judge-timezone.ts). */
function timezoneRule(text: string, shown: string | null): Said | null {
  if (isTimeZone(text)) return null;
  const suggestion =
    shown === null ? null : (zoneMeant(shown) ?? nearestName(shown, Intl.supportedValuesOf("timeZone")));
  return { code: "timezone_unknown", params: { found: shown, suggestion } };
}

function isAddressOrNetwork(text: string): boolean {
  const [address = "", prefix, ...rest] = text.split("/");
  const version = isIP(address);
  // A zone (fe80::1%eth0) belongs to one machine's interfaces; no proxy is named by it.
  if (version === 0 || address.includes("%") || rest.length > 0) return false;
  if (prefix === undefined) return true;
  return /^(?:0|[1-9][0-9]{0,2})$/.test(prefix) && Number(prefix) <= (version === 4 ? 32 : 128);
}

// The address itself is in no message: it may hold a token.
function urlRule(text: string): Said | null {
  const url = /\s/.test(text) || !URL.canParse(text) ? null : new URL(text);
  if (url === null) {
    return { code: /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? "url_invalid" : "url_scheme", params: {} };
  }
  if (url.protocol !== "https:" && url.protocol !== "http:") return { code: "url_scheme", params: {} };
  if (!/^https?:\/\//i.test(text)) return { code: "url_invalid", params: {} };
  if (url.username !== "" || url.password !== "") return { code: "url_credentials", params: {} };
  return text.includes("#") ? { code: "url_fragment", params: {} } : null;
}
