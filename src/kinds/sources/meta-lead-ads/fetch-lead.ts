// Fetches a lead's answers from Meta's Graph API, and reads its errors: nearly all of them are HTTP 400, so that
// `error.code` decides (developers.facebook.com, Graph API, Handling Errors).
import { ExactNumber, parseExactly } from "../../../domain/values/exact-json.ts";
import { completionFailure } from "../../../domain/leads/completion.ts";
import type { CompletionFailure, CompletionFailureCode } from "../../../domain/leads/completion.ts";
import type { SourceAuth } from "../../../domain/sources/source.ts";
import { headerText } from "../../../outgoing/response-excerpt.ts";
import type { Complete } from "../completion/complete.ts";
import { isObject, jsonAnswer, throttled, withoutToken } from "../completion/vendor-answer.ts";
import type { JsonAnswer } from "../completion/vendor-answer.ts";

export const metaBaseUrl = "https://graph.facebook.com";
export const metaApiVersion = "v26.0";

/** Consents come only where they are asked for; fields of the ad are left out where the token may not see it. */
const leadFields = [
  ...["id", "created_time", "field_data", "form_id", "ad_id", "ad_name", "adset_id", "adset_name"],
  ...[
    "campaign_id",
    "campaign_name",
    "is_organic",
    "platform",
    "partner_name",
    "custom_disclaimer_responses",
  ],
  ...["retailer_item_id"],
].join(",");

const vendor = "Meta";

export const metaComplete: Complete = {
  needs: (body) => isObject(body) && idOf(body["leadgen_id"]) !== null && !Array.isArray(body["field_data"]),
  reach: ({ baseUrl, allowPrivate }) => ({
    url: new URL(textOr(baseUrl, metaBaseUrl)),
    allowPrivate: allowPrivate === true,
  }),
  async fetch(auth, body, get) {
    const id = isObject(body) ? idOf(body["leadgen_id"]) : null;
    if (id === null) return completionFailure("completion_request_wrong", "leadgen_id is no number");
    const token = textOr(auth["pageToken"], "");
    const asked = versionOf(auth);
    const end = await get(`/${asked}/${id}?fields=${leadFields}`, { authorization: `Bearer ${token}` });
    const read = jsonAnswer(vendor, end);
    if (read.kind === "failed") return read;
    if (read.status !== 200 || isObject(read.members["error"])) return refusalOf(read, token);
    if (!Array.isArray(read.members["field_data"]))
      return completionFailure("completion_answer_unusable", "Meta's answer has no field_data");
    const answered = headerText(read.answer.headers, "facebook-api-version");
    return {
      kind: "completed",
      members: read.members,
      version: answered === null ? null : { asked, answered },
    };
  },
};

export function versionOf({ apiVersion }: SourceAuth): string {
  const version = textOr(apiVersion, metaApiVersion);
  return encodeURIComponent(/^\d/.test(version) ? `v${version}` : version);
}

/** Ids have up to 17 digits and more: they stay texts. */
export function idOf(value: unknown): string | null {
  const text = value instanceof ExactNumber ? value.text : String(value);
  return /^\d{1,32}$/.test(text) ? text : null;
}

export function textOr(value: unknown, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}

export function refusalOf(read: JsonAnswer, token: string): CompletionFailure {
  const error = isObject(read.members["error"]) ? read.members["error"] : {};
  const [code, subcode] = [Number(error["code"]), Number(error["error_subcode"])];
  const said = withoutToken(textOr(error["message"], `HTTP ${read.status}`), token);
  const message = `Meta (${code}${Number.isNaN(subcode) ? "" : `/${subcode}`}): ${said}`;
  const kind = errorKind(code, subcode, read.status);
  if (kind !== "completion_throttled") return completionFailure(kind, message);
  const { retryAfterMs } = throttled(vendor, read.answer, regainMs(read));
  return completionFailure(kind, message, retryAfterMs);
}

function errorKind(code: number, subcode: number, status: number): CompletionFailureCode {
  if (code === 1 || code === 2) return "completion_failed_for_now";
  if ([4, 17, 32, 613].includes(code) || (code >= 80_000 && code <= 80_014)) return "completion_throttled";
  if (code === 10 || (code >= 200 && code <= 299)) return "completion_not_permitted";
  if (code === 190 || code === 102) return "completion_token_invalid";
  // One text for deleted, of a foreign page, and access revoked.
  if (code === 100 && subcode === 33) return "completion_lead_unavailable";
  if (status === 429) return "completion_throttled";
  return status >= 500 ? "completion_unreachable" : "completion_request_wrong";
}

/** `X-Business-Use-Case-Usage: {"<business>":[{…,"estimated_time_to_regain_access":<minutes>}]}`; null: it says nothing. */
function regainMs({ answer }: JsonAnswer): number | null {
  const usage = usageOf(headerText(answer.headers, "x-business-use-case-usage"));
  const minutes = Object.values(usage)
    .flatMap((each) => (Array.isArray(each) ? (each as unknown[]) : []))
    .map((each) => (isObject(each) ? Number(each["estimated_time_to_regain_access"]) : Number.NaN))
    .filter((each) => each > 0);
  return minutes.length === 0 ? null : Math.max(...minutes) * 60_000;
}

function usageOf(text: string | null): Readonly<Record<string, unknown>> {
  try {
    const value = parseExactly(text ?? "{}");
    return isObject(value) ? value : {};
  } catch {
    return {};
  }
}
