// Which of the usual headers that prove who is asking a request has: their names, never their values. Whoever has
// configured the sender sees in the answer that the token is there, only under another name.
import type { Texts } from "../errors/explained.ts";

type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** `lookedFor`: as a reader would write them; those named by `lookedIn` (in lower case) are not listed as others. */
export function credentialsReason(
  headers: Headers,
  lookedFor: string,
  lookedIn: readonly string[],
  remark: Texts | null = null,
): Texts {
  const others = usualHeaders
    .filter((name) => isThere(headers, name.toLowerCase()) && !lookedIn.includes(name.toLowerCase()))
    .map((name) => shownHeader(headers, name));
  const looked = lookedIn
    .filter((name) => isThere(headers, name))
    .map((name) => shownHeader(headers, properName(name)));
  const en = [
    `Looked for: ${lookedFor}.`,
    looked.length === 0 ? "None of it was there." : `There: ${looked.join(", ")}.`,
    remark?.en ?? "",
    others.length === 0
      ? "None of the other usual headers was there."
      : `Of the other usual headers, there: ${others.join(", ")}.`,
  ];
  const de = [
    `Gesucht: ${lookedFor}.`,
    looked.length === 0 ? "Davon war nichts da." : `Da war: ${looked.join(", ")}.`,
    remark?.de ?? "",
    others.length === 0
      ? "Von den anderen üblichen Kopfzeilen war keine da."
      : `Von den anderen üblichen Kopfzeilen war da: ${others.join(", ")}.`,
  ];
  return { en: sentences(en), de: sentences(de) };
}

function sentences(parts: readonly string[]): string {
  return parts.filter((part) => part !== "").join(" ");
}

function isThere(headers: Headers, name: string): boolean {
  return (headers[name] ?? "") !== "";
}

function properName(name: string): string {
  return [...usualHeaders, "X-Timestamp"].find((usual) => usual.toLowerCase() === name) ?? capitalised(name);
}

/** `x-events-signature` is written `X-Events-Signature`, as people look for it. */
function capitalised(name: string): string {
  return name.replace(/(?:^|-)[a-z]/g, (start) => start.toUpperCase());
}

/** The scheme is told, because "Basic" instead of "Bearer" is the usual mistake. Anything else might be the secret. */
function shownHeader(headers: Headers, name: string): string {
  if (name !== "Authorization") return name;
  const value = String(headers["authorization"] ?? "");
  const scheme =
    /^(Basic|Bearer|Token|Digest|ApiKey|Api-Key|Key|HMAC|Signature|OAuth|JWT|Negotiate)(?= |$)/i.exec(
      value,
    )?.[1];
  return scheme === undefined ? "Authorization (without Bearer)" : `Authorization: ${scheme}`;
}

/** As other systems call them: tokens first, then signatures, then times. */
const usualHeaders: readonly string[] = [
  ...["Authorization", "Proxy-Authorization", "X-Authorization", "X-Auth", "X-Api-Key", "Api-Key", "ApiKey"],
  ...[
    "X-ApiKey",
    "X-Key",
    "X-Auth-Token",
    "X-Access-Token",
    "Access-Token",
    "X-Token",
    "Token",
    "Auth-Token",
  ],
  ...[
    "X-Auth-Key",
    "X-Secret",
    "Secret",
    "X-Secret-Key",
    "X-Webhook-Secret",
    "X-Webhook-Token",
    "X-Webhook-Key",
  ],
  ...["X-Gitlab-Token", "Authentication", "X-LeadLedger-Token", "X-LeadLedger-Key"],
  ...[
    "X-Signature",
    "Signature",
    "X-Hub-Signature-256",
    "X-Hub-Signature",
    "X-Webhook-Signature",
    "Webhook-Signature",
  ],
  ...[
    "X-Signature-256",
    "X-Signature-SHA256",
    "X-HMAC",
    "X-HMAC-SHA256",
    "X-HMAC-Signature",
    "X-Request-Signature",
  ],
  ...[
    "X-LI-Signature",
    "Typeform-Signature",
    "Tally-Signature",
    "Calendly-Webhook-Signature",
    "X-HubSpot-Signature",
  ],
  ...["X-HubSpot-Signature-v3", "X-Webflow-Signature", "X-Shopify-Hmac-Sha256", "X-WC-Webhook-Signature"],
  ...[
    "Stripe-Signature",
    "X-Slack-Signature",
    "X-Zapier-Signature",
    "X-Jotform-Signature",
    "X-Unbounce-Signature",
  ],
  ...[
    "X-LeadLedger-Signature",
    "Timestamp",
    "X-Request-Timestamp",
    "X-Webhook-Timestamp",
    "Webhook-Timestamp",
  ],
  ...["X-Webflow-Timestamp", "X-HubSpot-Request-Timestamp", "X-Slack-Request-Timestamp", "X-Date"],
];
