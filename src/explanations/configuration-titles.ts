// A title for every problem that a configuration can have; what exactly is wrong says the message, which knows the place.
import type { ProblemCode } from "../config/problem.ts";

type Title = readonly [en: string, de: string];

export const configurationTitles: Readonly<Record<ProblemCode, Title>> = {
  file_missing: ["There is no configuration file", "Die Konfigurationsdatei gibt es nicht"],
  file_unreadable: [
    "The configuration file cannot be read",
    "Die Konfigurationsdatei lässt sich nicht lesen",
  ],
  file_too_large: [
    "The file is too large for a configuration",
    "Die Datei ist für eine Konfiguration zu groß",
  ],
  file_not_utf8: ["The file is not encoded in UTF-8", "Die Datei ist nicht in UTF-8 kodiert"],
  yaml_alias: ["References are not possible in this file", "Verweise sind in dieser Datei nicht möglich"],
  yaml_character: ["The file contains a forbidden character", "In der Datei steht ein unzulässiges Zeichen"],
  yaml_duplicate_key: ["A setting is given twice", "Eine Einstellung steht zweimal da"],
  yaml_escape: ["A backslash is used in a wrong way", "Ein Backslash ist falsch verwendet"],
  yaml_indentation: ["The indentation does not fit", "Die Einrückung passt nicht"],
  yaml_key_not_text: [
    "There is no simple name before a colon",
    "Vor einem Doppelpunkt steht kein einfacher Name",
  ],
  yaml_missing: [
    "A colon, a quote or a bracket is missing",
    "Es fehlt ein Doppelpunkt, Anführungszeichen oder eine Klammer",
  ],
  yaml_nested_colon: ["There are two colons in one line", "In einer Zeile stehen zwei Doppelpunkte"],
  yaml_reserved_character: [
    "A value begins with a special character",
    "Ein Wert beginnt mit einem Sonderzeichen",
  ],
  yaml_several_documents: [
    "The file contains several configurations",
    "Die Datei enthält mehrere Konfigurationen",
  ],
  yaml_tab: ["A tab stands in the indentation", "In der Einrückung steht ein Tabulator"],
  yaml_tag: ["Type tags are not possible in this file", "Typangaben sind in dieser Datei nicht möglich"],
  yaml_too_deep: ["The file is nested far too deeply", "Die Datei ist viel zu tief verschachtelt"],
  yaml_unexpected: ["Something does not belong here", "Etwas gehört nicht hierher"],
  yaml_version: ["The file asks for another YAML version", "Die Datei verlangt eine andere YAML-Version"],
  variable_empty: ["An environment variable is empty", "Eine Umgebungsvariable ist leer"],
  variable_malformed: [
    "An environment variable is not written correctly",
    "Eine Umgebungsvariable ist falsch geschrieben",
  ],
  variable_missing: ["An environment variable is not set", "Eine Umgebungsvariable ist nicht gesetzt"],
  key_missing: ["A required setting is missing", "Eine Pflichtangabe fehlt"],
  key_not_for_kind: [
    "A setting does not belong to this kind of destination or source",
    "Eine Einstellung gehört nicht zu dieser Art von Ziel oder Quelle",
  ],
  key_rule_choice: [
    "It is not clear by what leads are recognised",
    "Es ist nicht eindeutig, woran Leads wiedererkannt werden",
  ],
  list_empty: ["A list is empty", "Eine Liste ist leer"],
  list_too_long: ["A list is too long", "Eine Liste ist zu lang"],
  not_one_of: ["A value is not one of the possible ones", "Ein Wert gehört nicht zu den möglichen"],
  number_range: ["A number is too small or too large", "Eine Zahl ist zu klein oder zu groß"],
  secret_choice: [
    "There must be one secret or a list of them, not both",
    "Es darf ein Geheimnis geben oder eine Liste davon, nicht beides",
  ],
  unknown_key: ["There is no such setting", "Diese Einstellung gibt es nicht"],
  value_missing: ["There is no value after a colon", "Nach einem Doppelpunkt steht kein Wert"],
  wrong_type: ["A value is of the wrong kind", "Ein Wert ist von der falschen Art"],
  address_invalid: ["A network address is not valid", "Eine Netzadresse ist ungültig"],
  country_unknown: ["A country is unknown", "Ein Land ist unbekannt"],
  duration_invalid: ["A duration is not valid", "Eine Zeitdauer ist ungültig"],
  duration_range: ["A duration is too short or too long", "Eine Zeitdauer ist zu kurz oder zu lang"],
  expiry_invalid: ["A date of expiry is not valid", "Ein Ablaufdatum ist ungültig"],
  header_name_invalid: ["The name of a header is not valid", "Der Name einer Kopfzeile ist ungültig"],
  header_reserved: ["LeadLedger sets this header itself", "Diese Kopfzeile setzt LeadLedger selbst"],
  header_twice: ["A header is given twice", "Eine Kopfzeile steht zweimal da"],
  header_value_invalid: ["The value of a header is not valid", "Der Wert einer Kopfzeile ist ungültig"],
  label_invalid: ["A display name is not valid", "Ein Anzeigename ist ungültig"],
  name_invalid: ["A name is not valid", "Ein Name ist ungültig"],
  pointer_invalid: [
    "A field is not named in the right way",
    "Ein Feld ist nicht in der richtigen Schreibweise genannt",
  ],
  public_url_invalid: ["The public address is not valid", "Die öffentliche Adresse ist ungültig"],
  rate_invalid: ["A rate is not valid", "Eine Rate ist ungültig"],
  size_invalid: ["A size is not valid", "Eine Größenangabe ist ungültig"],
  size_range: ["A size is too small or too large", "Eine Größenangabe ist zu klein oder zu groß"],
  signing_secret_malformed: [
    "A signing secret is incomplete",
    "Ein Geheimnis zum Signieren ist unvollständig",
  ],
  text_empty: ["A text is empty", "Ein Text ist leer"],
  text_unfit: [
    "A text is not what a kind of source or destination needs there",
    "Ein Text ist nicht, was eine Art von Quelle oder Ziel dort braucht",
  ],
  timezone_read_differently: [
    "PostgreSQL and LeadLedger understand this time zone differently",
    "PostgreSQL und LeadLedger verstehen diese Zeitzone verschieden",
  ],
  timezone_unknown: ["There is no such time zone", "Diese Zeitzone gibt es nicht"],
  token_unsendable: [
    "A token contains characters that cannot be sent",
    "Ein Kennwort enthält Zeichen, die sich nicht senden lassen",
  ],
  url_credentials: ["An address contains a password", "In einer Adresse steht ein Passwort"],
  url_fragment: ["An address contains a part after #", "In einer Adresse steht ein Teil nach #"],
  url_invalid: ["An address is not complete", "Eine Adresse ist unvollständig"],
  url_scheme: ["An address does not begin with https://", "Eine Adresse beginnt nicht mit https://"],
  destinations_unchosen: [
    "A new source does not say where its leads go",
    "Eine neue Quelle sagt nicht, wohin ihre Leads gehen",
  ],
  client_invalid: [
    "A client's name is not written as one",
    "Der Name eines Kunden hat nicht die Form eines Namens",
  ],
  client_has_leads: [
    "A source whose leads are one client's was to go to another",
    "Eine Quelle, deren Leads einem Kunden gehören, sollte zu einem anderen",
  ],
  client_has_open_deliveries: [
    "Open deliveries would go from one client to another",
    "Offene Zustellungen gingen von einem Kunden zu einem anderen",
  ],
  destination_of_other_client: [
    "A source sends to another client's destination",
    "Eine Quelle sendet an das Ziel eines anderen Kunden",
  ],
  sources_of_other_client: [
    "Another client's sources send to a destination",
    "Quellen eines anderen Kunden senden an ein Ziel",
  ],
  destination_listed_twice: ["A destination is listed twice", "Ein Ziel steht zweimal in der Liste"],
  destination_unknown: [
    "A source sends to a destination that does not exist",
    "Eine Quelle sendet an ein Ziel, das es nicht gibt",
  ],
  open_intake_behind_proxy: [
    "Intake for everyone is not possible behind a proxy",
    "Annahme für jeden ist hinter einem Proxy nicht möglich",
  ],
  open_intake_not_loopback: [
    "Intake for everyone is not possible on an address in the network",
    "Annahme für jeden ist auf einer Adresse im Netz nicht möglich",
  ],
  schema_file_missing: ["A schema's file is missing", "Eine Schemadatei fehlt"],
  schema_file_not_json: ["A schema's file is not JSON", "Eine Schemadatei ist kein JSON"],
  schema_file_unreadable: ["A schema's file cannot be read", "Eine Schemadatei lässt sich nicht lesen"],
  schema_not_a_schema: ["A schema's file contains no schema", "Eine Schemadatei enthält kein Schema"],
  schema_pattern_refers_back: [
    "A pattern cannot be checked in a bounded time",
    "Ein Muster lässt sich nicht in begrenzter Zeit prüfen",
  ],
  schema_pattern_too_large: ["A pattern is too large", "Ein Muster ist zu groß"],
  schema_too_costly: ["A schema takes too long to check", "Die Prüfung gegen ein Schema dauert zu lange"],
  schema_too_large: ["A schema is too large", "Ein Schema ist zu groß"],
  schema_rejected: ["A schema has a mistake", "Ein Schema hat einen Fehler"],
  auth_none: ["Anyone can post as this source", "Unter dem Namen dieser Quelle kann jeder einliefern"],
  ca_file_unusable: [
    "A destination's certificate authorities cannot be read",
    "Die Zertifizierungsstellen eines Ziels lassen sich nicht lesen",
  ],
  destination_private: ["A destination lies in the own network", "Ein Ziel liegt im eigenen Netz"],
  success_comparison: [
    "A rule of `success` compares nothing, or several ways at once",
    "Eine Regel von `success` vergleicht nichts oder mehrerlei zugleich",
  ],
  success_pattern_unfit: [
    "A regular expression of `success` cannot be used",
    "Ein regulärer Ausdruck von `success` ist unbrauchbar",
  ],
  success_place_invalid: [
    "A rule of `success` names no place in the answer",
    "Eine Regel von `success` nennt keine Stelle der Antwort",
  ],
  success_rule_invalid: ["A rule of `success` is none", "Eine Regel von `success` ist keine"],
  success_status_invalid: [
    "A rule of `success` names no status",
    "Eine Regel von `success` nennt keinen Status",
  ],
  success_url_invalid: [
    "A rule of `success` names no address of a record",
    "Eine Regel von `success` nennt keine Adresse eines Datensatzes",
  ],
  success_value_invalid: [
    "A rule of `success` compares with something that is no single value",
    "Eine Regel von `success` vergleicht mit etwas, das kein einzelner Wert ist",
  ],
  success_wait_invalid: [
    "A rule of `success` does not say how long to wait",
    "Eine Regel von `success` sagt nicht, wie lange gewartet wird",
  ],
  map_rule_invalid: ["A rule of `map` is none", "Eine Regel von `map` ist keine"],
  map_rule_origin: [
    "A rule of `map` says no origin, or several",
    "Eine Regel von `map` nennt keine Herkunft oder mehrere",
  ],
  map_table_invalid: ["A table of `map` cannot be used", "Eine Tabelle von `map` ist unbrauchbar"],
  names_alike: [
    "Two names differ only in upper and lower case",
    "Zwei Namen unterscheiden sich nur in Groß- und Kleinschreibung",
  ],
  nobody_sends_there: ["No source sends to a destination", "An ein Ziel sendet keine Quelle"],
  open_intake_on: ["Anyone can post leads", "Jeder kann Leads einliefern"],
  secrets_expired: ["All secrets of a source have expired", "Alle Geheimnisse einer Quelle sind abgelaufen"],
  secret_short: ["A secret is short", "Ein Geheimnis ist kurz"],
  secret_spaces: [
    "A secret begins or ends with a space",
    "Ein Geheimnis beginnt oder endet mit einem Leerzeichen",
  ],
  sends_to_nobody: ["A source's leads reach nobody", "Die Leads einer Quelle erreichen niemanden"],
  trusts_everyone: ["Every address is trusted", "Jeder Adresse wird vertraut"],
  env_admin_key: ["LEADLEDGER_ADMIN_KEY is not usable", "LEADLEDGER_ADMIN_KEY ist unbrauchbar"],
  env_database_url: ["DATABASE_URL is not an address", "DATABASE_URL ist keine Adresse"],
  env_empty: ["A variable is set but empty", "Eine Variable ist gesetzt, aber leer"],
  env_host: ["HOST is not an address", "HOST ist keine Adresse"],
  env_key: [
    "LEADLEDGER_KEY must be 64 hexadecimal digits",
    "LEADLEDGER_KEY muss aus 64 Hexadezimalziffern bestehen",
  ],
  env_log_level: ["LOG_LEVEL is not known", "LOG_LEVEL ist unbekannt"],
  env_port: ["PORT is not a number for a port", "PORT ist keine Portnummer"],
  env_tls_half: [
    "Of certificate and key one is missing",
    "Von Zertifikat und privatem Schlüssel fehlt eines",
  ],
};
