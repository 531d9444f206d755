// How senders that sign are set up.
import type { SetUp } from "../../../config/set-up.ts";
import { otherTile } from "../tiles.ts";

export const hmacSetUp: readonly SetUp[] = [
  {
    id: "other-hmac",
    tile: otherTile,
    label: { en: "A program that signs (HMAC)", de: "Ein Programm, das signiert (HMAC)" },
    about: {
      en: "The safest way, for senders that can compute a signature; how other systems sign can be said under More settings.",
      de: "Der sicherste Weg, für Absender, die eine Signatur berechnen können; wie andere Systeme signieren, lässt sich unter „Weitere Einstellungen“ angeben.",
    },
    steps: [
      {
        en: "Give the program the address {address} and the secret {secret}",
        de: "Geben Sie dem Programm die Adresse {address} und das Geheimnis {secret}",
      },
      {
        en: "It signs the very bytes that it sends. Code that works is on this page.",
        de: "Es signiert genau die Bytes, die es sendet. Code, der funktioniert, steht auf dieser Seite.",
      },
      {
        en: "Send a lead and watch it arrive here; a wrong signature is explained.",
        de: "Senden Sie einen Lead, und sehen Sie hier zu, wie er ankommt; eine falsche Signatur wird erklärt.",
      },
    ],
    comesFromInternet: false,
  },
];
