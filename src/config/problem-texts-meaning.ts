// Texts about what does not fit together, and about what is allowed but worth a second thought.
import type { CaFileFault, ProblemTexts } from "./problem.ts";
import { didYouMean, listed, meintenSie, shortened, shownInEnglish, shownInGerman } from "./problem-words.ts";

export type MeaningCode =
  | "auth_none"
  | "client_has_leads"
  | "client_has_open_deliveries"
  | "destination_listed_twice"
  | "destination_of_other_client"
  | "sources_of_other_client"
  | "ca_file_unusable"
  | "destination_private"
  | "key_ends"
  | "destination_unknown"
  | "destinations_unchosen"
  | "names_alike"
  | "nobody_sends_there"
  | "open_intake_behind_proxy"
  | "open_intake_not_loopback"
  | "open_intake_on"
  | "schema_file_missing"
  | "schema_file_not_json"
  | "schema_file_unreadable"
  | "schema_not_a_schema"
  | "schema_pattern_refers_back"
  | "schema_pattern_too_large"
  | "schema_rejected"
  | "schema_too_costly"
  | "schema_too_large"
  | "secrets_expired"
  | "secret_short"
  | "secret_spaces"
  | "sends_to_nobody"
  | "trusts_everyone";

export const meaningTexts: ProblemTexts<MeaningCode> = {
  auth_none: {
    en: ({ source }) =>
      `Anyone who knows the address can post leads as ${source}. Unless that is meant, let senders prove who they are: by a token or a signature, a form at least by \`origins\`.`,
    de: ({ source }) =>
      `Wer die Adresse kennt, kann als ${source} Leads einliefern. Ist das nicht gewollt, lassen Sie die Absender sich ausweisen: mit einem Token oder einer Signatur, ein Formular wenigstens mit \`origins\`.`,
  },
  client_has_leads: {
    en: ({ source, client }) =>
      `Leads came through ${source} for the client ${client}, and they stay that client's. Make a new source for the other client, with an address of its own; pause this one when nobody sends to it any more.`,
    de: ({ source, client }) =>
      `Über ${source} kamen Leads für den Kunden ${client}, und sie bleiben bei ihm. Legen Sie für den anderen Kunden eine neue Quelle mit eigener Adresse an; halten Sie diese an, wenn niemand mehr an sie sendet.`,
  },
  client_has_open_deliveries: {
    en: ({ name, leads }) =>
      `${leads} deliveries are still open that would then go from one client to another, because of ${name}. Nothing was changed. Wait until they have arrived, or settle them under Needs attention.`,
    de: ({ name, leads }) =>
      `${leads} Zustellungen sind noch offen, die dann wegen ${name} von einem Kunden zu einem anderen gingen. Nichts wurde geändert. Warten Sie, bis sie angekommen sind, oder erledigen Sie sie unter „Klärfälle“.`,
  },
  destination_of_other_client: {
    en: ({ source, name, client }) =>
      `${shownInEnglish(name)} is no destination of ${client === null ? "this source's client" : `the client ${client}`}: leads of ${source} go to destinations of the same client alone. Give both the same \`client\`, or name another destination.`,
    de: ({ source, name, client }) =>
      `${shownInGerman(name)} ist kein Ziel ${client === null ? "des Kunden dieser Quelle" : `des Kunden ${client}`}: Leads von ${source} gehen nur an Ziele desselben Kunden. Geben Sie beiden denselben \`client\` oder nennen Sie ein anderes Ziel.`,
  },
  sources_of_other_client: {
    en: ({ destination, sources }) =>
      `${listed(sources, "")} would send to ${destination} from another client. Take it out of their \`to\` first.`,
    de: ({ destination, sources }) =>
      `${listed(sources, "")} würde von einem anderen Kunden an ${destination} senden. Nehmen Sie es dort zuerst aus \`to\`.`,
  },
  destination_listed_twice: {
    en: ({ name }) => `${shownInEnglish(name)} is already in this list. Each destination gets a lead once.`,
    de: ({ name }) =>
      `${shownInGerman(name)} steht schon in dieser Liste. Jedes Ziel bekommt einen Lead einmal.`,
  },
  ca_file_unusable: {
    en: ({ destination, why }) =>
      `The \`ca_file\` of ${destination} ${caFileFaults[why].en}. Nothing can be delivered there until that is mended; it is read again for each connection.`,
    de: ({ destination, why }) =>
      `Die \`ca_file\` von ${destination} ${caFileFaults[why].de}. Bis das behoben ist, kann dorthin nichts zugestellt werden; sie wird für jede Verbindung neu gelesen.`,
  },
  destination_private: {
    en: ({ destination }) =>
      `The address of ${destination} is inside the own network, where LeadLedger sends nothing unless \`allow_private: true\` is set.`,
    de: ({ destination }) =>
      `Die Adresse von ${destination} liegt im eigenen Netz; dorthin sendet LeadLedger nur mit \`allow_private: true\`.`,
  },
  key_ends: {
    en: ({ destination, on }) =>
      `The key of ${destination} ends on ${on}. Make a new one there and enter it here, with its date; without it leads wait.`,
    de: ({ destination, on }) =>
      `Der Schlüssel von ${destination} endet am ${on}. Legen Sie dort einen neuen an und tragen Sie ihn hier mit seinem Datum ein; ohne ihn warten Leads.`,
  },
  destination_unknown: {
    en: ({ name, suggestion, known }) =>
      `There is no destination ${shownInEnglish(name)}. Defined under \`destinations\`: ${listed(known, "none yet")}.${didYouMean(suggestion)}`,
    de: ({ name, suggestion, known }) =>
      `Ein solches Ziel gibt es nicht: ${shownInGerman(name)}. Unter \`destinations\` stehen: ${listed(known, "noch keine")}.${meintenSie(suggestion)}`,
  },
  destinations_unchosen: {
    en: () =>
      "Where do the leads of this source go? Say `to`: names of destinations, `[]` for nobody, or `null` for all, those of the future too.",
    de: () =>
      "Wohin gehen die Leads dieser Quelle? Geben Sie `to` an: Namen von Zielen, `[]` für niemanden oder `null` für alle, auch künftige.",
  },
  names_alike: {
    en: ({ name, other }) =>
      `"${name}" and "${other}" differ only in upper and lower case and are two different ones. Is that meant?`,
    de: ({ name, other }) =>
      `„${name}“ und „${other}“ unterscheiden sich nur in Groß- und Kleinschreibung und sind zweierlei. Ist das gewollt?`,
  },
  nobody_sends_there: {
    en: ({ destination }) =>
      `No source sends to ${destination}, so it gets no leads. Name it in the \`to\` of a source, or leave \`to\` away, which means all destinations.`,
    de: ({ destination }) =>
      `Keine Quelle sendet an ${destination}, dort kommt also kein Lead an. Nennen Sie es in \`to\` einer Quelle, oder lassen Sie \`to\` weg, das heißt: an alle Ziele.`,
  },
  open_intake_behind_proxy: {
    en: () =>
      "`open_intake: true` lets anyone post and is refused together with `trust_proxy`, because the proxy would open it to the internet. Remove one of the two.",
    de: () =>
      "`open_intake: true` lässt jeden einliefern und ist zusammen mit `trust_proxy` nicht erlaubt, weil der Proxy das ins Internet öffnen würde. Entfernen Sie eines von beiden.",
  },
  open_intake_not_loopback: {
    en: ({ host }) =>
      `\`open_intake: true\` lets anyone post and is refused while listening on ${shortened(host)}. Listen on HOST=127.0.0.1, or configure sources and remove open_intake.`,
    de: ({ host }) =>
      `\`open_intake: true\` lässt jeden einliefern und ist nicht erlaubt, solange auf ${shortened(host)} gelauscht wird. Setzen Sie HOST=127.0.0.1, oder richten Sie Quellen ein und entfernen Sie open_intake.`,
  },
  open_intake_on: {
    en: () =>
      "`open_intake: true`: anyone who reaches this machine can post as any source that is not configured. For demos and tests only.",
    de: () =>
      "`open_intake: true`: wer diesen Rechner erreicht, kann unter dem Namen jeder nicht eingerichteten Quelle einliefern. Nur für Vorführungen und Tests.",
  },
  schema_file_missing: {
    en: ({ found }) =>
      `There is no such file: ${shownInEnglish(found)}. The path is taken from the folder of the configuration file.`,
    de: ({ found }) =>
      `Diese Datei gibt es nicht: ${shownInGerman(found)}. Der Pfad gilt ab dem Ordner der Konfigurationsdatei.`,
  },
  schema_file_not_json: {
    en: () =>
      'This is not JSON. A JSON Schema is expected, for example { "type": "object", "required": ["email"] }',
    de: () =>
      'Das ist kein JSON. Erwartet wird ein JSON Schema, zum Beispiel { "type": "object", "required": ["email"] }',
  },
  schema_file_unreadable: {
    en: ({ found, reason }) => `This file cannot be read (${reason}): ${shownInEnglish(found)}`,
    de: ({ found, reason }) => `Diese Datei lässt sich nicht lesen (${reason}): ${shownInGerman(found)}`,
  },
  schema_not_a_schema: {
    en: () =>
      'A JSON Schema is an object (or true or false). Example: { "type": "object", "required": ["email"] }',
    de: () =>
      'Ein JSON Schema ist ein Objekt (oder true oder false). Beispiel: { "type": "object", "required": ["email"] }',
  },
  schema_pattern_refers_back: {
    en: ({ pattern }) =>
      `The pattern ${pattern} refers back to one of its groups (\\1, \\k<name>). How long such a check takes has no bound. Write the alternatives out, or leave the rule away.`,
    de: ({ pattern }) =>
      `Das Muster ${pattern} greift auf eine seiner Gruppen zurück (\\1, \\k<Name>). Wie lange eine solche Prüfung dauert, ist unbegrenzt. Schreiben Sie die Möglichkeiten aus, oder lassen Sie die Regel weg.`,
  },
  schema_pattern_too_large: {
    en: ({ pattern }) =>
      `The pattern ${pattern} becomes too large when its repetitions are written out. Ask for less with {…}; a length is better limited with maxLength.`,
    de: ({ pattern }) =>
      `Das Muster ${pattern} wird zu groß, wenn seine Wiederholungen ausgeschrieben werden. Verlangen Sie mit {…} weniger; eine Länge begrenzt man besser mit maxLength.`,
  },
  schema_rejected: {
    en: ({ detail }) => `This is not a valid JSON Schema: ${detail}`,
    de: ({ detail }) => `Das ist kein gültiges JSON Schema: ${detail}`,
  },
  schema_too_costly: {
    en: () =>
      "Checking even an empty lead against this schema takes too long: a $ref leads back to itself without end, or references branch again and again.",
    de: () =>
      "Schon einen leeren Lead gegen dieses Schema zu prüfen, dauert zu lange: Ein $ref führt endlos zu sich selbst zurück, oder Verweise verzweigen sich immer weiter.",
  },
  schema_too_large: {
    en: ({ partsMax, depthMax }) =>
      `This schema is too large: it may have ${partsMax} objects and lists, ${depthMax} levels deep.`,
    de: ({ partsMax, depthMax }) =>
      `Dieses Schema ist zu groß: Es darf ${partsMax} Objekte und Listen haben, ${depthMax} Ebenen tief.`,
  },
  secrets_expired: {
    en: ({ source }) =>
      `All secrets of ${source} have expired, so every lead of it is turned away. Add one that is valid, or a later \`not_after\`.`,
    de: ({ source }) =>
      `Alle Geheimnisse von ${source} sind abgelaufen, jeder Lead von dort wird abgewiesen. Tragen Sie ein gültiges ein oder ein späteres \`not_after\`.`,
  },
  secret_short: {
    en: ({ charactersMin }) =>
      `This secret is shorter than ${charactersMin} characters and could be guessed. Make a better one: openssl rand -hex 24`,
    de: ({ charactersMin }) =>
      `Dieses Geheimnis ist kürzer als ${charactersMin} Zeichen und ließe sich erraten. Ein besseres entsteht so: openssl rand -hex 24`,
  },
  secret_spaces: {
    en: () =>
      "This secret begins or ends with a space or a line break, which then belongs to it. Was it copied by accident?",
    de: () =>
      "Dieses Geheimnis beginnt oder endet mit einem Leerzeichen oder Zeilenumbruch, und der gehört dann dazu. Wurde er versehentlich mitkopiert?",
  },
  sends_to_nobody: {
    en: ({ source }) =>
      `\`to: []\`: leads of ${source} are recorded but reach nobody. Name a destination, or remove \`to\` for all of them.`,
    de: ({ source }) =>
      `\`to: []\`: Leads von ${source} werden verzeichnet, erreichen aber niemanden. Nennen Sie ein Ziel, oder entfernen Sie \`to\`; dann gehen sie an alle.`,
  },
  trusts_everyone: {
    en: () =>
      "This network contains every address, so anyone can pretend to be someone else. Name only your proxies.",
    de: () =>
      "Dieses Netz enthält alle Adressen, also kann sich jeder als ein anderer ausgeben. Nennen Sie nur Ihre Proxys.",
  },
};

const caFileFaults: Readonly<Record<CaFileFault, { readonly en: string; readonly de: string }>> = {
  missing: { en: "does not exist", de: "gibt es nicht" },
  unreadable: { en: "cannot be read", de: "lässt sich nicht lesen" },
  no_certificate: {
    en: "holds no certificate in PEM (-----BEGIN CERTIFICATE-----)",
    de: "enthält kein Zertifikat in PEM (-----BEGIN CERTIFICATE-----)",
  },
};
