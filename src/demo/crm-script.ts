// How the demo's CRM behaves while it works: what it refuses for good, and what makes it stumble every time.
import type { CrmRequest, CrmScript } from "./crm.ts";
import { acceptAll, refuses } from "./crm.ts";
import type { Language } from "../domain/errors/error-catalogue.ts";
import { poison } from "./scenario.ts";

/** In the language of the people who work with that CRM. */
export function crmScript(language: Language): CrmScript {
  const noPostalCode = language === "de" ? "Postleitzahl fehlt" : "postal code is missing";
  const noRoom =
    language === "de" ? "Speicherfehler: unbekanntes Zeichen" : "storage error: unknown character";
  const complete = refuses((lead) => lead.plz === undefined, noPostalCode, acceptAll);
  return stumblesOver(poison, noRoom, complete);
}

/** Leads that contain `text` anywhere are never stored: it fails on them as if for now, each time. */
export function stumblesOver(text: string, reason: string, next: CrmScript): CrmScript {
  const contains = ({ lead }: CrmRequest): boolean => JSON.stringify(lead).includes(text);
  return (request) => (contains(request) ? { kind: "fail", reason } : next(request));
}
