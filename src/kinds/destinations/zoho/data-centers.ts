// Where Zoho's data centers are: accounts and data of one are unknown to the others.
import type { InBothLanguages } from "../../../domain/configuration/form-words.ts";

interface DataCenter {
  readonly label: InBothLanguages;
  /** Where tokens are fetched. */
  readonly accounts: string;
  readonly api: string;
  /** Where people see records. */
  readonly screens: string;
}

export const dataCenters = {
  eu: at("zoho.eu", { en: "Europe", de: "Europa" }),
  com: at("zoho.com", { en: "United States", de: "USA" }),
  // Unsure from here on.
  uk: at("zoho.uk", { en: "United Kingdom", de: "Vereinigtes Königreich" }),
  in: at("zoho.in", { en: "India", de: "Indien" }),
  "com.au": at("zoho.com.au", { en: "Australia", de: "Australien" }),
  jp: at("zoho.jp", { en: "Japan", de: "Japan" }),
  ca: at("zohocloud.ca", { en: "Canada", de: "Kanada" }),
  sa: at("zoho.sa", { en: "Saudi Arabia", de: "Saudi-Arabien" }),
} as const;

export type DataCenterName = keyof typeof dataCenters;

/** `domain`: where people sign in. The interface has one of its own with the same ending. */
function at(domain: string, { en, de }: InBothLanguages): DataCenter {
  const ending = domain.slice(domain.indexOf(".") + 1);
  return {
    label: { en: `${en} (${domain})`, de: `${de} (${domain})` },
    accounts: `https://accounts.${domain}`,
    api: `https://www.zohoapis.${ending}`,
    screens: `https://crm.${domain}`,
  };
}
