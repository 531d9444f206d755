// How senders that can prove nothing are set up.
import type { SetUp } from "../../../config/set-up.ts";
import { otherTile } from "../tiles.ts";

export const noneSetUp: readonly SetUp[] = [
  {
    id: "other-none",
    tile: otherTile,
    label: {
      en: "A sender that can only call an address",
      de: "Ein Absender, der nur eine Adresse aufrufen kann",
    },
    about: {
      en: "Whoever knows the address can send leads. Only where nothing else is possible.",
      de: "Wer die Adresse kennt, kann Leads senden. Nur, wo nichts anderes geht.",
    },
    steps: [
      {
        en: "Let it send each lead with POST to {address}, as JSON or as a form.",
        de: "Lassen Sie ihn jeden Lead mit POST an {address} senden, als JSON oder als Formular.",
      },
      {
        en: "Send a lead and watch it arrive here.",
        de: "Senden Sie einen Lead, und sehen Sie hier zu, wie er ankommt.",
      },
    ],
    comesFromInternet: false,
  },
];
