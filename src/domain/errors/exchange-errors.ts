// Errors of the API that are about import and export.
import type { CatalogueEntry } from "./error-catalogue-entry.ts";
import { entry } from "./error-catalogue-entry.ts";

export const exchangeErrors = {
  exports_busy: entry(429, "unaffected", "nobody", {
    en: [
      "Too many exports are under way",
      "Several exports are being written at this moment. Each of them holds a view of the whole database, so their number is limited.",
      "Try again when one has ended, after the seconds in `Retry-After`.",
    ],
    de: [
      "Es laufen schon zu viele Exporte",
      "Im Augenblick werden mehrere Exporte geschrieben. Jeder hält einen Blick auf die ganze Datenbank fest, deshalb ist ihre Zahl begrenzt.",
      "Versuchen Sie es wieder, wenn einer zu Ende ist, nach den Sekunden in `Retry-After`.",
    ],
  }),
} as const satisfies Record<string, CatalogueEntry>;
