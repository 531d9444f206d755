// Errors of the API that are about import and export.
import type { CatalogueEntry } from "./error-catalogue-entry.ts";
import { entry } from "./error-catalogue-entry.ts";

export const exchangeErrors = {
  exports_busy: entry(
    429,
    [
      "Too many exports are under way",
      "Each of them holds a view of the whole database. Try again when one has ended, after the seconds in `Retry-After`.",
    ],
    [
      "Es laufen schon zu viele Exporte",
      "Jeder hält einen Blick auf die ganze Datenbank fest. Versuchen Sie es wieder, wenn einer zu Ende ist, nach den Sekunden in `Retry-After`.",
    ],
  ),
} as const satisfies Record<string, CatalogueEntry>;
