// Whose Pipedrive it is that a token belongs to: links to its records have the company's name in them.
import { textAt } from "../json-reply.ts";
import { listAnswers } from "./answers.ts";
import { get } from "./api.ts";
import type { Api } from "./api.ts";

export interface KnownCompany {
  /** Asked once; null: it was not to be had, which is no lead's matter. */
  domain(api: Api): Promise<string | null>;
}

/** After it was not to be had, nobody waits for it again for so long. */
const askAgainAfterMs = 10 * 60_000;

export function rememberCompany(nowMs: () => number): KnownCompany {
  let known: string | null = null;
  let asking: Promise<string | null> = Promise.resolve(null);
  let notBeforeMs = 0;
  return {
    async domain(api) {
      known ??= companyIn(api.destination.baseUrl);
      if (known === null && nowMs() >= notBeforeMs) {
        notBeforeMs = nowMs() + askAgainAfterMs;
        asking = domainOf(api);
      }
      known ??= await asking;
      return known;
    },
  };
}

async function domainOf(api: Api): Promise<string | null> {
  const { json } = await get(api, "/v1/users/me", {}, { answers: listAnswers, isAside: true });
  const said = textAt(json, "/data/company_domain");
  return said !== null && isLabel(said) ? said : null;
}

export function recordUrl(company: string, record: "lead" | "deal", id: string): string {
  const path = record === "lead" ? "leads/inbox" : "deal";
  return `https://${company}.pipedrive.com/${path}/${encodeURIComponent(id)}`;
}

function companyIn(baseUrl: string): string | null {
  const company = /^([^.]+)\.pipedrive\.com$/.exec(new URL(baseUrl).hostname)?.[1];
  return company === undefined || company === "api" || !isLabel(company) ? null : company;
}

/** People are led nowhere else. */
function isLabel(text: string): boolean {
  return /^[a-z0-9-]{1,63}$/i.test(text);
}
