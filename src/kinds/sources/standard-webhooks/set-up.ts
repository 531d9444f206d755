// How senders of Standard Webhooks are set up.
import type { SetUp } from "../../../config/set-up.ts";
import { otherTile } from "../tiles.ts";

export const standardWebhooksSetUp: readonly SetUp[] = [
  {
    id: "standard-webhooks",
    tile: otherTile,
    label: { en: "Standard Webhooks or Svix", de: "Standard Webhooks oder Svix" },
    about: {
      en: "For systems that say “Standard Webhooks” or “Svix”, and show a secret that begins with whsec_.",
      de: "Für Systeme, die „Standard Webhooks“ oder „Svix“ nennen und ein Geheimnis zeigen, das mit whsec_ beginnt.",
    },
    asks: ["secret"],
    steps: [
      {
        en: "In the sender's system add an endpoint with the address {address}",
        de: "Legen Sie im System des Absenders einen Endpunkt mit der Adresse {address} an.",
      },
      {
        en: "It shows a signing secret (whsec_…): that must be the secret of this source. If it is not yet, change it here.",
        de: "Es zeigt ein Signaturgeheimnis (whsec_…): Das muss das Geheimnis dieser Quelle sein. Ist es das noch nicht, ändern Sie es hier.",
      },
      {
        en: "Send the sender's test event and watch it arrive here.",
        de: "Senden Sie das Testereignis des Absenders, und sehen Sie hier zu, wie es ankommt.",
      },
    ],
    comesFromInternet: true,
  },
];
