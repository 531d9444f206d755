// How forms of Webflow are set up.
import type { SetUp, Tile } from "../../../config/set-up.ts";

const own: Tile = {
  id: "webflow",
  rank: 80,
  label: { en: "Webflow", de: "Webflow" },
  help: { en: "Forms of a site", de: "Formulare einer Website" },
};

export const webflowSetUp: readonly SetUp[] = [
  {
    id: "webflow-dashboard",
    tile: own,
    label: { en: "In Webflow's dashboard", de: "In der Oberfläche von Webflow" },
    about: {
      en: "The usual way. Webflow signs nothing then: the secret is part of the address.",
      de: "Der übliche Weg. Webflow signiert dann nichts: Das Geheimnis ist Teil der Adresse.",
    },
    steps: [
      {
        en: "In the site's settings, Apps & integrations, Webhooks, Add webhook, trigger Form submission.",
        de: "In den Einstellungen der Website unter „Apps & integrations“, Webhooks, „Add webhook“, Auslöser „Form submission“.",
      },
      { en: "URL: {address}/{secret}", de: "URL: {address}/{secret}" },
      {
        en: "Leave Webflow's notification by e-mail switched on: it is your safety net.",
        de: "Lassen Sie die E-Mail-Benachrichtigung von Webflow eingeschaltet: Sie ist Ihr Sicherheitsnetz.",
      },
      {
        en: "Send the form once yourself and watch it arrive here.",
        de: "Senden Sie das Formular einmal selbst ab und sehen Sie hier zu, wie es ankommt.",
      },
    ],
    comesFromInternet: true,
  },
  {
    id: "webflow-api",
    tile: own,
    label: { en: "By an app or the API", de: "Mit einer App oder der API" },
    about: {
      en: "Signed; the secret is the one that Webflow shows once, or the app's client secret.",
      de: "Signiert; das Geheimnis ist das, das Webflow einmal zeigt, oder das Client Secret der App.",
    },
    asks: ["secret"],
    steps: [
      {
        en: "POST /v2/sites/{site_id}/webhooks with triggerType form_submission and url {address}",
        de: "POST /v2/sites/{site_id}/webhooks mit triggerType form_submission und url {address}",
      },
      {
        en: "The secret of the answer, or the app's client secret, is the secret of this source: enter it here.",
        de: "Das Geheimnis der Antwort oder das Client Secret der App ist das Geheimnis dieser Quelle: Tragen Sie es hier ein.",
      },
      {
        en: "Send the form once yourself and watch it arrive here.",
        de: "Senden Sie das Formular einmal selbst ab und sehen Sie hier zu, wie es ankommt.",
      },
    ],
    comesFromInternet: true,
  },
];
