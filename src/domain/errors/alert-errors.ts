// Errors about alerts and those who are told of them.
import type { CatalogueEntry } from "./error-catalogue-entry.ts";
import { entry } from "./error-catalogue-entry.ts";

export const alertErrors = {
  alert_unknown: entry(404, "unaffected", "caller", {
    en: ["There is no such alert", "No alert has this id.", "GET /api/v1/alerts lists them."],
    de: ["Diesen Alarm gibt es nicht", "Kein Alarm hat diese Kennung.", "GET /api/v1/alerts zeigt alle."],
  }),
  alert_over: entry(409, "unaffected", "caller", {
    en: [
      "This alert is over",
      "It ended by itself meanwhile, so there is nothing to acknowledge.",
      "Nothing.",
    ],
    de: [
      "Dieser Alarm ist vorbei",
      "Er hat sich inzwischen von selbst erledigt; zu bestätigen gibt es nichts.",
      "Nichts.",
    ],
  }),
  alert_recipient_unknown: entry(404, "unaffected", "caller", {
    en: [
      "There is no recipient of this name",
      "Nobody who is told of alerts is called that. Upper and lower case differ.",
      "GET /api/v1/alert-recipients lists them all.",
    ],
    de: [
      "Einen Empfänger dieses Namens gibt es nicht",
      "Niemand, der Alarme erfährt, heißt so. Groß- und Kleinschreibung zählt.",
      "GET /api/v1/alert-recipients zeigt alle.",
    ],
  }),
  alert_code_wrong: entry(403, "unaffected", "caller", {
    en: [
      "This code is not right",
      "It belongs to no request to confirm that is still open. A newer message has another code.",
      "Use the code of the newest message, or have another one sent.",
    ],
    de: [
      "Dieser Code stimmt nicht",
      "Er gehört zu keiner Bitte um Bestätigung, die noch offen ist. Eine neuere Nachricht hat einen anderen Code.",
      "Nehmen Sie den Code der neuesten Nachricht, oder lassen Sie eine neue senden.",
    ],
  }),
  alert_codes_exhausted: entry(429, "unaffected", "caller", {
    en: [
      "Too many wrong codes",
      "So many wrong codes were entered that this one counts no more.",
      "Have another code sent: under Alerts, or with `leadledger alerts recipient ask`.",
    ],
    de: [
      "Zu viele falsche Codes",
      "Es wurden so viele falsche Codes eingegeben, dass dieser nicht mehr gilt.",
      "Lassen Sie einen neuen senden: unter Alarme oder mit `leadledger alerts recipient ask`.",
    ],
  }),
} as const satisfies Record<string, CatalogueEntry>;
