// A lead in the vocabulary as a terminal shows it.
import type { Answer, Item } from "../frame/api-client.ts";
import type { CommandContext } from "../frame/command.ts";
import type { Texts } from "../../domain/errors/explained.ts";

type Gist = NonNullable<Item<"GET /runs">["lead"]>;
type Lead = NonNullable<Answer<"GET /runs/:run_id">["lead"]>;

/** Name or firm, else by what they can be reached; and where. null: nobody knows. */
export function whoText(lead: Gist | null): string | null {
  if (lead === null) return null;
  const who = lead.name ?? lead.company ?? lead.email ?? lead.phones[0] ?? null;
  return [who, lead.town].filter((part) => part !== null).join(", ") || null;
}

/** Only what the lead says. */
export function leadRows({ say }: CommandContext, lead: Lead | null): [string, string][] {
  if (lead === null) return [];
  const { salutation, title, name, phones, consent, utm, click_ids: clickIds } = lead;
  const joined = (...parts: readonly (string | null)[]): string | null =>
    parts.filter((part) => part !== null).join(" ") || null;
  const rows: readonly [Texts, string | null][] = [
    [{ en: "name", de: "Name" }, joined(salutation, title, name)],
    [{ en: "company", de: "Firma" }, lead.company],
    [{ en: "e-mail", de: "E-Mail" }, lead.email],
    [{ en: "phone", de: "Telefon" }, phones.length === 0 ? null : phones.join(", ")],
    [{ en: "address", de: "Anschrift" }, joined(lead.street, lead.postal_code, lead.town, lead.country)],
    [{ en: "concern", de: "Anliegen" }, joined(lead.product, lead.message)],
    [{ en: "consent", de: "Einwilligung" }, consent === null ? null : JSON.stringify(consent)],
    [{ en: "came by", de: "kam über" }, joined(lead.form, lead.page, lead.campaign)],
    [{ en: "tracking", de: "Tracking" }, trackingText({ ...utm, ...clickIds })],
  ];
  return rows.flatMap(([label, value]) => (value === null ? [] : [[say(label), value] as [string, string]]));
}

function trackingText(values: Readonly<Record<string, string>>): string | null {
  return (
    Object.entries(values)
      .map(([name, value]) => `${name}=${value}`)
      .join(" ") || null
  );
}
