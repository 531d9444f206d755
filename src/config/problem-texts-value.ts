// Texts about a single value: its shape, and what it says.
import type { ProblemTexts } from "./problem.ts";
import {
  didYouMean,
  expectedInEnglish,
  expectedInGerman,
  foundInEnglish,
  foundInGerman,
  listed,
  meintenSie,
  shortened,
  shownInEnglish,
  shownInGerman,
} from "./problem-words.ts";

export type ValueCode =
  | "address_invalid"
  | "client_invalid"
  | "country_unknown"
  | "duration_invalid"
  | "duration_range"
  | "expiry_invalid"
  | "header_name_invalid"
  | "header_reserved"
  | "header_twice"
  | "header_value_invalid"
  | "key_missing"
  | "key_not_for_kind"
  | "key_rule_choice"
  | "silence_rule_choice"
  | "label_invalid"
  | "list_empty"
  | "list_too_long"
  | "name_invalid"
  | "not_one_of"
  | "number_range"
  | "opening_hours_invalid"
  | "opening_hours_never"
  | "pointer_invalid"
  | "public_url_invalid"
  | "rate_invalid"
  | "secret_choice"
  | "send_limit_invalid"
  | "send_limits_repeated"
  | "share_invalid"
  | "signing_secret_malformed"
  | "state_unknown"
  | "size_invalid"
  | "size_range"
  | "text_empty"
  | "text_unfit"
  | "timezone_read_differently"
  | "timezone_unknown"
  | "token_unsendable"
  | "unknown_key"
  | `url_${"credentials" | "fragment" | "invalid" | "scheme"}`
  | "value_missing"
  | "wrong_type";

export const valueTexts: ProblemTexts<ValueCode> = {
  address_invalid: {
    en: ({ found }) =>
      `${shownInEnglish(found)} is not an IP address or a network. Examples: 10.0.0.5, 10.0.0.0/8, fd00::/8`,
    de: ({ found }) =>
      `${shownInGerman(found)} ist keine IP-Adresse und kein Netz. Beispiele: 10.0.0.5, 10.0.0.0/8, fd00::/8`,
  },
  client_invalid: {
    en: ({ found }) =>
      `${shownInEnglish(found)} is no name of a client. It consists of letters (A–Z, a–z), digits and \`.\` \`_\` \`-\`, begins with a letter or a digit and is at most 63 characters long, like \`moebel-koeln\`.`,
    de: ({ found }) =>
      `${shownInGerman(found)} ist kein Name für einen Kunden. Erlaubt sind Buchstaben (A–Z, a–z), Ziffern und \`.\` \`_\` \`-\`, am Anfang Buchstabe oder Ziffer, höchstens 63 Zeichen, etwa \`moebel-koeln\`.`,
  },
  country_unknown: {
    en: ({ found }) =>
      `${shownInEnglish(found)} is not a country as ISO 3166 writes it: two capital letters, such as DE, AT, CH.`,
    de: ({ found }) =>
      `${shownInGerman(found)} ist kein Land, wie ISO 3166 es schreibt: zwei große Buchstaben, etwa DE, AT, CH.`,
  },
  duration_invalid: {
    en: ({ found }) =>
      `${shownInEnglish(found)} is not a duration. Expected a whole number with its unit: 200ms, 5s, 1m, 2h or 1d`,
    de: ({ found }) =>
      `${shownInGerman(found)} ist keine Dauer. Erwartet wird eine ganze Zahl mit Einheit: 200ms, 5s, 1m, 2h oder 1d`,
  },
  duration_range: {
    en: ({ found, min, max }) => `${shownInEnglish(found)} is out of range. Allowed: ${min} to ${max}.`,
    de: ({ found, min, max }) => `${shownInGerman(found)} liegt außerhalb des Erlaubten: ${min} bis ${max}.`,
  },
  expiry_invalid: {
    en: ({ found }) =>
      `${shownInEnglish(found)} is not a date. Expected a day, valid to its end (2027-01-31), or an instant with its offset (2027-01-31T18:00:00Z)`,
    de: ({ found }) =>
      `${shownInGerman(found)} ist kein Datum. Erwartet wird ein Tag, gültig bis zu seinem Ende (2027-01-31), oder ein Zeitpunkt mit Zeitverschiebung (2027-01-31T18:00:00+01:00)`,
  },
  header_name_invalid: {
    en: ({ name }) =>
      `"${shortened(name)}" cannot be the name of a header: letters, digits and - only. Example: X-Team`,
    de: ({ name }) =>
      `„${shortened(name)}“ kann kein Header-Name sein: nur Buchstaben ohne Umlaute, Ziffern und -. Beispiel: X-Team`,
  },
  header_reserved: {
    en: ({ name }) =>
      `LeadLedger sets the header ${shortened(name)} itself. Remove it, or use a name of your own, such as X-Team.`,
    de: ({ name }) =>
      `Den Header ${shortened(name)} setzt LeadLedger selbst. Entfernen Sie ihn, oder nehmen Sie einen eigenen Namen wie X-Team.`,
  },
  header_twice: {
    en: ({ name }) =>
      `The header ${shortened(name)} is given twice; upper and lower case make no difference. Keep one.`,
    de: ({ name }) =>
      `Der Header ${shortened(name)} steht zweimal da; Groß- und Kleinschreibung spielt keine Rolle. Behalten Sie einen.`,
  },
  header_value_invalid: {
    en: () => "The value of a header must be one line of plain ASCII text, without umlauts.",
    de: () => "Der Wert eines Headers muss eine Zeile reiner ASCII-Text sein, ohne Umlaute.",
  },
  key_missing: {
    en: ({ key, example }) => `\`${key}\` is missing. Example: ${example}`,
    de: ({ key, example }) => `\`${key}\` fehlt. Beispiel: ${example}`,
  },
  key_not_for_kind: {
    en: ({ key, kind }) =>
      `\`${key}\` has no meaning with \`kind: ${kind}\`. Remove it, or choose another kind.`,
    de: ({ key, kind }) =>
      `\`${key}\` hat bei \`kind: ${kind}\` keine Bedeutung. Entfernen Sie es, oder wählen Sie eine andere Art (kind).`,
  },
  key_rule_choice: {
    en: () =>
      "Expected exactly one of { header: preferred, body_hash: 10m }, { body_hash: 10m } and { pointer: /lead_id }. Without `key` the sender must give the key in a header.",
    de: () =>
      "Erwartet wird genau eines von { header: preferred, body_hash: 10m }, { body_hash: 10m } und { pointer: /lead_id }. Ohne `key` muss der Absender die Kennung in einem Header nennen.",
  },
  silence_rule_choice: {
    en: () =>
      "Expected either { false_alarms_per_year: 1 }, or { at_least_one_per: 8h } with its `opening_hours`, or `off`.",
    de: () =>
      "Erwartet wird entweder { false_alarms_per_year: 1 } oder { at_least_one_per: 8h } mit seinen `opening_hours` oder `off`.",
  },
  label_invalid: {
    en: ({ found, charactersMax }) =>
      `${shownInEnglish(found)} cannot be a display name: one line of 1 to ${charactersMax} characters, without spaces at its ends.`,
    de: ({ found, charactersMax }) =>
      `${shownInGerman(found)} kann kein Anzeigename sein: eine Zeile mit 1 bis ${charactersMax} Zeichen, ohne Leerzeichen am Rand.`,
  },
  list_empty: {
    en: () => "The list is empty. At least one entry is needed.",
    de: () => "Die Liste ist leer. Mindestens ein Eintrag wird gebraucht.",
  },
  list_too_long: {
    en: ({ entriesMax }) => `The list is too long. At most ${entriesMax} entries are allowed.`,
    de: ({ entriesMax }) => `Die Liste ist zu lang. Höchstens ${entriesMax} Einträge sind erlaubt.`,
  },
  name_invalid: {
    en: ({ name }) =>
      `"${shortened(name)}" cannot be a name. Names have up to 63 letters, digits, ".", "_" and "-", without umlauts, and start with a letter or digit: website-berlin`,
    de: ({ name }) =>
      `„${shortened(name)}“ kann kein Name sein. Namen haben bis zu 63 Buchstaben (ohne Umlaute), Ziffern, „.“, „_“ und „-“ und beginnen mit Buchstabe oder Ziffer: website-berlin`,
  },
  not_one_of: {
    en: ({ found, suggestion, allowed }) =>
      `${shownInEnglish(found)} is not known here. Expected one of: ${listed(allowed, "")}.${didYouMean(suggestion)}`,
    de: ({ found, suggestion, allowed }) =>
      `${shownInGerman(found)} ist hier nicht bekannt. Erwartet wird eines von: ${listed(allowed, "")}.${meintenSie(suggestion)}`,
  },
  number_range: {
    en: ({ min, max }) => `The number is out of range. Allowed: ${min} to ${max}.`,
    de: ({ min, max }) => `Die Zahl liegt außerhalb des Erlaubten: ${min} bis ${max}.`,
  },
  opening_hours_invalid: {
    en: ({ found }) =>
      `${shownInEnglish(found)} is no opening time. Expected days and a time from and to: mon-fri 08:00-18:00, sat,sun 10:00-14:00, fri 22:00-02:00, or holidays 10:00-12:00`,
    de: ({ found }) =>
      `${shownInGerman(found)} ist keine Öffnungszeit. Erwartet werden Tage mit Anfang und Ende: mo-fr 08:00-18:00, sa,so 10:00-14:00, fr 22:00-02:00 oder feiertags 10:00-12:00`,
  },
  opening_hours_never: {
    en: () =>
      "It would never be open: hours for holidays alone need the federal state whose holidays are kept (`holidays: BY`), and a day besides.",
    de: () =>
      "Es wäre nie geöffnet: Zeiten nur für Feiertage reichen nicht, es braucht auch einen Wochentag.",
  },
  pointer_invalid: {
    en: ({ found }) =>
      `${shownInEnglish(found)} is not a JSON pointer to a field. It starts with / and names one level after the other: /contact/email`,
    de: ({ found }) =>
      `${shownInGerman(found)} ist kein JSON-Pointer auf ein Feld. Er beginnt mit / und nennt eine Ebene nach der anderen: /contact/email`,
  },
  public_url_invalid: {
    en: () =>
      "The public address is a host and, where LeadLedger shares it, a path of letters, digits, and . _ ~ -: nothing after ? and no // in it. Examples: https://leads.example.com, https://example.com/leads/",
    de: () =>
      "Die öffentliche Adresse besteht aus dem Rechnernamen und, wenn LeadLedger ihn sich mit anderem teilt, einem Pfad aus Buchstaben, Ziffern und . _ ~ -; ohne ? und ohne // darin. Beispiele: https://leads.example.com, https://example.com/leads/",
  },
  rate_invalid: {
    en: ({ found }) =>
      `${shownInEnglish(found)} is not a rate. Expected requests per second, minute or hour: 50/s, 100/m or 10/h`,
    de: ({ found }) =>
      `${shownInGerman(found)} ist keine Rate. Erwartet werden Anfragen pro Sekunde, Minute oder Stunde: 50/s, 100/m oder 10/h`,
  },
  secret_choice: {
    en: ({ name }) =>
      `Expected either \`${name}: \${WEBSITE_SECRET}\` or, for several, \`${name}s: [{ value: \${NEW} }, { value: \${OLD}, not_after: 2027-01-31 }]\`.`,
    de: ({ name }) =>
      `Erwartet wird entweder \`${name}: \${WEBSITE_SECRET}\` oder, für mehrere, \`${name}s: [{ value: \${NEW} }, { value: \${OLD}, not_after: 2027-01-31 }]\`.`,
  },
  send_limit_invalid: {
    en: ({ found }) =>
      `${shownInEnglish(found)} is no limit. Expected how many per second, minute or day: 5/s, 100/m or 2000/d`,
    de: ({ found }) =>
      `${shownInGerman(found)} ist keine Grenze. Erwartet wird, wie viele pro Sekunde, Minute oder Tag: 5/s, 100/m oder 2000/d`,
  },
  send_limits_repeated: {
    en: () => "There is one limit per second, one per minute and one per day at most.",
    de: () => "Es gibt höchstens eine Grenze pro Sekunde, eine pro Minute und eine pro Tag.",
  },
  signing_secret_malformed: {
    en: () =>
      "A secret that begins with whsec_ must go on with base64, as the receiver shows it. Was it copied completely?",
    de: () =>
      "Nach whsec_ muss Base64 folgen, so wie der Empfänger es anzeigt. Wurde das Geheimnis vollständig kopiert?",
  },
  share_invalid: {
    en: ({ found }) =>
      `${shownInEnglish(found)} is no share below 100 %. Expected one with its per cent sign: 99% or 99.5%. (Of 100 % no lead at all may miss it; 99.9% comes close.)`,
    de: ({ found }) =>
      `${shownInGerman(found)} ist kein Anteil unter 100 %. Erwartet wird er mit Prozentzeichen: 99% oder 99,5%. (Bei 100 % dürfte ihn kein einziger Lead verfehlen; 99,9% kommt dem nahe.)`,
  },
  size_invalid: {
    en: ({ found }) =>
      `${shownInEnglish(found)} is not a size. Expected a whole number with its unit: 256kB or 1MB`,
    de: ({ found }) =>
      `${shownInGerman(found)} ist keine Größe. Erwartet wird eine ganze Zahl mit Einheit: 256kB oder 1MB`,
  },
  size_range: {
    en: ({ found, min, max }) => `${shownInEnglish(found)} is out of range. Allowed: ${min} to ${max}.`,
    de: ({ found, min, max }) => `${shownInGerman(found)} liegt außerhalb des Erlaubten: ${min} bis ${max}.`,
  },
  state_unknown: {
    en: ({ found }) =>
      `${shownInEnglish(found)} is no German federal state. Expected its code: BW, BY, BE, BB, HB, HH, HE, MV, NI, NW, RP, SL, SN, ST, SH or TH`,
    de: ({ found }) =>
      `${shownInGerman(found)} ist kein Bundesland. Erwartet wird sein Kürzel: BW, BY, BE, BB, HB, HH, HE, MV, NI, NW, RP, SL, SN, ST, SH oder TH`,
  },
  text_empty: {
    en: () => "The text is empty. Give a value, or remove the entry.",
    de: () => "Der Text ist leer. Geben Sie einen Wert an, oder entfernen Sie den Eintrag.",
  },
  text_unfit: {
    en: ({ expected }) => `The text does not fit here. Expected is ${expected.en}.`,
    de: ({ expected }) => `Der Text passt hier nicht. Erwartet wird ${expected.de}.`,
  },
  timezone_read_differently: {
    en: ({ found, suggestion, on }) =>
      suggestion === null
        ? `The time zone \`${found}\` is not the same in the data of PostgreSQL and of Node.js (on ${on}, for example): leads would lie on other days in lists than in the daily figures. Update the older of the two, or take a zone with the same time.`
        : `PostgreSQL takes \`${found}\` for a fixed offset without summer time, LeadLedger for a place with it: leads would lie on other days in lists than in the daily figures.${didYouMean(suggestion)}`,
    de: ({ found, suggestion, on }) =>
      suggestion === null
        ? `Die Zeitzone \`${found}\` lautet in den Zeitzonendaten von PostgreSQL anders als in denen von Node.js (zum Beispiel am ${on}): Leads lägen in Listen an anderen Tagen als in den Tageszahlen. Aktualisieren Sie das ältere von beiden, oder nehmen Sie eine Zone mit derselben Zeit.`
        : `PostgreSQL versteht \`${found}\` als feste Abweichung ohne Sommerzeit, LeadLedger als Ort mit Sommerzeit: Leads lägen in Listen an anderen Tagen als in den Tageszahlen.${meintenSie(suggestion)}`,
  },
  timezone_unknown: {
    en: ({ found, suggestion }) =>
      `${shownInEnglish(found)} is not a known time zone. Expected a name such as Europe/Berlin.${didYouMean(suggestion)}`,
    de: ({ found, suggestion }) =>
      `${shownInGerman(found)} ist keine bekannte Zeitzone. Erwartet wird ein Name wie Europe/Berlin.${meintenSie(suggestion)}`,
  },
  token_unsendable: {
    en: () =>
      "A token travels in a header, so it may only contain ASCII letters, digits and punctuation, no spaces and no umlauts. Make one: openssl rand -hex 24",
    de: () =>
      "Ein Token reist in einem Header und darf deshalb nur ASCII-Buchstaben, Ziffern und Satzzeichen enthalten, keine Leerzeichen und Umlaute. So entsteht eines: openssl rand -hex 24",
  },
  unknown_key: {
    en: ({ key, suggestion, known }) =>
      `\`${shortened(key)}\` is not known here. Possible are: ${listed(known, "none")}.${didYouMean(suggestion)}`,
    de: ({ key, suggestion, known }) =>
      `\`${shortened(key)}\` ist hier nicht bekannt. Möglich sind: ${listed(known, "keine")}.${meintenSie(suggestion)}`,
  },
  url_credentials: {
    en: () =>
      "User name and password do not belong in the address, where logs would show them. Put them into the fields that the kind of destination has for credentials; `leadledger destination add --help` lists them.",
    de: () =>
      "Benutzername und Passwort gehören nicht in die Adresse, denn dort stünden sie in Logs. Sie gehören in die Felder, die die Art des Ziels für Zugangsdaten hat; `leadledger destination add --help` nennt sie.",
  },
  url_fragment: {
    en: () => "The part from # on is never sent to a server. Remove it.",
    de: () => "Der Teil ab # wird nie an einen Server gesendet. Entfernen Sie ihn.",
  },
  url_invalid: {
    en: () => "This is not a complete web address. Example: https://crm.example/api/leads",
    de: () => "Das ist keine vollständige Web-Adresse. Beispiel: https://crm.example/api/leads",
  },
  url_scheme: {
    en: () => "The address must start with https:// (or http://). Example: https://crm.example/api/leads",
    de: () =>
      "Die Adresse muss mit https:// (oder http://) beginnen. Beispiel: https://crm.example/api/leads",
  },
  value_missing: {
    en: ({ expected }) =>
      `There is no value after the colon. Expected ${expectedInEnglish[expected]}, or remove the line.`,
    de: ({ expected }) =>
      `Nach dem Doppelpunkt steht kein Wert. Erwartet: ${expectedInGerman[expected]}. Oder entfernen Sie die Zeile.`,
  },
  wrong_type: {
    en: ({ expected, found }) =>
      `Expected ${expectedInEnglish[expected]}, found ${foundInEnglish[found]}.${expected === "text" && isBare(found) ? ' Put it in quotes: "…"' : ""}`,
    de: ({ expected, found }) =>
      `Erwartet: ${expectedInGerman[expected]}; gefunden: ${foundInGerman[found]}.${expected === "text" && isBare(found) ? ' Setzen Sie den Wert in Anführungszeichen: "…"' : ""}`,
  },
};

function isBare(found: string): boolean {
  return found === "number" || found === "boolean";
}
