// How a form of a website is set up.
import type { SetUp } from "../../../config/set-up.ts";
import { websiteTile } from "../tiles.ts";

export const formSetUp: readonly SetUp[] = [
  {
    id: "html-form",
    tile: websiteTile,
    label: { en: "A form in your page", de: "Ein Formular in Ihrer Seite" },
    about: {
      en: "Nothing to install, no script needed: the visitor's browser sends the form here. Visitors must reach this address. Spam waits in the quarantine.",
      de: "Nichts zu installieren, kein Skript nötig: Der Browser des Besuchers sendet das Formular hierher. Ihre Besucher müssen diese Adresse erreichen. Spam wartet in der Quarantäne.",
    },
    asks: ["origins", "thank_you"],
    steps: [
      {
        en: 'Paste the code from this page into yours, or give the form that you have action="{address}" and method="post".',
        de: 'Fügen Sie den Code von dieser Seite in Ihre ein, oder geben Sie Ihrem Formular action="{address}" und method="post".',
      },
      {
        en: "Give the fields names that say what they hold: name, email, phone, message.",
        de: "Geben Sie den Feldern Namen, die sagen, was darin steht: name, email, phone, message.",
      },
      {
        en: "Keep the hidden field that visitors leave empty: it keeps spam away.",
        de: "Behalten Sie das versteckte Feld, das Besucher leer lassen: Es hält Spam fern.",
      },
      {
        en: "Send the form once yourself and watch it arrive here.",
        de: "Senden Sie das Formular einmal selbst ab und sehen Sie hier zu, wie es ankommt.",
      },
    ],
    comesFromInternet: true,
  },
];
