// How a form at Jotform is set up.
import type { SetUp, Tile } from "../../../config/set-up.ts";

const own: Tile = {
  id: "jotform",
  rank: 105,
  label: { en: "Jotform", de: "Jotform" },
  help: { en: "Responses of a form", de: "Antworten eines Formulars" },
};

export const jotformSetUp: readonly SetUp[] = [
  {
    id: "jotform",
    tile: own,
    label: { en: "Jotform", de: "Jotform" },
    about: {
      en: "Jotform signs nothing: the token is part of the address. Whether it sends again is not documented (unsure).",
      de: "Jotform signiert nichts: Das Token ist Teil der Adresse. Ob es noch einmal sendet, ist nicht dokumentiert (ungesichert).",
    },
    steps: [
      {
        en: "Open the form, Settings, Integrations, WebHooks.",
        de: "Öffnen Sie das Formular, Einstellungen, Integrationen, WebHooks.",
      },
      {
        en: "Enter {address}/{secret} and complete the integration.",
        de: "Tragen Sie {address}/{secret} ein, und schließen Sie die Integration ab.",
      },
      {
        en: "Leave Jotform's notification by e-mail switched on: it is your safety net.",
        de: "Lassen Sie die E-Mail-Benachrichtigung von Jotform eingeschaltet: Sie ist Ihr Sicherheitsnetz.",
      },
      {
        en: "Send the form once yourself and watch it arrive here.",
        de: "Senden Sie das Formular einmal selbst ab und sehen Sie hier zu, wie es ankommt.",
      },
    ],
    comesFromInternet: true,
  },
];
