// How a form at Tally is set up.
import type { SetUp, Tile } from "../../../config/set-up.ts";

const own: Tile = {
  id: "tally",
  rank: 100,
  label: { en: "Tally", de: "Tally" },
  help: { en: "Responses of a form", de: "Antworten eines Formulars" },
};

export const tallySetUp: readonly SetUp[] = [
  {
    id: "tally",
    tile: own,
    label: { en: "Tally", de: "Tally" },
    about: {
      en: "Direct and signed. Tally tries again for a day (unsure).",
      de: "Direkt und signiert. Tally versucht es einen Tag lang erneut (ungesichert).",
    },
    steps: [
      {
        en: "Open the form, Integrations, Webhooks, Connect, endpoint URL {address}",
        de: "Öffnen Sie das Formular, Integrations, Webhooks, Connect, Endpoint URL {address}",
      },
      {
        en: "Add a signing secret: {secret} Without it Tally signs nothing.",
        de: "Fügen Sie ein Signing Secret hinzu: {secret} Ohne es signiert Tally nichts.",
      },
      {
        en: "Send the form once yourself and watch it arrive here.",
        de: "Senden Sie das Formular einmal selbst ab und sehen Sie hier zu, wie es ankommt.",
      },
    ],
    comesFromInternet: true,
  },
];
