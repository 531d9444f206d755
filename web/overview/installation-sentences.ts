// What alarms about the installation itself say: its nodes, disks, clocks, credentials and the database server.
import type { Alarm } from "../api/types.ts";
import type { SentenceFormat, Told } from "./told-alarm.ts";
import type { Language } from "./cause-phrases.ts";

type Code =
  | "node_gone"
  | "spool_in_use"
  | "disk_nearly_full"
  | "clock_off"
  | "configuration_broken"
  | "database_was_away"
  | "credentials_expire"
  | "dead_mans_switch_silent"
  | "postgresql_unsafe";
type AlarmOf<Of extends Alarm["code"]> = Extract<Alarm, { readonly code: Of }>;
type Sentences = { readonly [Of in Code]: (alarm: AlarmOf<Of>, format: SentenceFormat) => Told };
type Expiring = AlarmOf<"credentials_expire">;

const condition = "/settings/installation";

export const installationSentences: Readonly<Record<Language, Sentences>> = {
  de: {
    node_gone: ({ node, since, spooled }, format) => ({
      sentence: `Der Server ${node} meldet sich seit ${format.shortTime(since)} nicht mehr${
        spooled === 0 ? "" : `, auf seiner Platte ${spooled === 1 ? "wartet" : "warten"} Leads`
      }`,
      todo:
        spooled === 0
          ? "Die anderen erledigen seine Arbeit. Sehen Sie auf diesem Rechner nach, und starten Sie LeadLedger dort wieder."
          : "Diese Leads kommen erst, wenn LeadLedger dort mit demselben Datenordner wieder läuft. Sehen Sie auf diesem Rechner nach.",
      links: [{ href: condition, label: "Zustand der Installation ansehen" }],
    }),
    spool_in_use: ({ node, records, since }, format) => ({
      sentence: `Auf der Platte von ${node} ${records === 1 ? "wartet eine Anfrage" : `warten ${format.count(records)} Anfragen`} mit Leads seit ${format.shortTime(since)}`,
      todo: "Die Leads sind sicher aufbewahrt und werden von selbst eingetragen. Dauert es an, sagt das Log dieses Servers, was ihn hindert.",
      links: [{ href: condition, label: "Zustand der Installation ansehen" }],
    }),
    disk_nearly_full: ({ node, place, free_bytes, total_bytes }, format) => ({
      sentence: `Die Platte von ${node}${place === "spool" ? " für wartende Leads" : ""} ist fast voll: Noch ${size(free_bytes, format)} von ${size(total_bytes, format)} frei`,
      todo: "Ist sie voll, können keine Leads mehr gespeichert werden. Schaffen Sie Platz, oder vergrößern Sie die Platte.",
      links: [{ href: condition, label: "Zustand der Installation ansehen" }],
    }),
    clock_off: ({ node, offset_ms }, format) => ({
      sentence: `Die Uhr von ${node} geht gegenüber der Datenbank um ${seconds(offset_ms, "de", format)} ${offset_ms > 0 ? "vor" : "nach"}`,
      todo: "Leads tragen die Zeit der Datenbank. Wer die Rechner betreut, sollte auf beiden den Zeitabgleich einschalten.",
      links: [{ href: condition, label: "Zustand der Installation ansehen" }],
    }),
    configuration_broken: ({ node, reason, file, line, problem_code }) => ({
      sentence:
        reason === "refused"
          ? `${file} wurde von ${node} beim Start abgelehnt: Es gilt weiter, was vorher galt`
          : `${file} wurde geändert und lässt sich nicht laden${line === null ? "" : ` (Zeile ${line})`}: ${node} arbeitet mit der früheren weiter`,
      todo:
        reason === "refused"
          ? "leadledger apply sagt, was daran nicht geht. Berichtigen Sie es, und wenden Sie die Datei an."
          : "Beim nächsten Start würde LeadLedger damit nicht anlaufen. Berichtigen Sie die Datei; leadledger apply sagt, was nicht stimmt.",
      links: [
        problem_code === null
          ? { href: condition, label: "Zustand der Installation ansehen" }
          : { href: `/errors/${problem_code}`, label: "Was das bedeutet" },
      ],
    }),
    database_was_away: ({ since, until }, format) => ({
      sentence: `Die Datenbank war von ${format.shortTime(since)} bis ${format.shortTime(until)} nicht erreichbar`,
      todo: "Leads, die inzwischen kamen, wurden auf der Platte aufbewahrt und danach eingetragen. Warum sie weg war, steht im Log des Datenbankservers.",
      links: [{ href: condition, label: "Zustand der Installation ansehen" }],
    }),
    credentials_expire: (alarm, format) => ({
      sentence: `${whoseDe(alarm, format)} ${alarm.is_over ? "ist abgelaufen" : "läuft ab"}, ${format.shortTime(alarm.expires_at)}`,
      todo: `${alarm.managed_by === "file" ? "Wer leadledger.yaml betreut, trägt dort neue Zugangsdaten ein." : todoDe[alarm.of]}${alarm.is_over ? "" : " Danach wird abgewiesen, wer sie noch benutzt."}`,
      links: [linkOf(alarm, linkTexts.de)],
    }),
    dead_mans_switch_silent: ({ since, reasons }, format) => ({
      sentence: `Der Totmannschalter schweigt seit ${format.shortTime(since)}: ${reasons.map((reason) => silence.de[reason]).join(", ")}`,
      todo: reasons.includes("address")
        ? "Alles geht, nur die Adresse nahm den Aufruf nicht an. Prüfen Sie sie; wer auf den Aufruf wartet, gibt sonst Alarm."
        : "Beheben Sie das; der Aufruf folgt dann von selbst. Wer auf ihn wartet, gibt bis dahin Alarm.",
      links: [{ href: condition, label: "Zustand der Installation ansehen" }],
    }),
    postgresql_unsafe: ({ version, fixed_in, known_since, is_embedded }, format) => ({
      sentence: `PostgreSQL ${version} hat Sicherheitslücken, die seit ${format.shortDay(known_since)} bekannt sind; behoben sind sie in ${fixed_in}`,
      todo: is_embedded
        ? "Der eingebaute Server ist nur von diesem Rechner aus erreichbar. Aktualisieren Sie LeadLedger, sobald es eine neuere Version gibt, oder nehmen Sie einen eigenen Datenbankserver."
        : "Wer den Datenbankserver betreut, sollte die neueste Unterversion einspielen. Daten müssen dafür nicht umgewandelt werden.",
      links: [{ href: condition, label: "Zustand der Installation ansehen" }],
    }),
  },
  en: {
    node_gone: ({ node, since, spooled }, format) => ({
      sentence: `The server ${node} has not been heard of since ${format.shortTime(since)}${
        spooled === 0 ? "" : ", and leads wait on its disk"
      }`,
      todo:
        spooled === 0
          ? "The others do its work. Look at that machine, and start LeadLedger there again."
          : "These leads come only when LeadLedger runs there again with the same data folder. Look at that machine.",
      links: [{ href: condition, label: "Show the condition of the installation" }],
    }),
    spool_in_use: ({ node, records, since }, format) => ({
      sentence: `${records === 1 ? "One request with leads has" : `${format.count(records)} requests with leads have`} been waiting on the disk of ${node} since ${format.shortTime(since)}`,
      todo: "The leads are safe and are brought home by themselves. If it lasts, the log of that server says what keeps it.",
      links: [{ href: condition, label: "Show the condition of the installation" }],
    }),
    disk_nearly_full: ({ node, place, free_bytes, total_bytes }, format) => ({
      sentence: `The disk of ${node}${place === "spool" ? " for leads that wait" : ""} is nearly full: ${size(free_bytes, format)} of ${size(total_bytes, format)} are free`,
      todo: "When it is full, no leads can be stored any more. Make room, or give the disk more.",
      links: [{ href: condition, label: "Show the condition of the installation" }],
    }),
    clock_off: ({ node, offset_ms }, format) => ({
      sentence: `The clock of ${node} is ${seconds(offset_ms, "en", format)} ${offset_ms > 0 ? "ahead of" : "behind"} the database’s`,
      todo: "Leads bear the time of the database. Whoever looks after the machines should switch on time synchronisation on both.",
      links: [{ href: condition, label: "Show the condition of the installation" }],
    }),
    configuration_broken: ({ node, reason, file, line, problem_code }) => ({
      sentence:
        reason === "refused"
          ? `${file} was refused by ${node} at the start: what was in force before still is`
          : `${file} was changed and does not load${line === null ? "" : ` (line ${line})`}: ${node} goes on with the former one`,
      todo:
        reason === "refused"
          ? "leadledger apply says what is wrong with it. Mend it, and apply the file."
          : "LeadLedger would not start with it the next time. Mend the file; leadledger apply says what is wrong.",
      links: [
        problem_code === null
          ? { href: condition, label: "Show the condition of the installation" }
          : { href: `/errors/${problem_code}`, label: "What that means" },
      ],
    }),
    database_was_away: ({ since, until }, format) => ({
      sentence: `The database was out of reach from ${format.shortTime(since)} until ${format.shortTime(until)}`,
      todo: "Leads that came meanwhile were kept on disk and brought home since. The log of the database server says why it was away.",
      links: [{ href: condition, label: "Show the condition of the installation" }],
    }),
    credentials_expire: (alarm, format) => ({
      sentence: `${whoseEn(alarm, format)} ${alarm.is_over ? "has ended" : "ends"}, ${format.shortTime(alarm.expires_at)}`,
      todo: `${alarm.managed_by === "file" ? "Whoever looks after leadledger.yaml enters new credentials there." : todoEn[alarm.of]}${alarm.is_over ? "" : " Whoever uses the old ones after that is turned away."}`,
      links: [linkOf(alarm, linkTexts.en)],
    }),
    dead_mans_switch_silent: ({ since, reasons }, format) => ({
      sentence: `The dead man’s switch has been silent since ${format.shortTime(since)}: ${reasons.map((reason) => silence.en[reason]).join(", ")}`,
      todo: reasons.includes("address")
        ? "All works, but the address did not take the call. Look whether it is right; whoever waits for the call raises the alarm otherwise."
        : "Mend that; it then calls by itself. Until then whoever waits for the call raises the alarm.",
      links: [{ href: condition, label: "Show the condition of the installation" }],
    }),
    postgresql_unsafe: ({ version, fixed_in, known_since, is_embedded }, format) => ({
      sentence: `PostgreSQL ${version} has security faults that have been known since ${format.shortDay(known_since)}; they are mended in ${fixed_in}`,
      todo: is_embedded
        ? "The embedded server can be reached from this machine alone. Update LeadLedger as soon as there is a newer version, or use a database server of your own."
        : "Whoever looks after the database server should install the newest minor release. No data have to be converted.",
      links: [{ href: condition, label: "Show the condition of the installation" }],
    }),
  },
};

type Silence = AlarmOf<"dead_mans_switch_silent">["reasons"][number];

export const silence: Readonly<Record<Language, Readonly<Record<Silence, string>>>> = {
  de: {
    intake: "Leads lassen sich nicht annehmen",
    database: "die Datenbank schreibt nicht",
    delivery: "Leads werden nicht zugestellt",
    deliveries_stopped: "alle Zustellungen sind angehalten",
    address: "seine Adresse antwortet nicht",
  },
  en: {
    intake: "leads cannot be taken",
    database: "the database does not write",
    delivery: "leads are not delivered",
    deliveries_stopped: "all deliveries are stopped",
    address: "its address does not answer",
  },
};

function whoseDe({ of, name }: Expiring, { sourceName }: SentenceFormat): string {
  switch (of) {
    case "source":
      return `Das letzte Geheimnis der Quelle „${sourceName(name)}“`;
    case "destination":
      return `Der Schlüssel für das Ziel „${name}“`;
    case "api_key":
      return `Der API-Schlüssel „${name}“`;
    case "certificate":
      return `Das TLS-Zertifikat von ${name}`;
  }
}

function whoseEn({ of, name }: Expiring, { sourceName }: SentenceFormat): string {
  switch (of) {
    case "source":
      return `The last secret of the source “${sourceName(name)}”`;
    case "destination":
      return `The key for the destination “${name}”`;
    case "api_key":
      return `The API key “${name}”`;
    case "certificate":
      return `The TLS certificate of ${name}`;
  }
}

const todoDe: Readonly<Record<Expiring["of"], string>> = {
  source: "Erneuern Sie das Geheimnis der Quelle, und geben Sie es dem Absender.",
  destination:
    "Lassen Sie sich beim Ziel einen neuen Schlüssel geben, und tragen Sie ihn in dessen Einstellungen ein.",
  api_key: "Erzeugen Sie einen neuen, geben Sie ihn dem Programm, und widerrufen Sie den alten.",
  certificate: "Erneuern Sie es in seiner Datei; LeadLedger liest sie von selbst neu.",
};

const todoEn: Readonly<Record<Expiring["of"], string>> = {
  source: "Renew the secret of the source, and give it to the sender.",
  destination: "Get a new key from the destination, and enter it in its settings.",
  api_key: "Make a new one, give it to the program, and revoke the old one.",
  certificate: "Renew it in its file; LeadLedger reads it again by itself.",
};

const linkTexts: Readonly<Record<Language, Readonly<Record<Expiring["of"], string>>>> = {
  de: {
    source: "Quelle öffnen",
    destination: "Ziel öffnen",
    api_key: "API-Schlüssel ansehen",
    certificate: "Zustand der Installation ansehen",
  },
  en: {
    source: "Open the source",
    destination: "Open the destination",
    api_key: "Show the API keys",
    certificate: "Show the condition of the installation",
  },
};

function linkOf(
  { of, name }: Expiring,
  labels: Readonly<Record<Expiring["of"], string>>,
): Told["links"][number] {
  const href = {
    source: `/sources/${encodeURIComponent(name)}`,
    destination: `/destinations/${encodeURIComponent(name)}`,
    api_key: "/settings/api-keys",
    certificate: condition,
  }[of];
  return { href, label: labels[of] };
}

const wholeGigabytesFrom = 10e9;

function size(bytes: number, { count }: SentenceFormat): string {
  return bytes >= wholeGigabytesFrom
    ? `${count(Math.round(bytes / 1e9))} GB`
    : `${count(Math.round(bytes / 1e6))} MB`;
}

function seconds(offsetMs: number, language: Language, { count }: SentenceFormat): string {
  const whole = Math.round(Math.abs(offsetMs) / 1_000);
  if (language === "de") return whole === 1 ? "eine Sekunde" : `${count(whole)} Sekunden`;
  return whole === 1 ? "one second" : `${count(whole)} seconds`;
}
