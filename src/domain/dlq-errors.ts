// Errors of working on DLQ entries and operations, and of delivering leads once more.
import type { CatalogueEntry } from "./error-catalogue-entry.ts";
import { entry } from "./error-catalogue-entry.ts";

const unchanged = { en: "Nothing was changed.", de: "Es wurde nichts geändert." } as const;

function conflict(en: [title: string, detail: string], de: [title: string, detail: string]): CatalogueEntry {
  return entry(409, [en[0], `${unchanged.en} ${en[1]}`], [de[0], `${unchanged.de} ${de[1]}`]);
}

export const dlqErrors = {
  entry_locked: conflict(
    ["Somebody is changing this at the moment", "Look at it again, and repeat what you wanted to do."],
    [
      "Daran ändert gerade jemand etwas",
      "Sehen Sie es sich noch einmal an und wiederholen Sie, was Sie tun wollten.",
    ],
  ),
  entry_closed: conflict(
    [
      "This entry is closed",
      "Resolved and dead are final. Delivering it again makes a new entry that names this one.",
    ],
    [
      "Dieser Klärfall ist abgeschlossen",
      "Erledigt und aufgegeben sind endgültig. Erneut zustellen legt einen neuen Klärfall an, der diesen nennt.",
    ],
  ),
  entry_being_tried: conflict(
    ["This entry is being tried at this moment", "Wait for the outcome, it takes seconds."],
    ["Dieser Klärfall wird in diesem Augenblick versucht", "Warten Sie das Ergebnis ab, es dauert Sekunden."],
  ),
  entry_refused: conflict(
    [
      "Its payload was refused, so there is nothing to deliver",
      "Edit it, or let the sender send a corrected one under the same key: either makes it a lead and resolves this entry. Or discard it by resolving it.",
    ],
    [
      "Seine Daten wurden abgelehnt, es gibt nichts zuzustellen",
      "Bearbeiten Sie ihn, oder lassen Sie den Absender berichtigte Daten unter demselben Schlüssel schicken: Beides macht daraus einen Lead und erledigt diesen Klärfall. Oder verwerfen Sie ihn, indem Sie ihn erledigen.",
    ],
  ),
  entry_conflicting: conflict(
    [
      "It is a second payload under a key that was used already",
      "The first lead stands, so this one can neither be edited nor delivered. If it is a lead of its own, let the sender send it under a new key; then resolve this entry.",
    ],
    [
      "Er ist ein zweiter Inhalt unter einem schon benutzten Schlüssel",
      "Der erste Lead gilt, deshalb lässt sich dieser weder bearbeiten noch zustellen. Ist es ein eigener Lead, lassen Sie ihn unter einem neuen Schlüssel schicken; dann erledigen Sie diesen Klärfall.",
    ],
  ),
  entry_without_destination: conflict(
    [
      "It was entered without a lead or a destination, so there is nothing to send",
      "Settle it by resolving it.",
    ],
    [
      "Er wurde ohne Lead oder Ziel eingetragen, es gibt also nichts zu senden",
      "Erledigen Sie ihn von Hand.",
    ],
  ),
  entry_without_body: conflict(
    [
      "The lead of this entry has no data that could be sent",
      "It was made by hand, with SQL. Settle the entry by resolving it.",
    ],
    [
      "Der Lead dieses Klärfalls hat keine Daten, die man senden könnte",
      "Er wurde von Hand angelegt, mit SQL. Erledigen Sie den Klärfall von Hand.",
    ],
  ),
  entry_reopened_already: conflict(
    ["This entry was tried again already", "`dlq_id` names the entry that tries it again: work on that one."],
    [
      "Dieser Klärfall wurde schon erneut versucht",
      "`dlq_id` nennt den Klärfall, der ihn erneut versucht: Arbeiten Sie an diesem.",
    ],
  ),
  another_entry_open: conflict(
    ["Another entry of this lead and destination is open already", "That one is tried: work on it instead."],
    [
      "Zu diesem Lead und Ziel ist schon ein anderer Klärfall offen",
      "Der wird versucht: Arbeiten Sie an diesem.",
    ],
  ),
  delivery_under_way: conflict(
    [
      "This lead is on its way to this destination already",
      "Wait for the outcome; if it fails, it becomes an entry by itself.",
    ],
    [
      "Dieser Lead ist schon auf dem Weg zu diesem Ziel",
      "Warten Sie das Ergebnis ab; scheitert es, wird von selbst ein Klärfall daraus.",
    ],
  ),
  entry_given_up: conflict(
    [
      "An entry of this lead for this destination was given up, and keeps it failed",
      "Deliver that entry again: when it arrives, the lead is processed.",
    ],
    [
      "Ein Klärfall dieses Leads zu diesem Ziel wurde aufgegeben und hält ihn auf „gescheitert“",
      "Stellen Sie diesen Klärfall erneut zu: Kommt er an, ist der Lead zugestellt.",
    ],
  ),
  destination_removed: conflict(
    [
      "There is no such destination (any more)",
      "Put it back into the configuration, or settle what waits for it by hand.",
    ],
    [
      "Dieses Ziel gibt es nicht (mehr)",
      "Nehmen Sie es wieder in die Konfiguration auf, oder erledigen Sie von Hand, was darauf wartet.",
    ],
  ),
  destination_is_external: conflict(
    [
      "This destination is external: LeadLedger sends nothing there",
      "Your own worker takes entries up, with SQL.",
    ],
    [
      "Dieses Ziel ist extern: LeadLedger sendet dorthin nichts",
      "Ihr eigener Worker nimmt Einträge auf, mit SQL.",
    ],
  ),
  source_removed: conflict(
    [
      "The source of this payload is not configured any more",
      "So nobody knows where the lead should go. Put the source back, or resolve the entry.",
    ],
    [
      "Die Quelle dieser Daten ist nicht mehr eingerichtet",
      "Deshalb weiß niemand, wohin der Lead gehen soll. Richten Sie die Quelle wieder ein, oder erledigen Sie den Klärfall.",
    ],
  ),
  run_refused: conflict(
    [
      "The payload of this lead was refused and has not been corrected",
      "There is nothing to deliver. Edit its entry, or let the sender send a corrected one.",
    ],
    [
      "Die Daten dieses Leads wurden abgelehnt und nicht berichtigt",
      "Es gibt nichts zuzustellen. Bearbeiten Sie seinen Klärfall, oder lassen Sie den Absender berichtigte Daten schicken.",
    ],
  ),
  entry_changed: entry(
    412,
    [
      "Somebody has changed this entry since you looked at it",
      `${unchanged.en} Look at it again; its ETag is the new one.`,
    ],
    [
      "Jemand hat diesen Klärfall geändert, seit Sie ihn angesehen haben",
      `${unchanged.de} Sehen Sie ihn noch einmal an; sein ETag ist der neue.`,
    ],
  ),
  edit_invalid: entry(
    422,
    [
      "This body cannot be a lead of its source",
      `${unchanged.en} \`reason\` names the place and the rule: the body must be a JSON object, and satisfy the source's schema.`,
    ],
    [
      "Diese Daten können kein Lead ihrer Quelle sein",
      `${unchanged.de} \`reason\` nennt Stelle und Regel: Es muss ein JSON-Objekt sein und das Schema der Quelle erfüllen.`,
    ],
  ),
  not_allowed: conflict(
    ["The ledger does not allow this change in this state", "`reason` names the rule."],
    ["Das Buch lässt diese Änderung in diesem Zustand nicht zu", "`reason` nennt die Regel."],
  ),
  operation_unknown: entry(
    404,
    ["There is no such operation", "GET /api/v1/operations lists them."],
    ["Diese Sammelaktion gibt es nicht", "GET /api/v1/operations zeigt sie."],
  ),
  operation_not_possible: conflict(
    [
      "This operation cannot be paused, resumed or cancelled in its state",
      "`reason` names the state. Done, cancelled and failed are final; order a new one instead.",
    ],
    [
      "Diese Sammelaktion lässt sich in ihrem Zustand nicht anhalten, fortsetzen oder abbrechen",
      "`reason` nennt den Zustand. Fertig, abgebrochen und gescheitert sind endgültig; geben Sie stattdessen eine neue in Auftrag.",
    ],
  ),
} as const satisfies Record<string, CatalogueEntry>;
