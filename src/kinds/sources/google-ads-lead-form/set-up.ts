// How a lead form of Google Ads is set up.
import type { SetUp, Tile } from "../../../config/set-up.ts";

const own: Tile = {
  id: "google",
  rank: 40,
  label: { en: "Google", de: "Google" },
  help: { en: "Lead forms of Google Ads", de: "Lead-Formulare von Google Ads" },
};

export const googleAdsLeadFormSetUp: readonly SetUp[] = [
  {
    id: "google-ads",
    tile: own,
    label: { en: "Google Ads lead form", de: "Google-Ads-Lead-Formular" },
    about: {
      en: "Free of charge and direct. Whether Google sends again is not documented (unsure); leads can be downloaded in Google Ads as a safety net.",
      de: "Kostenlos und direkt. Ob Google noch einmal sendet, ist nicht dokumentiert (ungesichert); als Sicherheitsnetz lassen sich die Leads in Google Ads herunterladen.",
    },
    steps: [
      {
        en: "In Google Ads open the lead form asset, then Export leads from Google Ads, Other data integration options.",
        de: "Öffnen Sie in Google Ads das Lead-Formular-Asset, dann „Leads aus Google Ads exportieren“, „Weitere Optionen zur Datenintegration“.",
      },
      { en: "Webhook URL: {address}", de: "Webhook-URL: {address}" },
      { en: "Key: {secret}", de: "Schlüssel: {secret}" },
      {
        en: "Press Send test data: the test lead arrives here and is counted nowhere.",
        de: "Klicken Sie auf „Testdaten senden“: Der Testlead kommt hier an und wird nirgends mitgezählt.",
      },
      { en: "Save the form.", de: "Speichern Sie das Formular." },
    ],
    comesFromInternet: true,
  },
];
