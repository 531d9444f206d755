// Where Zoho's data centers are: accounts and data of one are unknown to the others. Those marked so are unsure.
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
  eu: {
    label: { en: "Europe (zoho.eu)", de: "Europa (zoho.eu)" },
    accounts: "https://accounts.zoho.eu",
    api: "https://www.zohoapis.eu",
    screens: "https://crm.zoho.eu",
  },
  com: {
    label: { en: "United States (zoho.com)", de: "USA (zoho.com)" },
    accounts: "https://accounts.zoho.com",
    api: "https://www.zohoapis.com",
    screens: "https://crm.zoho.com",
  },
  // Unsure from here on.
  uk: {
    label: { en: "United Kingdom (zoho.uk)", de: "Vereinigtes Königreich (zoho.uk)" },
    accounts: "https://accounts.zoho.uk",
    api: "https://www.zohoapis.uk",
    screens: "https://crm.zoho.uk",
  },
  in: {
    label: { en: "India (zoho.in)", de: "Indien (zoho.in)" },
    accounts: "https://accounts.zoho.in",
    api: "https://www.zohoapis.in",
    screens: "https://crm.zoho.in",
  },
  "com.au": {
    label: { en: "Australia (zoho.com.au)", de: "Australien (zoho.com.au)" },
    accounts: "https://accounts.zoho.com.au",
    api: "https://www.zohoapis.com.au",
    screens: "https://crm.zoho.com.au",
  },
  jp: {
    label: { en: "Japan (zoho.jp)", de: "Japan (zoho.jp)" },
    accounts: "https://accounts.zoho.jp",
    api: "https://www.zohoapis.jp",
    screens: "https://crm.zoho.jp",
  },
  ca: {
    label: { en: "Canada (zohocloud.ca)", de: "Kanada (zohocloud.ca)" },
    accounts: "https://accounts.zohocloud.ca",
    api: "https://www.zohoapis.ca",
    screens: "https://crm.zohocloud.ca",
  },
  sa: {
    label: { en: "Saudi Arabia (zoho.sa)", de: "Saudi-Arabien (zoho.sa)" },
    accounts: "https://accounts.zoho.sa",
    api: "https://www.zohoapis.sa",
    screens: "https://crm.zoho.sa",
  },
} as const satisfies Readonly<Record<string, DataCenter>>;

export type DataCenterName = keyof typeof dataCenters;
