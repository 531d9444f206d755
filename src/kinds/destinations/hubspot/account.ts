// Whose account it is that a key belongs to: for links to its records, and for its midnight.
import { isTimeZone } from "../../../domain/figures/zone-offsets.ts";
import { textAt } from "../json-reply.ts";
import { accountAnswers } from "./answers.ts";
import { askPart } from "./api.ts";
import type { Api } from "./api.ts";

export interface Account {
  readonly portalId: string;
  /** Of HubSpot's own screens, which differ by data centre. */
  readonly uiDomain: string;
  /** null: it is none that this process knows. */
  readonly timezone: string | null;
}

export interface KnownAccount {
  /** Asked once; null: it was not to be had, which is no lead's matter. */
  read(api: Api): Promise<Account | null>;
  /** As far as it was read. */
  current(): Account | null;
}

/** After it was not to be had, nobody waits for it again for so long. */
const askAgainAfterMs = 10 * 60_000;

export function rememberAccount(nowMs: () => number): KnownAccount {
  let known: Account | null = null;
  let asking: Promise<Account | null> = Promise.resolve(null);
  let notBeforeMs = 0;
  return {
    async read(api) {
      if (known === null && nowMs() >= notBeforeMs) {
        notBeforeMs = nowMs() + askAgainAfterMs;
        asking = accountOf(api);
      }
      known ??= await asking;
      return known;
    },
    current: () => known,
  };
}

async function accountOf(api: Api): Promise<Account | null> {
  const manner = { answers: accountAnswers, isAside: true };
  const { json, kind } = await askPart(api, "GET", "account-info", "details", undefined, manner);
  const portalId = textAt(json, "/portalId");
  if (kind === "failed" || portalId === null) return null;
  const timezone = textAt(json, "/timeZone");
  return {
    portalId,
    uiDomain: uiDomainOf(textAt(json, "/uiDomain")),
    timezone: timezone !== null && isTimeZone(timezone) ? timezone : null,
  };
}

export function contactUrl({ uiDomain, portalId }: Account, id: string): string {
  return `https://${uiDomain}/contacts/${encodeURIComponent(portalId)}/record/0-1/${encodeURIComponent(id)}`;
}

/** People are led nowhere else. */
function uiDomainOf(said: string | null): string {
  return said !== null && /^[a-z0-9-]+\.hubspot\.com$/.test(said) ? said : "app.hubspot.com";
}
