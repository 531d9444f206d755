// What a mail server's answer means for a lead (RFC 5321 section 4.2, enhanced codes by RFC 3463).
import { failure } from "../../../domain/destinations/outcome.ts";
import type { Failed, FailureCode } from "../../../domain/destinations/outcome.ts";

/** Where in the conversation it was said. */
export type SmtpStage = "greeting" | "tls" | "sign_in" | "sender" | "recipient" | "message";

export interface SmtpReply {
  /** 400 to 599. */
  readonly code: number;
  /** `5.1.1`; null: it gives none. */
  readonly enhanced: string | null;
  /** On one line, fit to be shown. */
  readonly text: string;
}

/** RFC 6647 section 5: whoever is greylisted and comes back too soon is sent away again. */
const greylistedMs = 5 * 60_000;
const shownCharactersMax = 300;

/** `reply`: as it came, of one line or several. */
export function readReply(reply: string): SmtpReply | null {
  const code = Number(/^([2-5]\d\d)(?:[ -]|$)/.exec(reply)?.[1] ?? Number.NaN);
  if (Number.isNaN(code)) return null;
  const lines = reply.split("\n").map((line) => line.trim());
  const enhanced = /^[245]\.\d{1,3}\.\d{1,3}(?=\s|$)/.exec(lines[0]?.slice(4) ?? "")?.[0] ?? null;
  const texts = lines.map((line, index) => (index === 0 ? line : withoutCodes(line, enhanced)));
  const text = texts
    .join(" ")
    .replaceAll(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return {
    code,
    enhanced,
    text: text.length > shownCharactersMax ? `${text.slice(0, shownCharactersMax)}…` : text,
  };
}

/** A server that repeats what it was told (RFC 4954 section 4, RFC 4616) must not have it shown. */
export function withoutSecrets(
  reply: SmtpReply,
  { user = "", password }: { readonly user?: string | undefined; readonly password: string | null },
): SmtpReply {
  const text = reply.text.replaceAll(/\b(AUTH [\w-]{1,20} )[\w+/]{16,}={0,2}/gi, "$1***");
  if (password === null || password.length < 4) return { ...reply, text };
  const forms = [password, base64(password), base64(`\0${user}\0${password}`)];
  return { ...reply, text: forms.reduce((so, form) => so.replaceAll(form, "***"), text) };
}

function base64(text: string): string {
  return Buffer.from(text).toString("base64");
}

function withoutCodes(line: string, enhanced: string | null): string {
  const text = line.replace(/^\d{3}[ -]?/, "");
  return enhanced !== null && text.startsWith(`${enhanced} `) ? text.slice(enhanced.length + 1) : text;
}

/** What a refusal means. `name`: of the destination. */
export function refusalOf(name: string, stage: SmtpStage, reply: SmtpReply): Failed {
  const { code, why, waitMs } = meaningOf(stage, reply);
  const failed = failure(code, `${name}: ${why} (“${reply.text}”)`);
  return waitMs === undefined ? failed : { ...failed, retryAfterMs: waitMs };
}

interface Meaning {
  readonly code: FailureCode;
  readonly why: string;
  readonly waitMs?: number;
}

function meaningOf(stage: SmtpStage, reply: SmtpReply): Meaning {
  const { code } = reply;
  // RFC 4954 section 6; 432: the password has to be changed first.
  if (code === 432 || code === 530 || code === 534 || code === 535 || code === 538) return unknownUser(reply);
  if (code === 503) return { code: "destination_error", why: "the mail server lost the thread" };
  if (code < 500) return putOff(stage, reply);
  switch (stage) {
    case "greeting":
      return mend("the mail server does not talk to this machine");
    case "tls":
      return mend("the mail server offers no STARTTLS; see “Encryption” and the port");
    case "sign_in":
      return mend("the mail server does not let anybody sign in this way");
    case "sender":
      return senderRefused(reply);
    case "recipient":
      return recipientRefused(reply);
    case "message":
      return messageRefused(reply);
  }
}

function unknownUser({ code, text }: SmtpReply): Meaning {
  if (code === 530 && /starttls/i.test(text))
    return mend("the mail server wants encryption; see “Encryption”");
  if (code === 530)
    return credentials("the mail server wants somebody to sign in: user name and password are missing");
  if (/5\.7\.139|5\.7\.57|basic auth|SmtpClientAuth/i.test(text))
    return credentials(
      "Microsoft 365 does not let this mailbox sign in with a password: switch on “Authenticated SMTP” for it, or use OAuth2",
    );
  if (/5\.7\.9|application-specific|app password/i.test(text))
    return credentials("the mail server wants an app password in place of the usual one");
  return credentials("the mail server refuses user name or password");
}

function putOff(stage: SmtpStage, { code }: SmtpReply): Meaning {
  if (code === 454 && stage !== "sign_in") return later("cannot encrypt or relay at the moment");
  const isGreylisting = code === 450 || code === 451;
  if (isGreylisting && stage !== "sign_in")
    return {
      code: "destination_throttled",
      why: "the mail server wants the mail again later; it is sent again after five minutes",
      waitMs: greylistedMs,
    };
  return later("cannot take the mail at the moment");
}

function senderRefused({ code, enhanced }: SmtpReply): Meaning {
  // RFC 1870 section 6.1: told by its size.
  if (code === 552) return reject("the mail is too large for the mail server");
  if (enhanced === "5.7.30") return basicAuthGone();
  return mend("the mail server does not let this sender send; see “Sender” and “User name”");
}

/** Recipients are ours: whoever cannot get this lead gets none. */
function recipientRefused({ code, enhanced }: SmtpReply): Meaning {
  if (enhanced === "5.7.30") return basicAuthGone();
  if ((code === 552 || code === 554) && (enhanced === null || !/^5\.[1457]\./.test(enhanced)))
    return reject("the mail server does not take this mail for its recipient");
  if (enhanced?.startsWith("5.7.") === true)
    return mend(
      "the mail server does not pass mail on to this recipient: is somebody signed in, and is the recipient right?",
    );
  return mend("the mail server does not know the recipient; see “Recipients”");
}

function messageRefused({ enhanced, text }: SmtpReply): Meaning {
  if (enhanced === "5.7.30") return basicAuthGone();
  if (enhanced === "5.7.60" || /SendAsDenied|5\.2\.252/.test(text))
    return mend("this user may not send from this sender; see “Sender” and “User name”");
  if (enhanced?.startsWith("5.1.") === true)
    return mend("the mail server does not know an address; see “Sender” and “Recipients”");
  if (enhanced === "5.3.4" || enhanced === "5.2.3")
    return reject("the mail is too large for the mail server");
  return reject("the mail server does not want this mail");
}

function basicAuthGone(): Meaning {
  return mend("Microsoft 365 takes no passwords for sending mail any more: use OAuth2");
}

function mend(why: string): Meaning {
  return { code: "destination_configuration", why };
}

function credentials(why: string): Meaning {
  return { code: "destination_auth", why };
}

function later(why: string): Meaning {
  return { code: "destination_error", why: `the mail server ${why}` };
}

function reject(why: string): Meaning {
  return { code: "destination_rejected", why };
}

/**
 * What the server calls the mail that it took, by which its administrator finds it: Postfix, Exim, OpenSMTPD, Sendmail,
 * qmail, Exchange and Gmail say it each in their way. null: it does not say.
 */
export function queueIdOf(reply: string): string | null {
  const text =
    reply
      .split("\n")
      .at(-1)
      ?.replace(/^250[ -]?(?:2\.\d\.\d )?/, "")
      .trim() ?? "";
  for (const pattern of queueIds) {
    const found = pattern.exec(text)?.[1];
    if (found !== undefined && found.length <= queueIdCharactersMax) return found;
  }
  return null;
}

const queueIdCharactersMax = 200;
const queueIds = [
  /\bqueued as ([\w.-]+)/i,
  /\bid=([\w.-]+)/i,
  /^<([^<>\s]+)>/,
  /^OK <([^<>\s]+)>/i,
  /^([\w.-]{6,}) Message accepted for delivery/i,
  /^ok \d+ qp (\d+)/i,
  /^OK\s{1,3}(?:\d{9,12} )?([\w.-]{1,100}) - gsmtp/i,
  /^Ok ([0-9a-f]+(?:-[0-9a-f]+)+)$/i,
] as const;
