// How HubSpot is set up.
import type { SetUp, Tile } from "../../../config/set-up.ts";

const own: Tile = {
  id: "hubspot",
  rank: 70,
  label: { en: "HubSpot", de: "HubSpot" },
  help: { en: "Workflows and apps", de: "Workflows und Apps" },
};

export const hubspotSetUp: readonly SetUp[] = [
  {
    id: "hubspot-workflow",
    tile: own,
    label: { en: "A workflow", de: "Ein Workflow" },
    about: {
      en: "Right for leads of forms. Needs Data Hub Professional or higher. HubSpot sends the key in no test request: that one is refused, a real one is not.",
      de: "Das Richtige für Leads aus Formularen. Braucht Data Hub Professional oder höher. In Testanfragen sendet HubSpot den Schlüssel nicht mit: Sie werden abgewiesen, echte nicht.",
    },
    steps: [
      {
        en: "In the workflow add the action Send a webhook, method POST, webhook URL {address}",
        de: "Fügen Sie im Workflow die Aktion „Webhook senden“ hinzu, Methode POST, Webhook-URL {address}",
      },
      {
        en: "Authentication: API key. Name X-Api-Key, in the request header, value {secret}",
        de: "Authentifizierung: API-Schlüssel. Name X-Api-Key, im Header der Anfrage, Wert {secret}",
      },
      {
        en: "Request body: include all properties, or choose those that you need.",
        de: "Inhalt der Anfrage: alle Eigenschaften, oder wählen Sie die nötigen aus.",
      },
      {
        en: "Switch the workflow on, submit the form once and watch it arrive here.",
        de: "Schalten Sie den Workflow ein, senden Sie das Formular einmal ab, und sehen Sie hier zu, wie es ankommt.",
      },
    ],
    comesFromInternet: true,
  },
  {
    id: "hubspot-app",
    tile: own,
    label: { en: "An app of your own", de: "Eine eigene App" },
    about: {
      en: "Signed, several events in one request; they hold ids, not the answers of a form.",
      de: "Signiert, mehrere Ereignisse in einer Anfrage; sie enthalten Kennungen, nicht die Antworten eines Formulars.",
    },
    asks: ["secret"],
    steps: [
      {
        en: "In the app's settings, Webhooks, enter {address} as target URL. The app's client secret under Auth is the secret of this source.",
        de: "Tragen Sie in den Einstellungen der App unter Webhooks {address} als Ziel-URL ein. Das Client Secret der App unter Auth ist das Geheimnis dieser Quelle.",
      },
      {
        en: "Subscribe to contact.creation and what else you need, and activate it.",
        de: "Abonnieren Sie contact.creation und was Sie sonst brauchen, und aktivieren Sie es.",
      },
      {
        en: "Behind a proxy set public_url: the address that HubSpot calls is signed, too.",
        de: "Hinter einem Proxy geben Sie public_url an: Die Adresse, die HubSpot aufruft, ist mitsigniert.",
      },
    ],
    comesFromInternet: true,
  },
];
