// The rules of the ledger, by the SQLSTATE under which the database refuses what breaks them.
import { explained } from "../domain/errors/explained.ts";
import type { Explained } from "../domain/errors/explained.ts";
import type { LedgerRule } from "../ledger/connection/postgres-error.ts";

export const ledgerRuleTexts = {
  LL001: explained("unchanged", "caller", {
    en: [
      "This change of state is not provided for",
      "A lead or something that needs attention was to get a state that it cannot have now: a lead is not delivered while a delivery is still open, for example.",
      "The message names the rule and what is possible instead.",
    ],
    de: [
      "Dieser Zustandswechsel ist nicht vorgesehen",
      "Ein Lead oder Klärfall sollte einen Stand bekommen, den er jetzt nicht haben kann: Ein Lead ist zum Beispiel nicht zugestellt, solange noch eine Zustellung offen ist.",
      "Die Meldung nennt die Regel und was stattdessen möglich ist.",
    ],
  }),
  LL002: explained("unchanged", "caller", {
    en: [
      "This field never changes",
      "Some things about a lead are fixed for ever, when it came and from where for example. Otherwise the book would prove nothing.",
      "Leave the field as it is. If a lead is wrong, correct its data, or make a new one.",
    ],
    de: [
      "Dieses Feld ändert sich nie",
      "Manches an einem Lead steht für immer fest, zum Beispiel wann und woher er kam. Sonst könnte das Buch nichts belegen.",
      "Lassen Sie das Feld, wie es ist. Ist ein Lead falsch, berichtigen Sie seine Daten oder legen einen neuen an.",
    ],
  }),
  LL003: explained("unchanged", "caller", {
    en: [
      "The ledger keeps every row",
      "Somebody wanted to delete leads, or to change or delete log entries. The book only grows.",
      "Settle or give up what should not go on; nothing has to be deleted for that.",
    ],
    de: [
      "Das Buch behält jede Zeile",
      "Jemand wollte Leads löschen oder Protokolleinträge ändern oder löschen. Das Buch wächst nur.",
      "Erledigen Sie, was nicht weitergehen soll, oder geben Sie es auf; gelöscht werden muss dafür nichts.",
    ],
  }),
  LL004: explained("unchanged", "caller", {
    en: [
      "This time cannot be right",
      "A time lies in the future, before the year 2000, or at no time at all.",
      "Correct the time. Mostly day and month are swapped, or a clock is wrong.",
    ],
    de: [
      "Diese Zeit kann nicht stimmen",
      "Eine Zeit liegt in der Zukunft, vor dem Jahr 2000 oder im Unendlichen.",
      "Berichtigen Sie die Zeit. Meist sind Tag und Monat vertauscht, oder eine Uhr geht falsch.",
    ],
  }),
  LL005: explained("unchanged", "caller", {
    en: [
      "The transaction has the wrong isolation level",
      "A program works on the database with a setting under which it could overlook what others have settled just now.",
      "Use READ COMMITTED, which is PostgreSQL's default.",
    ],
    de: [
      "Die Transaktion hat die falsche Isolationsstufe",
      "Ein Programm arbeitet mit einer Einstellung an der Datenbank, bei der es übersehen könnte, was andere eben erledigt haben.",
      "Verwenden Sie READ COMMITTED, die Voreinstellung von PostgreSQL.",
    ],
  }),
  LL006: explained("unchanged", "caller", {
    en: [
      "LeadLedger counts this day itself",
      "Somebody wanted to enter the figures of a day by hand that LeadLedger counts from the leads.",
      "Change the leads or what needs attention; the figures follow by themselves.",
    ],
    de: [
      "Diesen Tag zählt LeadLedger selbst",
      "Jemand wollte die Zahlen eines Tages von Hand eintragen, den LeadLedger aus den Leads zählt.",
      "Ändern Sie die Leads oder Klärfälle; die Zahlen folgen von selbst.",
    ],
  }),
  LL007: explained("unchanged", "caller", {
    en: [
      "Nothing of one client goes to another",
      "A lead was to go to another client's destination, or a source or a destination to a client where that would follow. Nothing was changed, and nothing was sent.",
      "Send the lead to a destination of its own client. A source that has had leads stays with its client; for another one make another source.",
    ],
    de: [
      "Nichts von einem Kunden geht an einen anderen",
      "Ein Lead sollte an das Ziel eines anderen Kunden gehen, oder eine Quelle oder ein Ziel zu einem Kunden, bei dem das die Folge wäre. Nichts wurde geändert und nichts gesendet.",
      "Stellen Sie den Lead einem Ziel seines eigenen Kunden zu. Eine Quelle, über die schon Leads kamen, bleibt bei ihrem Kunden; für einen anderen legen Sie eine neue an.",
    ],
  }),
} as const satisfies Record<LedgerRule, Explained>;
