// Destinations of kind `external`: nothing is sent, a worker of the user's own settles the runs with SQL.
import { flag } from "../../../config/fields/plain-fields.ts";
import { destinationKind } from "../destination-kind.ts";

export const external = destinationKind({
  kind: "external",
  group: "programs",
  label: { en: "A program of your own", de: "Eigenes Programm" },
  help: {
    en: "Nothing is sent: a worker of your own fetches leads from the database with SQL.",
    de: "Es wird nichts gesendet: Ein eigener Worker holt die Leads mit SQL aus der Datenbank.",
  },
  testLeaves: {
    en: "A test lead waits in the database until your worker fetches it; what it leaves behind is up to your worker. The column test of the table runs tells it from others.",
    de: "Ein Testlead wartet in der Datenbank, bis Ihr Worker ihn holt; was er hinterlässt, bestimmt Ihr Worker. Zu erkennen ist er an der Spalte test der Tabelle runs.",
  },
  fields: {
    paused: flag("paused", {
      description: "Recorded for the worker to respect; nothing is sent anyway.",
      label: { en: "Paused", de: "Angehalten" },
      help: {
        en: "Recorded for your worker to respect.",
        de: "Wird vermerkt, damit Ihr Worker sich danach richten kann.",
      },
      advanced: true,
    }),
  },
  transport: null,
});
