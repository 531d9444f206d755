// Errors about sources, destinations and settings that the API changes.
import type { CatalogueEntry } from "./error-catalogue-entry.ts";
import { entry } from "./error-catalogue-entry.ts";

const unchanged = { en: "Nothing was changed.", de: "Es wurde nichts geändert." } as const;

export const partErrors = {
  source_not_found: entry(
    404,
    ["There is no source of this name", "GET /api/v1/sources lists them. Upper and lower case differ."],
    [
      "Eine Quelle dieses Namens gibt es nicht",
      "GET /api/v1/sources zeigt alle. Groß- und Kleinschreibung zählt.",
    ],
  ),
  destination_not_found: entry(
    404,
    [
      "There is no destination of this name",
      "GET /api/v1/destinations lists them. Upper and lower case differ.",
    ],
    [
      "Ein Ziel dieses Namens gibt es nicht",
      "GET /api/v1/destinations zeigt alle. Groß- und Kleinschreibung zählt.",
    ],
  ),
  configuration_invalid: entry(
    422,
    [
      "This configuration is not valid",
      `${unchanged.en} \`problems\` says for each place what is wrong and what was expected.`,
    ],
    [
      "Diese Konfiguration ist nicht gültig",
      `${unchanged.de} \`problems\` sagt zu jeder Stelle, was nicht stimmt und was erwartet wird.`,
    ],
  ),
  managed_by_file: entry(
    409,
    [
      "leadledger.yaml says this, so it can only be changed there",
      `${unchanged.en} Change it in the file and run \`leadledger apply\`; all nodes follow within two seconds.`,
    ],
    [
      "Das steht in leadledger.yaml und wird nur dort geändert",
      `${unchanged.de} Ändern Sie die Datei, und rufen Sie \`leadledger apply\` auf; alle Knoten folgen binnen zwei Sekunden.`,
    ],
  ),
  name_taken: entry(
    409,
    [
      "This name is taken",
      `${unchanged.en} Choose another name, or change the one that there is with PATCH.`,
    ],
    [
      "Dieser Name ist vergeben",
      `${unchanged.de} Wählen Sie einen anderen, oder ändern Sie das Vorhandene mit PATCH.`,
    ],
  ),
  part_removed: entry(
    409,
    [
      "This was removed and is switched off",
      `${unchanged.en} To have it back, make it anew under the same name with POST.`,
    ],
    [
      "Das wurde entfernt und ist abgeschaltet",
      `${unchanged.de} Um es wiederzubekommen, legen Sie es unter demselben Namen mit POST neu an.`,
    ],
  ),
  destination_in_use: entry(
    409,
    [
      "Sources still send to this destination",
      `${unchanged.en} \`reason\` names them. Change their \`to\` first; without it their leads would reach nobody.`,
    ],
    [
      "Quellen senden noch an dieses Ziel",
      `${unchanged.de} \`reason\` nennt sie. Ändern Sie zuerst deren \`to\`; sonst erreichten ihre Leads niemanden.`,
    ],
  ),
  without_secret: entry(
    409,
    [
      "This has no secret that could be replaced",
      `${unchanged.en} A source with \`auth.kind: none\` and a destination of kind external use none.`,
    ],
    [
      "Hier gibt es kein Geheimnis, das sich ersetzen ließe",
      `${unchanged.de} Eine Quelle mit \`auth.kind: none\` und ein Ziel der Art external benutzen keines.`,
    ],
  ),
  destination_external: entry(
    409,
    [
      "LeadLedger makes no connection to this destination",
      "It is of kind external: a worker of your own fetches its leads. A test lead shows whether it does.",
    ],
    [
      "Zu diesem Ziel baut LeadLedger keine Verbindung auf",
      "Es ist von der Art external: Ein eigener Worker holt die Leads ab. Ein Testlead zeigt, ob er es tut.",
    ],
  ),
  test_lead_refused: entry(
    422,
    [
      "This source would refuse the test lead",
      "Nothing was recorded. `reason` says what does not fit; give a `body` that the source takes.",
    ],
    [
      "Diese Quelle würde den Testlead ablehnen",
      "Es wurde nichts verzeichnet. `reason` sagt, was nicht passt; geben Sie einen `body` mit, den die Quelle annimmt.",
    ],
  ),
} as const satisfies Record<string, CatalogueEntry>;
