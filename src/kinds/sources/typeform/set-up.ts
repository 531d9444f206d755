// How a form at Typeform is set up.
import type { SetUp, Tile } from "../../../config/set-up.ts";

const own: Tile = {
  id: "typeform",
  rank: 60,
  label: { en: "Typeform", de: "Typeform" },
  help: { en: "Responses of a form", de: "Antworten eines Formulars" },
};

export const typeformSetUp: readonly SetUp[] = [
  {
    id: "typeform",
    tile: own,
    label: { en: "Typeform", de: "Typeform" },
    about: {
      en: "Direct and signed. Typeform tries again for hours.",
      de: "Direkt und signiert. Typeform versucht es stundenlang erneut.",
    },
    steps: [
      {
        en: "Open the form, Connect, Webhooks, Add a webhook, and enter {address}",
        de: "Öffnen Sie das Formular, Connect, Webhooks, „Add a webhook“, und tragen Sie {address} ein.",
      },
      {
        en: "Edit the webhook, Secret: {secret} Without it Typeform signs nothing.",
        de: "Bearbeiten Sie den Webhook, Secret: {secret} Ohne es signiert Typeform nichts.",
      },
      {
        en: "Switch the webhook on, then View deliveries, Send test request, and watch it arrive here.",
        de: "Schalten Sie den Webhook ein, dann „View deliveries“, „Send test request“, und sehen Sie hier zu, wie er ankommt.",
      },
    ],
    comesFromInternet: true,
  },
];
