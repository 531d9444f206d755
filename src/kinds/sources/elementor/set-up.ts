// How a form of Elementor Pro is set up.
import type { SetUp } from "../../../config/set-up.ts";
import { wordpressTile } from "../tiles.ts";

export const elementorSetUp: readonly SetUp[] = [
  {
    id: "elementor",
    tile: wordpressTile,
    label: { en: "Elementor Pro", de: "Elementor Pro" },
    about: {
      en: "Needs Elementor Pro. WordPress reaches no private addresses and no ports but 80, 443 and 8080. Elementor waits 5 seconds and never sends again.",
      de: "Braucht Elementor Pro. WordPress erreicht keine privaten Adressen und keine Ports außer 80, 443 und 8080. Elementor wartet 5 Sekunden und sendet nie noch einmal.",
    },
    steps: [
      {
        en: "Edit the page with Elementor and select the form.",
        de: "Bearbeiten Sie die Seite mit Elementor und wählen Sie das Formular.",
      },
      {
        en: "Under Actions After Submit add Webhook, and leave Email and Collect Submissions there: they are your safety net.",
        de: "Fügen Sie unter „Aktionen nach dem Absenden“ Webhook hinzu, und lassen Sie E-Mail und „Einsendungen sammeln“ stehen: Sie sind Ihr Sicherheitsnetz.",
      },
      {
        en: "Under Webhook enter {address}/{secret} as Webhook URL. The token is the last part of the address.",
        de: "Tragen Sie unter Webhook als Webhook-URL {address}/{secret} ein. Das Token ist der letzte Teil der Adresse.",
      },
      {
        en: "Switch Advanced Data on: then the fields have ids, else only their translated labels.",
        de: "Schalten Sie „Erweiterte Daten“ ein: Dann haben die Felder Kennungen, sonst nur ihre übersetzten Beschriftungen.",
      },
      { en: "Update the page.", de: "Aktualisieren Sie die Seite." },
      {
        en: "Send the form once yourself and watch it arrive here.",
        de: "Senden Sie das Formular einmal selbst ab und sehen Sie hier zu, wie es ankommt.",
      },
    ],
    comesFromInternet: true,
    ports: [80, 443, 8080],
  },
];
