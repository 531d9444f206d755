// What stands around alerts in messages, in both languages.
import type { AlarmSeverity } from "../domain/figures/alarm.ts";
import type { Language } from "../domain/errors/explained.ts";
import type { NoticeKind } from "../domain/alerts/notices.ts";

export type MessageKind = NoticeKind | "test";

export interface MessageWords {
  readonly prefix: (kind: MessageKind, severity: AlarmSeverity) => string;
  readonly more: (others: number) => string;
  /** Subjects of messages that are about no alert. */
  readonly alone: Readonly<Record<"test" | "confirmation", string>>;
  readonly test: string;
  readonly confirm: (code: string) => string;
  readonly confirmLink: string;
  readonly insteadOf: (recipient: string) => string;
  readonly escalated: string;
  readonly over: string;
  readonly link: string;
  readonly footer: (recipient: string) => string;
  readonly source: string;
  readonly destination: string;
  readonly count: string;
  readonly reason: string;
  readonly since: string;
  readonly until: string;
  readonly code: string;
  readonly leads: string;
  readonly todo: string;
  readonly safe: string;
}

export const messageWords: Readonly<Record<Language, MessageWords>> = {
  en: {
    prefix: (kind, severity) => {
      if (kind === "cleared") return "Over";
      if (kind === "escalated") return "Nobody has acknowledged";
      if (kind === "worsened") return "Now an error";
      return severity === "error" ? "Error" : "Warning";
    },
    more: (others) => ` (and ${others} more)`,
    alone: {
      test: "Test message from LeadLedger",
      confirmation: "LeadLedger: please confirm this recipient",
    },
    test: "This is a test. Alerts of LeadLedger arrive here.",
    confirm: (code) =>
      `LeadLedger is to tell alerts here. Please confirm that this message arrived: follow the link, or enter the code ${code} in LeadLedger under Alerts. If you do not know what this is about, do nothing: nothing else will be sent.`,
    confirmLink: "Confirm this recipient",
    insteadOf: (recipient) => `You are told because “${recipient}” cannot be reached at the moment.`,
    escalated: "You are told because nobody has acknowledged this so far.",
    over: "This is over.",
    link: "Open alerts",
    footer: (recipient) =>
      `Sent by LeadLedger to the recipient “${recipient}”. What is told stands under Alerts.`,
    source: "Source",
    destination: "Destination",
    count: "How many",
    reason: "Why",
    since: "Since",
    until: "Until",
    code: "Code",
    leads: "Leads, for example",
    todo: "What to do",
    safe: "Are the leads safe?",
  },
  de: {
    prefix: (kind, severity) => {
      if (kind === "cleared") return "Vorbei";
      if (kind === "escalated") return "Niemand hat bestätigt";
      if (kind === "worsened") return "Jetzt ein Fehler";
      return severity === "error" ? "Fehler" : "Warnung";
    },
    more: (others) => ` (und ${others} ${others === 1 ? "weiterer" : "weitere"})`,
    alone: {
      test: "Testnachricht von LeadLedger",
      confirmation: "LeadLedger: Bitte diesen Empfänger bestätigen",
    },
    test: "Das ist ein Test. Alarme von LeadLedger kommen hier an.",
    confirm: (code) =>
      `LeadLedger soll hierhin Alarme melden. Bitte bestätigen Sie, dass diese Nachricht angekommen ist: Folgen Sie dem Link, oder geben Sie in LeadLedger unter Alarme den Code ${code} ein. Wenn Sie nicht wissen, worum es geht, tun Sie nichts: Dann kommt nichts weiter.`,
    confirmLink: "Empfänger bestätigen",
    insteadOf: (recipient) => `Sie erfahren davon, weil „${recipient}“ gerade nicht zu erreichen ist.`,
    escalated: "Sie erfahren davon, weil es bisher niemand bestätigt hat.",
    over: "Das ist vorbei.",
    link: "Alarme öffnen",
    footer: (recipient) =>
      `Gesendet von LeadLedger an den Empfänger „${recipient}“. Was gemeldet wird, steht unter Alarme.`,
    source: "Quelle",
    destination: "Ziel",
    count: "Anzahl",
    reason: "Grund",
    since: "Seit",
    until: "Bis",
    code: "Code",
    leads: "Leads, zum Beispiel",
    todo: "Was zu tun ist",
    safe: "Sind die Leads sicher?",
  },
};
