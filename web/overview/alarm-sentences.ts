// What an alarm says to people: what is wrong, what to do, and where one can do it. One sentence for each code.
import { needsMending, ofKnown } from "../../src/domain/attention/state-words.ts";
import type { Alarm } from "../api/types.ts";
import { addDays } from "../language/days.ts";
import { causePhrase, denialPhrase } from "./cause-phrases.ts";
import type { Language } from "./cause-phrases.ts";
import { installationSentences } from "./installation-sentences.ts";
import { slaSentences } from "./sla-sentence.ts";
import type { SentenceFormat, Told } from "./told-alarm.ts";
import { leadsNobodyGot, leadsOnTheWay } from "./list-paths.ts";

type LargestKind = Extract<Alarm, { readonly code: "entries_need_decision" }>["largest"]["kind"];
type AlarmOf<Code extends Alarm["code"]> = Extract<Alarm, { readonly code: Code }>;
type Sentences = {
  readonly [Code in Alarm["code"]]: (alarm: AlarmOf<Code>, format: SentenceFormat) => Told;
};

export function tellAlarm(alarm: Alarm, language: Language, format: SentenceFormat): Told {
  // TypeScript cannot see that the code that finds the sentence is the alarm's own.
  const sentences = alarmSentences[language] as Readonly<Record<string, typeof asItIs>>;
  return ofKnown(sentences, alarm.code, asItIs)(alarm, format);
}

/** Of a newer build than this page. */
function asItIs({ code }: Alarm, _format: SentenceFormat): Told {
  return { sentence: code, todo: "", links: [] };
}

/** The API counts no further. */
const countedMax = 10_000;
/** Under this name the API sums up whatever came on top of many names. */
const otherSources = "(others)";

const page = {
  condition: "/settings/installation",
  source: (name: string) => `/sources/${encodeURIComponent(name)}`,
  sources: "/sources",
  destinations: "/destinations",
  destination: (name: string) => `/destinations/${encodeURIComponent(name)}`,
  /** Those that are tried again by themselves. */
  entriesOf: (destination: string) =>
    `/attention/entries?destination=${encodeURIComponent(destination)}&status=open&status=retrying&needs_decision=false`,
} as const;

/** What helps where leads wait for their data; of other codes it mends itself. */
const missingData: Readonly<Record<Language, Readonly<Record<string, string>>>> = {
  de: {
    completion_token_invalid:
      "Das Token der Quelle gilt nicht mehr. Verbinden Sie sie neu: Tragen Sie bei der Quelle ein neues Token ein, dann kommen alle wartenden Leads von selbst.",
    completion_not_permitted:
      "Der App fehlt eine Berechtigung, Leads zu lesen. Geben Sie sie ihr beim Anbieter; danach wird es von selbst erneut versucht.",
    completion_lead_unavailable:
      "Der Anbieter zeigt diese Leads nicht: gelöscht, fremde Seite oder kein Zugriff. Prüfen Sie den Zugriff der App auf die Leads der Seite.",
    completion_request_wrong:
      "Der Anbieter versteht die Anfrage nicht. Prüfen Sie die Version der Schnittstelle bei der Quelle und melden Sie es dem, der LeadLedger betreut.",
    completion_address_forbidden:
      "Die Adresse der Schnittstelle ist eine interne. Berichtigen Sie sie bei der Quelle.",
    completion_without_token:
      "Die Quelle hat kein Token mehr. Tragen Sie eines ein, oder lassen Sie die Leads zustellen, wie sie sind.",
    completion_source_removed:
      "Die Quelle gibt es nicht mehr. Richten Sie sie wieder ein, oder lassen Sie die Leads zustellen, wie sie sind.",
  },
  en: {
    completion_token_invalid:
      "The token of the source is no longer valid. Connect it again: enter a new token at the source, and all leads that wait come by themselves.",
    completion_not_permitted:
      "The app lacks a permission to read leads. Give it to the app at the vendor; it is tried again by itself afterwards.",
    completion_lead_unavailable:
      "The vendor does not show these leads: deleted, of another page, or no access. Look whether the app may read the page's leads.",
    completion_request_wrong:
      "The vendor does not understand the request. Look at the version of the interface at the source, and tell whoever looks after LeadLedger.",
    completion_address_forbidden:
      "The address of the interface is an internal one. Correct it at the source.",
    completion_without_token:
      "The source has no token any more. Enter one, or have the leads delivered as they are.",
    completion_source_removed:
      "The source does not exist any more. Set it up again, or have the leads delivered as they are.",
  },
};

/** What a person can do about cases of one kind; nothing can be delivered again of what is no lead. */
const decide: Readonly<Record<Language, Readonly<Record<LargestKind | "eachCause", string>>>> = {
  de: {
    delivery:
      "Von selbst geht es hier nicht weiter. Beheben Sie die Ursache, und stellen Sie dann erneut zu.",
    replay: "Von selbst geht es hier nicht weiter. Beheben Sie die Ursache, und stellen Sie dann erneut zu.",
    refused: "Berichtigen Sie die Daten, dann wird ein Lead daraus. Was kein Lead ist, verwerfen Sie.",
    conflict:
      "Der erste Lead gilt. Sehen Sie nach, ob die zweiten Daten ein eigener Lead sind, und markieren Sie den Klärfall danach als erledigt.",
    manual: "Sehen Sie nach, was eingetragen wurde, und markieren Sie es danach als erledigt.",
    eachCause: "Von selbst geht es hier nicht weiter. Bei jeder Ursache steht, was zu tun ist.",
  },
  en: {
    delivery: "Nothing happens here by itself. Remove the cause, then deliver again.",
    replay: "Nothing happens here by itself. Remove the cause, then deliver again.",
    refused: "Correct the data and they become a lead. What is no lead, discard.",
    conflict:
      "The first lead stands. See whether the second data are a lead of their own, then mark the case as settled.",
    manual: "See what was entered, then mark it as settled.",
    eachCause: "Nothing happens here by itself. Each cause says what to do about it.",
  },
};

const de: Sentences = {
  database_went_back: ({ setback_id, since, until, events_max, leads_missing }, format) => ({
    sentence: `Die Datenbank ist zurückgefallen: ${
      since === null ? "Es fehlt alles" : `Es fehlt, was nach ${format.shortTime(since)} kam,`
    } bis ${format.shortTime(until)} (${
      leads_missing === null
        ? `höchstens ${many(events_max ?? 0, "Protokolleintrag", "Protokolleinträge", format)}`
        : many(leads_missing, "bestätigter Lead", "bestätigte Leads", format)
    })`,
    todo: `Eine Sicherung wurde eingespielt, oder ein Ersatzserver ohne die neuesten Daten hat übernommen. Lassen Sie noch einmal senden, was dazwischen kam. Wer LeadLedger betreibt, nimmt es danach zur Kenntnis, hier oder mit leadledger db acknowledge ${setback_id}.`,
    links: [{ href: page.condition, label: "Zustand der Installation ansehen" }],
  }),
  no_node_runs: () => ({
    sentence: "Zahlen und Sammelaktionen stehen still: Kein Server erledigt die Arbeit im Hintergrund",
    todo: "Leads werden weiter angenommen. Wer LeadLedger betreibt, sollte den Dienst neu starten und ins Systemprotokoll sehen.",
    links: [{ href: page.condition, label: "Zustand der Installation ansehen" }],
  }),
  requests_denied: ({ source, is_configured, error_code, count, first_at }, format) => ({
    sentence: `${many(count, "Anfrage", "Anfragen", format)} ${
      source === otherSources ? "unter anderen Namen" : `von „${format.sourceName(source)}“`
    } abgewiesen: ${denialPhrase(error_code, "de")}, seit ${format.shortTime(first_at)}`,
    todo: is_configured
      ? isAboutCredentials(error_code)
        ? "Diese Leads hat noch der Absender. Vergleichen Sie seine Zugangsdaten mit denen der Quelle; danach kann er sie noch einmal senden."
        : "Daraus wurden keine Leads. Bei der Quelle steht, was zu tun ist; danach kann der Absender sie noch einmal senden."
      : "Diese Leads hat noch der Absender. Legen Sie die Quelle an, oder berichtigen Sie ihren Namen beim Absender.",
    links: is_configured
      ? [{ href: page.source(source), label: "Quelle öffnen" }]
      : [{ href: "/sources/new", label: "Quelle anlegen" }],
  }),
  source_secrets_expired: ({ source, since, managed_by }, format) => ({
    sentence: `„${format.sourceName(source)}“ nimmt keine Leads mehr an: Das letzte Geheimnis der Quelle ist abgelaufen, ${format.shortTime(since)}`,
    todo:
      managed_by === "file"
        ? "Wer leadledger.yaml betreut, trägt dort ein neues ein. Geben Sie es dann dem Absender."
        : "Erneuern Sie das Geheimnis der Quelle, und geben Sie es dem Absender.",
    links: [{ href: page.source(source), label: "Quelle öffnen" }],
  }),
  delivered_to_nobody: ({ source, count, since_day }, format) => ({
    sentence: `${many(count, "Lead", "Leads", format)} von „${format.sourceName(source)}“ ${sinceDay(since_day, "de", format)} ohne Ziel: Niemand hat ${count === 1 ? "ihn" : "sie"} bekommen`,
    todo: `${count === 1 ? "Der Lead ist" : "Die Leads sind"} sicher aufbewahrt. Wählen Sie bei der Quelle ein Ziel, und stellen Sie ${
      count === 1 ? "den Lead" : "die Leads"
    } dann noch einmal zu.`,
    links: [
      { href: page.source(source), label: "Ziel wählen" },
      { href: leadsNobodyGot(source, since_day), label: count === 1 ? "Lead ansehen" : "Leads ansehen" },
    ],
  }),
  deliveries_overdue: ({ destination, count, since }, format) => ({
    sentence: `${atLeast("mindestens ", count, format)} ${count === 1 ? "Lead wartet" : "Leads warten"} seit ${format.shortTime(since)} darauf, an „${destination}“ gesendet zu werden`,
    todo: "Die Leads sind sicher aufbewahrt. Prüfen Sie, ob LeadLedger überlastet ist oder ob das Ziel sehr langsam antwortet.",
    links: [{ href: page.destination(destination), label: "Ziel öffnen" }],
  }),
  entries_need_decision: ({ count, largest }, format) => ({
    sentence: `${many(count, "Klärfall braucht", "Klärfälle brauchen", format)} eine Entscheidung${share(
      largest.count,
      count,
      { most: ", die meisten", some: ", darunter" },
    )}: ${causePhrase(shownCause(largest, format), "de")}`,
    todo: largest.count < count ? decide.de.eachCause : ofKnown<string>(decide.de, largest.kind, ""),
    links: [{ href: "/attention", label: count === 1 ? "Klärfall ansehen" : "Klärfälle ansehen" }],
  }),
  destination_failing: ({ destination, error_code, count, next_retry_at }, format) => ({
    sentence: `${many(count, "Zustellung", "Zustellungen", format)} an „${destination}“ ${
      count === 1 ? "wird" : "werden"
    } erneut versucht: ${causePhrase({ kind: "delivery", destination, source: null, error_code }, "de")}`,
    todo: `${
      next_retry_at === null
        ? "Es wird gerade versucht."
        : `Nächster Versuch ${format.shortTime(next_retry_at)}.`
    } Das geschieht von selbst; dauert es an, fragen Sie, wer das Ziel betreut.`,
    links: [
      { href: page.destination(destination), label: "Ziel öffnen" },
      { href: page.entriesOf(destination), label: count === 1 ? "Klärfall ansehen" : "Klärfälle ansehen" },
    ],
  }),
  deliveries_stopped: ({ reason, since }, format) => ({
    sentence: `Alle Zustellungen sind seit ${format.shortTime(since)} angehalten${reason === null ? "" : `: ${reason}`}`,
    todo: "Leads werden weiter angenommen und warten. Setzen Sie die Zustellungen fort, wenn es weitergehen kann.",
    links: [{ href: page.destinations, label: "Ziele öffnen" }],
  }),
  destination_left_alone: ({ destination, error_code, next_probe_at, waiting }, format) => ({
    sentence: needsMending(error_code)
      ? `${causePhrase({ kind: "delivery", destination, source: null, error_code }, "de")}, ${atLeast("mindestens ", waiting, format)} ${waiting === 1 ? "Lead wartet" : "Leads warten"}`
      : `${causePhrase({ kind: "delivery", destination, source: null, error_code }, "de")}: Bis ${format.shortTime(next_probe_at)} wird nichts dorthin gesendet, ${atLeast("mindestens ", waiting, format)} ${waiting === 1 ? "Lead wartet" : "Leads warten"}`,
    todo:
      error_code === "destination_auth"
        ? "Die Zugangsdaten beim Ziel müssen berichtigt werden. Danach wird es sofort versucht, und alle wartenden Leads folgen."
        : needsMending(error_code)
          ? "Das muss jemand in Ordnung bringen: beim Ziel oder in seinen Einstellungen. Danach folgen alle wartenden Leads von selbst."
          : "Danach probiert es ein einzelner Lead, und die anderen folgen von selbst.",
    links: [{ href: page.destination(destination), label: "Ziel öffnen" }],
  }),
  destination_paused: ({ destination, waiting }, format) => ({
    sentence: `„${destination}“ ist angehalten, ${atLeast("mindestens ", waiting, format)} ${waiting === 1 ? "Lead wartet" : "Leads warten"}`,
    todo: "Solange es angehalten ist, wird dorthin nichts gesendet. Setzen Sie das Ziel fort, wenn es wieder bereit ist.",
    links: [{ href: page.destination(destination), label: "Ziel öffnen" }],
  }),
  leads_incomplete: ({ source, error_code, count, since }, format) => ({
    sentence: `„${format.sourceName(source)}“: ${count === 1 ? "Ein Lead wartet" : `${format.count(count)} Leads warten`} seit ${format.shortTime(since)} auf ${count === 1 ? "seine" : "ihre"} Daten`,
    todo:
      missingData.de[error_code ?? ""] ??
      "Was jemand eingetragen hat, lässt sich gerade nicht abholen; es wird von selbst erneut versucht. Verloren ist nichts.",
    links: [{ href: page.source(source), label: "Quelle öffnen" }],
  }),
  source_silent: ({ source, since, missed }, format) => ({
    sentence: `„${format.sourceName(source)}“: Seit ${format.shortTime(since)} kam kein Lead mehr${missed === null ? "" : `, zu erwarten waren etwa ${format.count(Math.round(missed))}`}`,
    todo: "Senden Sie selbst einen Lead über das Formular und fragen Sie, wer es betreibt. Ruht die Quelle mit Absicht, halten Sie sie an.",
    links: [{ href: page.source(source), label: "Quelle öffnen" }],
  }),
  all_sources_silent: ({ since }, format) => ({
    sentence: `Seit ${format.shortTime(since)} kam von keiner Quelle mehr ein Lead`,
    todo: "Vielleicht ist LeadLedger von außen nicht erreichbar: Sehen Sie nach Namen, Zertifikat, Firewall und Reverse Proxy.",
    links: [{ href: page.sources, label: "Quellen ansehen" }],
  }),
  heartbeat_missing: ({ source, due_at, trouble }, format) => ({
    sentence: `„${format.sourceName(source)}“: Der Testlead, der bis ${format.shortTime(due_at)} ankommen sollte, fehlt`,
    todo:
      trouble ??
      "Senden Sie selbst einen Testlead und sehen Sie, wie weit er kommt; Leads von Menschen bleiben vielleicht an derselben Stelle stecken.",
    links: [{ href: page.source(source), label: "Quelle öffnen" }],
  }),
  leads_held_for_decision: ({ source, count, since }, format) => ({
    sentence: `„${format.sourceName(source)}“: ${count === 1 ? "Ein Lead wartet" : `${format.count(count)} Leads warten`} seit ${format.shortTime(since)} darauf, dass jemand ${count === 1 ? "ihn" : "sie"} freigibt oder zurückzieht`,
    todo: "Von diesen Personen kam schon ein Lead, und die Quelle hält weitere zurück. Öffnen Sie die Leads und entscheiden Sie über jeden.",
    links: [{ href: leadsOnTheWay(source), label: "Leads ansehen" }],
  }),
  source_paused: ({ source }, format) => ({
    sentence: `„${format.sourceName(source)}“ ist angehalten und nimmt keine Leads an`,
    todo: "Absender bekommen eine Fehlermeldung; wer es nicht noch einmal versucht, verliert seinen Lead. Setzen Sie die Quelle fort, wenn es weitergehen soll.",
    links: [{ href: page.source(source), label: "Quelle öffnen" }],
  }),
  source_held: ({ source, held, held_since }, format) => ({
    sentence:
      held_since === null
        ? `„${format.sourceName(source)}“ ist angehalten: Neue Leads werden angenommen und zurückgehalten`
        : `„${format.sourceName(source)}“ ist angehalten, ${atLeast("mindestens ", held, format)} ${held === 1 ? "Zustellung wird" : "Zustellungen werden"} seit ${format.shortTime(held_since)} zurückgehalten`,
    todo: "Die Leads sind sicher aufbewahrt. Setzen Sie die Quelle fort, dann werden sie sofort zugestellt.",
    links: [{ href: page.source(source), label: "Quelle öffnen" }],
  }),
  ...installationSentences.de,
  ...slaSentences.de,
};

const en: Sentences = {
  database_went_back: ({ setback_id, since, until, events_max, leads_missing }, format) => ({
    sentence: `The database has gone back: ${
      since === null ? "everything" : `what came after ${format.shortTime(since)}`
    } until ${format.shortTime(until)} is missing (${
      leads_missing === null
        ? `at most ${many(events_max ?? 0, "log entry", "log entries", format)}`
        : many(leads_missing, "confirmed lead", "confirmed leads", format)
    })`,
    todo: `A backup was restored, or a standby took over without the newest data. Have what came in between sent again. Whoever operates LeadLedger then takes note of it, here or with leadledger db acknowledge ${setback_id}.`,
    links: [{ href: page.condition, label: "See how the installation is" }],
  }),
  no_node_runs: () => ({
    sentence: "Figures and bulk actions stand still: no server does the work in the background",
    todo: "Leads are still accepted. Whoever operates LeadLedger should restart the service and look into the system log.",
    links: [{ href: page.condition, label: "See how the installation is" }],
  }),
  requests_denied: ({ source, is_configured, error_code, count, first_at }, format) => ({
    sentence: `${many(count, "request", "requests", format)} ${
      source === otherSources ? "under other names" : `from “${format.sourceName(source)}”`
    } turned away: ${denialPhrase(error_code, "en")}, since ${format.shortTime(first_at)}`,
    todo: is_configured
      ? isAboutCredentials(error_code)
        ? "The sender still has these leads. Compare the sender's credentials with those of the source; then they can be sent again."
        : "They became no leads. The source's page says what to do; then the sender can send them again."
      : "The sender still has these leads. Add the source, or correct its name at the sender.",
    links: is_configured
      ? [{ href: page.source(source), label: "Open the source" }]
      : [{ href: "/sources/new", label: "Add a source" }],
  }),
  source_secrets_expired: ({ source, since, managed_by }, format) => ({
    sentence: `“${format.sourceName(source)}” accepts no leads any more: its last secret expired, ${format.shortTime(since)}`,
    todo:
      managed_by === "file"
        ? "Whoever looks after leadledger.yaml enters a new one there. Then give it to the sender."
        : "Renew the secret of the source, and give it to the sender.",
    links: [{ href: page.source(source), label: "Open the source" }],
  }),
  delivered_to_nobody: ({ source, count, since_day }, format) => ({
    sentence: `${many(count, "lead", "leads", format)} from “${format.sourceName(source)}” ${sinceDay(since_day, "en", format)} without destination: nobody got ${count === 1 ? "it" : "them"}`,
    todo: `${count === 1 ? "It is" : "They are"} kept safe. Choose a destination for the source, then deliver the ${
      count === 1 ? "lead" : "leads"
    } again.`,
    links: [
      { href: page.source(source), label: "Choose a destination" },
      { href: leadsNobodyGot(source, since_day), label: count === 1 ? "See the lead" : "See the leads" },
    ],
  }),
  deliveries_overdue: ({ destination, count, since }, format) => ({
    sentence: `${atLeast("at least ", count, format)} ${count === 1 ? "lead has" : "leads have"} been waiting to be sent to “${destination}” since ${format.shortTime(since)}`,
    todo: "The leads are kept safe. Check whether LeadLedger is overloaded or the destination answers very slowly.",
    links: [{ href: page.destination(destination), label: "Open the destination" }],
  }),
  entries_need_decision: ({ count, largest }, format) => ({
    sentence: `${many(count, "case needs", "cases need", format)} a decision${share(largest.count, count, {
      most: ", most of them",
      some: ", among them",
    })}: ${causePhrase(shownCause(largest, format), "en")}`,
    todo: largest.count < count ? decide.en.eachCause : ofKnown<string>(decide.en, largest.kind, ""),
    links: [{ href: "/attention", label: count === 1 ? "See the case" : "See the cases" }],
  }),
  destination_failing: ({ destination, error_code, count, next_retry_at }, format) => ({
    sentence: `${many(count, "delivery", "deliveries", format)} to “${destination}” ${
      count === 1 ? "is" : "are"
    } being retried: ${causePhrase({ kind: "delivery", destination, source: null, error_code }, "en")}`,
    todo: `${
      next_retry_at === null ? "It is being tried now." : `Next attempt ${format.shortTime(next_retry_at)}.`
    } This happens by itself; if it goes on, ask whoever looks after the destination.`,
    links: [
      { href: page.destination(destination), label: "Open the destination" },
      { href: page.entriesOf(destination), label: count === 1 ? "See the case" : "See the cases" },
    ],
  }),
  deliveries_stopped: ({ reason, since }, format) => ({
    sentence: `All deliveries have been stopped since ${format.shortTime(since)}${reason === null ? "" : `: ${reason}`}`,
    todo: "Leads are still accepted and wait. Let deliveries go on when they can.",
    links: [{ href: page.destinations, label: "Open the destinations" }],
  }),
  destination_left_alone: ({ destination, error_code, next_probe_at, waiting }, format) => ({
    sentence: needsMending(error_code)
      ? `${causePhrase({ kind: "delivery", destination, source: null, error_code }, "en")}, ${atLeast("at least ", waiting, format)} ${waiting === 1 ? "lead is" : "leads are"} waiting`
      : `${causePhrase({ kind: "delivery", destination, source: null, error_code }, "en")}: nothing is sent there until ${format.shortTime(next_probe_at)}, ${atLeast("at least ", waiting, format)} ${waiting === 1 ? "lead is" : "leads are"} waiting`,
    todo:
      error_code === "destination_auth"
        ? "The credentials at the destination need to be corrected. Then it is tried at once, and all leads that wait follow."
        : needsMending(error_code)
          ? "Somebody has to mend that: at the destination, or in its settings. Then all leads that wait follow by themselves."
          : "Then one lead tries, and the others follow by themselves.",
    links: [{ href: page.destination(destination), label: "Open the destination" }],
  }),
  destination_paused: ({ destination, waiting }, format) => ({
    sentence: `“${destination}” is paused, ${atLeast("at least ", waiting, format)} ${waiting === 1 ? "lead is" : "leads are"} waiting`,
    todo: "Nothing is sent there while the pause lasts. Resume it when the destination is ready again.",
    links: [{ href: page.destination(destination), label: "Open the destination" }],
  }),
  leads_incomplete: ({ source, error_code, count, since }, format) => ({
    sentence: `“${format.sourceName(source)}”: ${count === 1 ? "one lead has" : `${format.count(count)} leads have`} been waiting for ${count === 1 ? "its" : "their"} data since ${format.shortTime(since)}`,
    todo:
      missingData.en[error_code ?? ""] ??
      "What the person filled in cannot be fetched at the moment; it is tried again by itself. Nothing is lost.",
    links: [{ href: page.source(source), label: "Open the source" }],
  }),
  source_silent: ({ source, since, missed }, format) => ({
    sentence: `“${format.sourceName(source)}”: no lead has come since ${format.shortTime(since)}${missed === null ? "" : `, about ${format.count(Math.round(missed))} were to be expected`}`,
    todo: "Send a lead through the form yourself, and ask whoever runs it. If the source rests on purpose, pause it.",
    links: [{ href: page.source(source), label: "Open the source" }],
  }),
  all_sources_silent: ({ since }, format) => ({
    sentence: `No lead has come from any source since ${format.shortTime(since)}`,
    todo: "Perhaps LeadLedger cannot be reached from outside: look at name, certificate, firewall and reverse proxy.",
    links: [{ href: page.sources, label: "Show the sources" }],
  }),
  heartbeat_missing: ({ source, due_at, trouble }, format) => ({
    sentence: `“${format.sourceName(source)}”: the test lead that was due by ${format.shortTime(due_at)} is missing`,
    todo:
      trouble ??
      "Send a test lead yourself and see how far it comes; leads of people may be stuck in the same place.",
    links: [{ href: page.source(source), label: "Open the source" }],
  }),
  leads_held_for_decision: ({ source, count, since }, format) => ({
    sentence: `“${format.sourceName(source)}”: ${count === 1 ? "one lead has" : `${format.count(count)} leads have`} been waiting since ${format.shortTime(since)} for somebody to release or withdraw ${count === 1 ? "it" : "them"}`,
    todo: "These people had sent a lead before, and the source holds further ones. Open the leads and decide about each.",
    links: [{ href: leadsOnTheWay(source), label: "Show the leads" }],
  }),
  source_paused: ({ source }, format) => ({
    sentence: `“${format.sourceName(source)}” is paused and accepts no leads`,
    todo: "Senders get an error; whoever does not try again loses the lead. Resume the source when it should go on.",
    links: [{ href: page.source(source), label: "Open the source" }],
  }),
  source_held: ({ source, held, held_since }, format) => ({
    sentence:
      held_since === null
        ? `“${format.sourceName(source)}” is paused: new leads are taken and held`
        : `“${format.sourceName(source)}” is paused, ${atLeast("at least ", held, format)} ${held === 1 ? "delivery has" : "deliveries have"} been held since ${format.shortTime(held_since)}`,
    todo: "The leads are kept safe. Resume the source, and they are delivered at once.",
    links: [{ href: page.source(source), label: "Open the source" }],
  }),
  ...installationSentences.en,
  ...slaSentences.en,
};

export const alarmSentences: Readonly<Record<Language, Sentences>> = { de, en };

/** Then the sender's and ours differ, which only a person can mend. */
export function isAboutCredentials(code: string): boolean {
  return /^(?:credentials|timestamp|signature)_/.test(code);
}

function many(count: number, one: string, other: string, format: SentenceFormat): string {
  return `${format.count(count)} ${count === 1 ? one : other}`;
}

type LargestCause = AlarmOf<"entries_need_decision">["largest"];

function shownCause(largest: LargestCause, { sourceName }: SentenceFormat): LargestCause {
  const { source } = largest;
  return source === null ? largest : { ...largest, source: sourceName(source) };
}

/** What joins the largest part with the whole. */
function share(
  largest: number,
  all: number,
  words: { readonly most: string; readonly some: string },
): string {
  if (largest === all) return "";
  return largest * 2 > all ? words.most : words.some;
}

function atLeast(words: string, count: number, format: SentenceFormat): string {
  return `${count >= countedMax ? words : ""}${format.count(count)}`;
}

/** `heute`, `seit gestern`, or since which day: a page may have been open over midnight. */
function sinceDay(day: string, language: Language, { today, shortDay }: SentenceFormat): string {
  if (day === today()) return language === "de" ? "heute" : "today";
  if (day === addDays(today(), -1)) return language === "de" ? "seit gestern" : "since yesterday";
  return language === "de" ? `seit ${shortDay(day)}` : `since ${shortDay(day)}`;
}
