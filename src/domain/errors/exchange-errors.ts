// Errors of the API that are about import and export; of rows that were not imported, too.
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
  page_of_other_source: entry(422, "unaffected", "caller", {
    en: [
      "The row belongs to another source",
      "Sources share an address, and the row names a page, organisation or form that the source it was to be imported into does not list: another one does, or none. Nothing of it was recorded.",
      "Import it into the source that the reason names, or into the one that has the address: there each row goes to the source that its ids name.",
    ],
    de: [
      "Die Zeile gehört zu einer anderen Quelle",
      "Quellen teilen sich eine Adresse, und die Zeile nennt eine Seite, eine Organisation oder ein Formular, das die gewählte Quelle nicht aufzählt: Das tut eine andere, oder keine. Von der Zeile wurde nichts verzeichnet.",
      "Importieren Sie sie in die Quelle, die der Grund nennt, oder in die, die die Adresse hat: Dort geht jede Zeile an die Quelle, die ihre Kennungen nennen.",
    ],
  }),
  row_not_storable: entry(422, "unaffected", "caller", {
    en: [
      "The database cannot store this row",
      "The database refused the row's data. The other rows were taken; of this one nothing was recorded.",
      "Look at the row for what is no text or number, then import it again: it keeps its key.",
    ],
    de: [
      "Die Datenbank kann diese Zeile nicht speichern",
      "Die Datenbank hat die Daten der Zeile abgelehnt. Die anderen Zeilen sind angenommen; von dieser wurde nichts verzeichnet.",
      "Sehen Sie nach, was an der Zeile weder Text noch Zahl ist, und importieren Sie sie noch einmal: Sie behält ihre Kennung.",
    ],
  }),
  row_unknown: entry(500, "perhaps_stored", "caller", {
    en: [
      "Nothing is known about this row",
      "Something unexpected happened to the row. Nobody knows whether it was recorded.",
      "Import it again: if it was recorded, it is recognised by its key.",
    ],
    de: [
      "Über diese Zeile ist nichts bekannt",
      "Mit der Zeile ist etwas Unerwartetes geschehen. Niemand weiß, ob sie verzeichnet wurde.",
      "Importieren Sie sie noch einmal: Wurde sie verzeichnet, wird sie an ihrer Kennung erkannt.",
    ],
  }),
} as const satisfies Record<string, CatalogueEntry>;
