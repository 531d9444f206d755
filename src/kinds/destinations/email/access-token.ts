// The access token that signs in at a mail server: fetched with a refresh token or with client credentials (RFC 6749
// sections 6 and 4.4), kept until shortly before it ends.
import { classifyStatus, failure, interrupted, timedOut } from "../../../domain/destinations/outcome.ts";
import type { Failed } from "../../../domain/destinations/outcome.ts";
import { AttemptFailed } from "../../../outgoing/connect-error.ts";
import { answerText } from "../../../outgoing/answer-text.ts";
import type { ExchangeEnd } from "../../../outgoing/exchange.ts";
import { openHttpClient } from "../../../outgoing/http-client.ts";
import type { HttpRequest } from "../../../outgoing/http-client.ts";
import { classifyTransportError } from "../../../outgoing/transport-error.ts";
import type { SenderDeps } from "../destination-kind.ts";
import type { EmailDestination } from "./fields.ts";

export interface AccessToken {
  readonly value: string;
  /** It was fetched for this call. */
  readonly isNew: boolean;
}

export interface AccessTokens {
  /** Rejects with {@link AttemptFailed}. */
  current(over: AbortSignal): Promise<AccessToken>;
  /** The mail server does not take the one that there is. */
  forget(): void;
  close(): Promise<void>;
}

const answerMaxBytes = 64 * 1_024;
const endsSoonMs = 60_000;
/** Where the token server does not say it. */
const lifetimePresetMs = 30 * 60_000;

/** null: nobody signs in by a token. */
export function openAccessTokens(destination: EmailDestination, deps: SenderDeps): AccessTokens | null {
  const { oauthTokenUrl } = destination;
  if (oauthTokenUrl === undefined) return null;
  const { name, allowPrivate, timeoutMs } = destination;
  const whom = { name: `the token server of ${name}`, timeoutMs };
  // `ca_file` is the mail server's; token servers are public ones.
  const reach = { allowPrivate, timeoutMs, concurrency: 1, answerKeptBytes: answerMaxBytes };
  const client = openHttpClient(new URL(oauthTokenUrl), { ...reach, bodyDecides: true }, deps);
  let refreshToken = destination.oauthRefreshToken;
  let held: { readonly value: string; readonly untilMs: number } | null = null;
  return {
    async current(over) {
      if (held !== null && deps.nowMs() < held.untilMs) return { value: held.value, isNew: false };
      const askedAtMs = deps.nowMs();
      const end = await client.request(requestOf(destination, refreshToken), over);
      const granted = grantedIn(end, whom, askedAtMs);
      // Some token servers give a new one each time, and take the old one back some day.
      refreshToken = granted.refreshToken ?? refreshToken;
      const untilMs = askedAtMs + Math.max(granted.lifetimeMs - endsSoonMs, granted.lifetimeMs / 2);
      held = { value: granted.value, untilMs };
      return { value: granted.value, isNew: true };
    },
    forget() {
      held = null;
    },
    close: () => client.close(),
  };
}

function requestOf(
  { oauthTokenUrl = "", oauthClientId = "", oauthClientSecret, oauthScope }: EmailDestination,
  refreshToken: string | null,
): HttpRequest {
  const { pathname, search } = new URL(oauthTokenUrl);
  const body = new URLSearchParams({
    grant_type: refreshToken === null ? "client_credentials" : "refresh_token",
    client_id: oauthClientId,
    ...(oauthClientSecret === null ? {} : { client_secret: oauthClientSecret }),
    ...(refreshToken === null ? {} : { refresh_token: refreshToken }),
    ...(oauthScope === undefined ? {} : { scope: oauthScope }),
  });
  return {
    method: "POST",
    path: pathname + search,
    headers: {
      "user-agent": "LeadLedger",
      accept: "application/json",
      "content-type": "application/x-www-form-urlencoded",
    },
    body: body.toString(),
  };
}

interface Granted {
  readonly value: string;
  readonly lifetimeMs: number;
  readonly refreshToken: string | null;
}

type Whom = Parameters<typeof classifyTransportError>[1];

function grantedIn(end: ExchangeEnd, whom: Whom, nowMs: number): Granted {
  switch (end.kind) {
    case "timed_out":
      throw new AttemptFailed(timedOut(whom.name, whom.timeoutMs));
    case "interrupted":
      throw new AttemptFailed(interrupted(whom.name));
    case "failed":
      throw new AttemptFailed(classifyTransportError(end.error, whom));
    case "answered": {
      const text = answerText(end);
      // Of one that broke off nobody knows what it was to say; the next try may tell.
      if (end.status === 200 && text.kind !== "whole")
        throw new AttemptFailed(
          failure("destination_bad_response", `the answer of ${whom.name} could not be read (${text.why})`),
        );
      const members = membersOf(text.kind === "whole" ? text.text : "");
      const { access_token: value, expires_in: seconds, refresh_token: next } = members;
      if (end.status !== 200 || typeof value !== "string" || !/^[\x21-\x7e]+$/.test(value))
        throw new AttemptFailed(refusalOf(whom.name, end.status, members["error"], nowMs));
      const lifetimeMs = Number(seconds) * 1_000;
      return {
        value,
        lifetimeMs: lifetimeMs > 0 ? lifetimeMs : lifetimePresetMs,
        refreshToken: typeof next === "string" && next !== "" ? next : null,
      };
    }
  }
}

/** Section 5.2. Nothing of the answer is repeated but its code, for it may hold what is secret. */
function refusalOf(server: string, status: number, error: unknown, nowMs: number): Failed {
  const code = typeof error === "string" && /^[a-z_]{1,40}$/.test(error) ? error : null;
  const said = code === null ? `status ${status}` : code;
  if (status === 429 || status >= 500) {
    const outcome = classifyStatus(server, { status, retryAfter: null, location: null }, nowMs);
    if (outcome.kind === "failed") return outcome;
  }
  if (status === 401 || (code !== null && ofCredentials.has(code)))
    return failure("destination_auth", `${server} refuses client ID, secret or refresh token (${said})`);
  return failure(
    "destination_configuration",
    `${server} gives no token (${said}); see its address and scope`,
  );
}

const ofCredentials = new Set(["invalid_client", "invalid_grant", "unauthorized_client", "access_denied"]);

function membersOf(body: string): Readonly<Record<string, unknown>> {
  try {
    const read: unknown = JSON.parse(body);
    return typeof read === "object" && read !== null ? (read as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
