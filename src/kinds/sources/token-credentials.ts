// What a token proves: the field that holds it, and where in a request it may stand. In a header where the sender can set
// one; else as the password of the address, as `?token=` in it, or as the last part of its path.
import { credentials } from "../../config/fields/credentials.ts";
import type { CredentialName } from "../../config/fields/credentials.ts";
import type { Field } from "../../config/fields/field.ts";
import type { Texts } from "../../domain/errors/explained.ts";
import { credentialsReason } from "../../domain/sources/presented-credentials.ts";
import { headerValue } from "../../domain/sources/request-headers.ts";
import type { RequestHeaders } from "../../domain/sources/request-headers.ts";
import { validSecrets } from "../../domain/sources/source.ts";
import type { SourceAuth, SourceSecret } from "../../domain/sources/source.ts";
import { sameText } from "./same-text.ts";
import { authenticated, notAuthenticated } from "./source-kind.ts";
import type { Authentication, SourceRequest } from "./source-kind.ts";

/** `name`: of the member; absent: `secret`. */
export function tokenField(name?: CredentialName): Field<readonly SourceSecret[]> {
  return credentials({
    ...(name === undefined ? {} : { name }),
    format: "token",
    one: {
      label: { en: "Token", de: "Token" },
      help: {
        en: "If you leave it empty, LeadLedger makes one and shows it this once. One that is there already stays.",
        de: "Wenn Sie es leer lassen, erzeugt LeadLedger eines und zeigt es dieses eine Mal. Ein schon vorhandenes bleibt.",
      },
      advanced: true,
    },
    several: {
      label: { en: "Several tokens", de: "Mehrere Tokens" },
      help: {
        en: "Instead of one: up to ten that are valid at once, each with an end if you like.",
        de: "Statt des einen: bis zu zehn, die zugleich gelten, auf Wunsch jedes mit einem Ende.",
      },
      advanced: true,
    },
  });
}

/** Wherever it stands; a proxy may add an Authorization of its own, so all places count. */
export function checkToken({ secrets }: SourceAuth, request: SourceRequest, nowMs: number): Authentication {
  const { headers, target } = request;
  const valid = validSecrets(secrets, nowMs);
  const inHeaders = tokensInHeaders(headers);
  if (isAmong(inHeaders, valid)) return authenticated;
  const inAddress = tokensInAddress(target);
  if (isAmong(inAddress, valid)) return authenticated;
  const isMissing = inHeaders.length + inAddress.length === 0;
  return notAuthenticated(
    isMissing ? "credentials_missing" : "credentials_wrong",
    reason(headers, inAddress),
  );
}

/**
 * The body without the tokens that the address of this request holds: senders such as Jotform write the address that they
 * post to into what they post.
 */
export function withoutToken({ secrets = [] }: SourceAuth, { rawBody, target }: SourceRequest): Buffer {
  const inAddress = tokensInAddress(target);
  if (inAddress.length === 0) return rawBody;
  return secrets
    .filter(({ value }) => value !== "" && inAddress.some((token) => sameText(token, value)))
    .reduce((body, { value }) => replaced(body, value), rawBody);
}

/** By as many asterisks, so that nothing else of the body moves. */
export function replaced(body: Buffer, secret: string): Buffer {
  const bytes = Buffer.from(secret);
  let copy: Buffer | null = null;
  for (let at = body.indexOf(bytes); at !== -1; at = body.indexOf(bytes, at + bytes.length)) {
    copy ??= Buffer.from(body);
    copy.fill("*", at, at + bytes.length);
  }
  return copy ?? body;
}

/** Whether one of them is a secret; in constant time. */
export function isAmong(tokens: readonly Buffer[], secrets: readonly SourceSecret[]): boolean {
  return tokens.some((presented) => secrets.some(({ value }) => sameText(presented, value)));
}

/** Of the usual headers. */
export function tokensInHeaders(headers: RequestHeaders): Buffer[] {
  const authorization = headerValue(headers, "authorization") ?? "";
  const bearer = /^bearer +(\S+) *$/i.exec(authorization)?.[1];
  const basic = /^basic +([A-Za-z0-9+/_-]+=*) *$/i.exec(authorization)?.[1];
  const apiKey = headerValue(headers, "x-api-key");
  const tokens = [bearer, apiKey].flatMap((token) => (token ? [Buffer.from(token, "latin1")] : []));
  return basic === undefined ? tokens : [...tokens, ...passwordIn(Buffer.from(basic, "base64"))];
}

/** RFC 7617: what stands behind the first colon; without a name some write it before. */
function passwordIn(userAndPassword: Buffer): Buffer[] {
  const colon = userAndPassword.indexOf(":");
  const password = userAndPassword.subarray(colon + 1);
  return colon === -1 || password.length === 0 ? [] : [password];
}

/** `/webhook/lead/website/TOKEN?token=TOKEN` */
export function tokensInAddress(target: string): Buffer[] {
  if (!longerThanName.test(target)) return [];
  const mark = target.indexOf("?");
  const path = mark === -1 ? target : target.slice(0, mark);
  const parts = path.split("/").filter((part) => part !== "");
  const last = parts.length > ownParts ? decoded(parts.at(-1) ?? "") : null;
  const inQuery = mark === -1 ? [] : new URLSearchParams(target.slice(mark + 1)).getAll("token");
  return [last, ...inQuery].flatMap((token) => (token ? [Buffer.from(token)] : []));
}

/** Nearly no request is. */
const longerThanName = /\?|^\/*webhook\/+lead\/+[^/]+\/+[^/]/;

/** `webhook`, `lead`, and the source's name. */
const ownParts = 3;

/** null: it cannot be decoded. */
function decoded(part: string): string | null {
  try {
    return decodeURIComponent(part);
  } catch {
    return null;
  }
}

function reason(headers: RequestHeaders, inAddress: readonly Buffer[]): Texts {
  const remark = {
    en: `In the address there was ${inAddress.length === 0 ? "none" : "one"}.`,
    de: `In der Adresse stand ${inAddress.length === 0 ? "keines" : "eines"}.`,
  };
  return credentialsReason(
    headers,
    "Authorization: Bearer …, X-Api-Key, Basic password, ?token=…, /webhook/lead/<source>/<token>",
    ["authorization", "x-api-key"],
    remark,
  );
}
