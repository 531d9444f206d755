// How a landing page at Unbounce is set up.
import type { SetUp, Tile } from "../../../config/set-up.ts";

const own: Tile = {
  id: "unbounce",
  rank: 110,
  label: { en: "Unbounce", de: "Unbounce" },
  help: { en: "Landing pages", de: "Landingpages" },
};

export const unbounceSetUp: readonly SetUp[] = [
  {
    id: "unbounce",
    tile: own,
    label: { en: "Unbounce", de: "Unbounce" },
    about: {
      en: "Unbounce signs nothing: the token is part of the address. Whether it sends again is not documented (unsure).",
      de: "Unbounce signiert nichts: Das Token ist Teil der Adresse. Ob es noch einmal sendet, ist nicht dokumentiert (ungesichert).",
    },
    steps: [
      {
        en: "Open the page, Integrations, Webhooks: POST to URL.",
        de: "Öffnen Sie die Seite, Integrations, „Webhooks: POST to URL“.",
      },
      {
        en: "Enter {address}/{secret} as URL and save.",
        de: "Tragen Sie {address}/{secret} als URL ein, und speichern Sie.",
      },
      {
        en: "Leave Unbounce's notification of leads by e-mail switched on: it is your safety net.",
        de: "Lassen Sie die E-Mail-Benachrichtigung von Unbounce eingeschaltet: Sie ist Ihr Sicherheitsnetz.",
      },
      {
        en: "Send the form once yourself and watch it arrive here.",
        de: "Senden Sie das Formular einmal selbst ab und sehen Sie hier zu, wie es ankommt.",
      },
    ],
    comesFromInternet: true,
  },
];
