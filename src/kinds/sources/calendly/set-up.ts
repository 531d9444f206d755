// How Calendly is set up.
import type { SetUp, Tile } from "../../../config/set-up.ts";

const own: Tile = {
  id: "calendly",
  rank: 90,
  label: { en: "Calendly", de: "Calendly" },
  help: { en: "Appointments that are booked", de: "Gebuchte Termine" },
};

export const calendlySetUp: readonly SetUp[] = [
  {
    id: "calendly",
    tile: own,
    label: { en: "Calendly", de: "Calendly" },
    about: {
      en: "Needs a paid plan (unsure) and one call of Calendly's API: webhooks are subscribed there alone.",
      de: "Braucht einen bezahlten Tarif (ungesichert) und einen Aufruf der API von Calendly: Webhooks lassen sich nur dort abonnieren.",
    },
    steps: [
      {
        en: "At calendly.com, Integrations, API & webhooks, create a personal access token.",
        de: "Erzeugen Sie bei calendly.com unter Integrations, „API & webhooks“ ein persönliches Zugriffstoken.",
      },
      {
        en: 'POST https://api.calendly.com/webhook_subscriptions with url {address}, events ["invitee.created"], organization, scope organization and signing_key {secret}',
        de: 'POST https://api.calendly.com/webhook_subscriptions mit url {address}, events ["invitee.created"], organization, scope organization und signing_key {secret}',
      },
      {
        en: "Book an appointment yourself and watch it arrive here.",
        de: "Buchen Sie selbst einen Termin, und sehen Sie hier zu, wie er ankommt.",
      },
    ],
    comesFromInternet: true,
  },
];
