// The words of the form for a destination of kind `external`.
import type { KindWords } from "../../domain/configuration/form-words.ts";

export const externalForm: KindWords = {
  label: { en: "A program of your own", de: "Eigenes Programm" },
  help: {
    en: "Nothing is sent: a worker of your own fetches leads from the database with SQL.",
    de: "Es wird nichts gesendet: Ein eigener Worker holt die Leads mit SQL aus der Datenbank.",
  },
  fields: [
    {
      name: "paused",
      label: { en: "Paused", de: "Angehalten" },
      help: {
        en: "Recorded for your worker to respect.",
        de: "Wird vermerkt, damit Ihr Worker sich danach richten kann.",
      },
      advanced: true,
    },
  ],
};
