// What kinds of destination are offered under: people look for their CRM among CRMs.
import type { InBothLanguages } from "../domain/configuration/form-words.ts";

export const destinationGroups = {
  webhooks: { en: "Webhooks", de: "Webhooks" },
  crm: { en: "CRM", de: "CRM" },
  newsletters: { en: "Newsletters", de: "Newsletter" },
  people: { en: "E-mail and chat", de: "E-Mail und Chat" },
  tables: { en: "Tables and databases", de: "Tabellen und Datenbanken" },
  programs: { en: "Brokers and programs of your own", de: "Broker und eigene Programme" },
} as const satisfies Record<string, InBothLanguages>;

export type DestinationGroup = keyof typeof destinationGroups;
