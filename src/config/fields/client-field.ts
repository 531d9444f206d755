// Whose a source or a destination is: what both say about it, once.
import { optionalText } from "./plain-fields.ts";

export const clientTexts = {
  label: { en: "Client", de: "Kunde" },
  help: {
    en: "For agencies: the client whose it is. Leads of a client's sources go to destinations of the same client alone. Empty: for an installation without clients.",
    de: "Für Agenturen: der Kunde, dem es gehört. Leads aus den Quellen eines Kunden gehen nur an Ziele desselben Kunden. Leer: für eine Installation ohne Kunden.",
  },
  example: "moebel-koeln",
  option: {
    text: { en: "of an agency: whose it is", de: "einer Agentur: wem es gehört" },
    title: { en: "client", de: "Kunde" },
    placeholder: "name",
  },
} as const;

export const clientDescription =
  "Of an agency's client: leads go to destinations of the same client alone. Absent: no client's.";

export const clientField = optionalText("client", {
  ...clientTexts,
  format: "client",
  description: clientDescription,
  advanced: true,
});
